"""What a system (live goods, Mini Store) gives the emulator: its calls, its part of a world, its switches, its faults.

The emulator is given its systems by its caller and knows none of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from catalog_sync.emulator.faults import Fault, Kind
from catalog_sync.emulator.reading import Json, read_json
from catalog_sync.emulator.settings import Setting, Settings
from catalog_sync.emulator.world import Note, Part, World


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; `origin` is the address that the client used, as `http://127.0.0.1:8700`."""

    method: str
    path: str
    query: Mapping[str, str]
    content_type: str
    body: bytes
    origin: str


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let in: whose world it is about, when, and a fault that bends the answer."""

    request: Request
    world: World
    now: float
    settings: Settings
    fault: Fault | None = None

    def body(self) -> Json:
        """Read the body as a JSON object."""
        return read_json(self.request.body)

    def bent_by(self, kind: str) -> Fault | None:
        """Give the fault of this kind, where there is one on this call."""
        return self.fault if self.fault is not None and self.fault.kind == kind else None


@dataclass(frozen=True, slots=True)
class Route:
    """One call of the platform. `answer` gives the documented success or raises Refusal, in the world's lock."""

    name: str
    method: str
    path: str
    answer: Callable[[Call], Json]
    pool: str
    opened_by_token: bool = True
    """False: the call brings appid and secret itself."""
    refuse_method: Callable[[Settings], tuple[int, str]] | None = None
    """What a wrong method answers; None: 43001 or 43002."""
    refuse_long_token: tuple[int, str] | None = None
    """What a token over 512 characters answers; None: 40014, as any that cannot be one."""


@dataclass(frozen=True, slots=True)
class ControlRoute:
    """One call of the control plane under `/_emulator/`; `do` gets the world, the order, the time."""

    method: str
    name: str
    do: Callable[[World, Json, float], Json]


class System(Protocol):
    """One system of the platform."""

    @property
    def name(self) -> str:
        """Its name, which also marks its rows in the store."""

    @property
    def routes(self) -> Sequence[Route]:
        """Its calls."""

    @property
    def pools(self) -> Mapping[str, int]:
        """Calls a day of each pool that its routes name."""

    @property
    def settings(self) -> Sequence[Setting]:
        """Its switches."""

    @property
    def faults(self) -> Sequence[Kind]:
        """The faults that only its calls know; its routes look for them with `Call.bent_by`."""

    @property
    def control(self) -> Sequence[ControlRoute]:
        """Its own calls of the control plane."""

    def new_part(self, note: Note, settings: Settings) -> Part | None:
        """Make its part of a new world, if it keeps something."""
