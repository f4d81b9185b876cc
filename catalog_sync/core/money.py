"""Money: integer fen inside, yuan with two decimals in every document."""

from __future__ import annotations


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals."""
    return f"{fen // 100}.{fen % 100:02d}"
