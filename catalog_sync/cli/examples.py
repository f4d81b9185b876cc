"""The examples at the end of each command's help. A test runs every one of them."""

from __future__ import annotations


def examples(*lines: str) -> str:
    """An epilog with command lines, each on a line of its own, to be copied."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
