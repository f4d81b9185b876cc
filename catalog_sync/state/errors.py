"""What can be wrong with the state, in our words: a database's own text may hold the URL, and is never shown."""

from __future__ import annotations

from catalog_sync.core.errors import StateUnreadable
from catalog_sync.core.model import Address


class StateReadOnly(StateUnreadable):
    """The state can be read but not written."""


class StateBusy(StateUnreadable):
    """Another process keeps the state locked."""


class StateLost(StateUnreadable):
    """There is no connection to the state, or it broke; whether what was being written is stored is not known."""


class StateUnreachable(StateLost):
    """No connection could be had: who asks for another shop on that server waits in vain, too."""


class AlreadyBound(ValueError):
    """A remote id was to be bound to a second address, or twice to one; nothing was written."""

    def __init__(self, remote_id: int, address: Address) -> None:
        super().__init__(f"{address}: id {remote_id} is bound already")
        self.remote_id = remote_id
        self.address = address


class EntryNotOpen(RuntimeError):
    """A journal entry was to be closed that is closed already, or was never opened; nothing was written."""

    def __init__(self, number: int) -> None:
        super().__init__(f"journal entry {number} is not open")
        self.number = number
