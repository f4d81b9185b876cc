"""The state: the durable memory of one shop. `open_state` is the way in."""

from catalog_sync.state.errors import AlreadyBound, EntryNotOpen, StateReadOnly
from catalog_sync.state.opening import open_state, open_to_plan
from catalog_sync.state.store import SqlStore

__all__ = ["AlreadyBound", "EntryNotOpen", "SqlStore", "StateReadOnly", "open_state", "open_to_plan"]
