"""A state machine: whatever is edited, sent, judged, broken or lost, in whatever order, the promises hold."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM
from catalog_sync.providers.mini_store.emulator import SYSTEM as MINI_STORE
from tests.faults.harness import STORE_PATHS, WRITES, Nursery, shop_on

from .life import DOUBTFUL, IN_REVIEW, SPOILERS, STORE_WRITES, Life
from .person import APPLY

EDITS = ("add", "price", "content", "drop", "bring_back", "as_before", "rename", "forget", "adopt", "policy")
STORE_EDITS = ("add", "price", "stock", "content", "drop", "bring_back", "listing")
KINDS = [f"{spoiler}{when}" for spoiler in SPOILERS for when in ("", "_after")]
_NUMBERS = count(1)
_ground: list[tuple[str, Nursery]] = []
"""The platform's address and the nursery, for all examples; each has an app of its own."""


@pytest.fixture(scope="module", autouse=True)
def ground() -> Iterator[None]:
    """Serve a platform, and start processes from one that has everything imported."""
    with EmulatorServer(create_app([SYSTEM, MINI_STORE])) as platform, closing(Nursery()) as nursery:
        _ground.append((platform.url, nursery))
        yield
        _ground.clear()


class Market(RuleBasedStateMachine):
    """A shop, its catalogue, its platform; the run is in this process, but where it is killed."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        ((url, nursery),) = _ground
        folder = self._stack.enter_context(tempfile.TemporaryDirectory())
        shop = shop_on(url, Path(folder) / "shop", f"wx{next(_NUMBERS):016x}", nursery)
        self.shop = self._stack.enter_context(shop)
        self.life = Life(self.shop, random.Random(0), Counter())

    @initialize(size=st.integers(1, 4), chance=st.randoms(use_true_random=False))
    def begins(self, size: int, chance: random.Random) -> None:
        """The first items."""
        self.life.editor.chance = chance
        for _ in range(size):
            self.life.editor.add()
        self.life.storekeeper.chance = chance
        self.life.storekeeper.opens()

    @rule(kind=st.sampled_from(EDITS), chance=st.randoms(use_true_random=False))
    def edits(self, kind: str, chance: random.Random) -> None:
        """The catalogue changes."""
        self.life.editor.chance = chance
        getattr(self.life.editor, kind)()

    @rule(kind=st.sampled_from(STORE_EDITS), chance=st.randoms(use_true_random=False))
    def edits_a_product(self, kind: str, chance: random.Random) -> None:
        """The catalogue's products change."""
        self.life.storekeeper.chance = chance
        getattr(self.life.storekeeper, kind)()

    @rule()
    def applies(self) -> None:
        """A run that nobody kills."""
        self.life.person.passes()
        self.life.person.recovers()
        self.life.person.orderly(self.shop.command(*APPLY))
        self.life.check()

    @rule(verdict=st.sampled_from(["approve", "reject"]), which=st.integers(0, 3))
    def judges(self, verdict: str, which: int) -> None:
        """The reviewer decides on one item, or on the draft of one product."""
        under_review = [{"goods_id": goods["goods_id"]} for goods in self.shop.world if goods["audit_status"] == 1]
        products = self.life.inspector.products
        under_review += [{"product_id": each["product_id"]} for each in products if each["edit_status"] == IN_REVIEW]
        if under_review:
            self.shop.verdict(verdict, **under_review[which % len(under_review)])

    @rule(call=st.sampled_from([*WRITES, *STORE_WRITES]), kind=st.sampled_from(KINDS), after=st.integers(0, 2))
    def fails(self, call: str, kind: str, after: int) -> None:
        """A call of the next run goes wrong."""
        self.shop.fault(call, kind, after=after)

    @rule(call=st.sampled_from([*WRITES, *STORE_WRITES]), code=st.sampled_from(DOUBTFUL), done=st.booleans())
    def answers_oddly(self, call: str, code: int, done: bool) -> None:
        """A call of the next run gets a code that does not tell."""
        self.shop.fault(call, "errcode_after" if done else "errcode", code=code)

    @rule(
        at=st.sampled_from(["before_begin", "begun", "answered", "finished"]),
        call=st.sampled_from([*WRITES, *STORE_PATHS]),
        passage=st.integers(1, 2),
    )
    def is_killed(self, at: str, call: str, passage: int) -> None:
        """A run that is killed at a boundary of a call, if it comes there."""
        self.life.person.passes()
        self.life.person.recovers()
        kill = {"at": at, "call": call, "passage": passage}
        self.life.person.orderly(self.shop.begin(*APPLY, "--parallelism", "2", kill=kill).wait())
        self.life.check()

    @rule()
    def passes_a_day(self) -> None:
        """The quota is whole again, the token has ended."""
        self.shop.control("clock", advance="25h")

    @rule()
    def decides(self) -> None:
        """A person decides what the program cannot."""
        self.shop.heal()
        self.life.person.passes()
        self.life.person.recovers()
        self.life.person.decides()

    @rule()
    def loses_the_state(self) -> None:
        """The state is gone with its backups, and built up again."""
        self.shop.heal()
        self.life.person.loses_the_state()

    @invariant()
    def nothing_is_there_twice(self) -> None:
        """What the witness checks after each run holds in between, too: only commands change it."""
        assert len(self.shop.goods) == len(self.life.editor.numbers)

    def teardown(self) -> None:
        """In the end everything is as the catalogue wants it."""
        try:
            self.shop.heal()
            self.life.ends()
        finally:
            self._stack.close()


TestMarket = Market.TestCase
TestMarket.settings = settings(
    max_examples=12,
    stateful_step_count=14,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
