"""The reviewer who decides by itself: who waits for it, and whose time has come."""

from collections import deque

from catalog_sync.emulator.settings import Settings


class ReviewQueue:
    """Submissions in the order of their moments, in unix seconds of the emulator's clock."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._waiting: deque[tuple[float, int]] = deque()

    def submit(self, id_: int, moment: float) -> None:
        """Let something wait for the reviewer."""
        self._waiting.append((moment, id_))

    def restore(self, id_: int, moment: float) -> None:
        """Let something of an earlier run wait on; comes in any order."""
        self._waiting = deque(sorted((*self._waiting, (moment, id_))))

    def due(self, now: float) -> list[tuple[int, float]]:
        """Give those that the automatic reviewer decides now, with the moments of their submissions.

        One that was withdrawn, or submitted again since, may be among them: look at it first.
        """
        if self._settings["verdict"] == "manual":
            return []
        latest = now - self._settings["verdict_after"]
        found: list[tuple[int, float]] = []
        while self._waiting and self._waiting[0][0] <= latest:
            moment, id_ = self._waiting.popleft()
            found.append((id_, moment))
        return found
