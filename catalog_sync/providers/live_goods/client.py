"""The client of live goods: reads that answer for the whole library, and one write call at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from catalog_sync.core.errors import CallError, InDoubt
from catalog_sync.core.model import AuditStatus, Remote, Schema
from catalog_sync.core.policy import Policy
from catalog_sync.core.ports import Answers, Clock, Listing, PoolCount, Receipt, Request, Sought
from catalog_sync.core.quota import Pool
from catalog_sync.core.sentence import Sentence, Sentences
from catalog_sync.providers.live_goods.codes import explain
from catalog_sync.providers.live_goods.policy import LiveGoodsPolicy
from catalog_sync.providers.live_goods.pools import POOLS
from catalog_sync.providers.live_goods.schema import SCHEMA
from catalog_sync.providers.live_goods.wire import (
    PAGE,
    STATUSES,
    Page,
    body_of,
    read_items,
    read_page,
)
from catalog_sync.wechat import media, quota
from catalog_sync.wechat.calls import Calls, Counted, Tally
from catalog_sync.wechat.http import Door
from catalog_sync.wechat.json_text import plain
from catalog_sync.wechat.looks import counting, ended, ends_the_look, understood, was_answered, workers
from catalog_sync.wechat.reading import read_id
from catalog_sync.wechat.retry import Schedule
from catalog_sync.wechat.token import TokenSource

# Paths and methods: every page and SDK agrees, but for one SDK's status path and several that POST the list, which the
# platform answers with -1 (STAFF 2020-08: "must be GET"). Checked 2026-11-21.
LIST_PATH = "/wxaapi/broadcast/goods/getapproved"
STATUS_PATH = "/wxa/business/getgoodswarehouse"
WRITE_PATHS: Mapping[str, str] = {
    "add": "/wxaapi/broadcast/goods/add",
    "withdraw": "/wxaapi/broadcast/goods/resetaudit",
    "audit": "/wxaapi/broadcast/goods/audit",
    "update": "/wxaapi/broadcast/goods/update",
    "delete": "/wxaapi/broadcast/goods/delete",
}
POOL_PATHS: Mapping[str, tuple[str, ...]] = {
    "submit": (WRITE_PATHS["add"], WRITE_PATHS["audit"]),
    "withdraw": (WRITE_PATHS["withdraw"],),
    "update": (WRITE_PATHS["update"],),
    "delete": (WRITE_PATHS["delete"],),
    "upload": (media.PATH,),
    "status": (STATUS_PATH,),
    "list": (LIST_PATH,),
}

IDS_A_CALL = 20
"""S0a: "up to 20 product status at a time"."""
READ_AGAIN = 2
"""How often an unstable listing, and a page with too few items, is read again."""
SHORT_PAUSE = 0.5
"""Seconds before a page with too few items is read again; twice as long the next time."""


class LiveGoodsClient:
    """`core.ports.Provider` for Mini Program live goods."""

    def __init__(self, door: Door, tokens: TokenSource, clock: Clock, schedule: Schedule | None = None) -> None:
        self._calls = Calls(door, tokens, clock, explain, schedule)
        self._policy = LiveGoodsPolicy()

    @property
    def schema(self) -> Schema:
        """The fields of live goods."""
        return SCHEMA

    @property
    def policy(self) -> Policy:
        """The routes of live goods."""
        return self._policy

    @property
    def pools(self) -> Mapping[str, Pool]:
        """The pools of calls and the platform's limits."""
        return POOLS

    def fetch(self, _sought: Sought, *, parallelism: int, progress: Callable[[int, int], None]) -> Listing:
        """List all goods, status by status; read again, twice at most, while the listing is unstable.

        A status that cannot be read makes the listing `unread`, and so does an item without an id or with an unreadable
        field (which is then listed with no status, so that nothing is done to it). Raises as `Provider` says when the
        first page shows that nothing can be read, or when the account is refused or the pool is empty.
        """
        tally = Tally()
        with counting(tally), workers(parallelism, "live-goods") as side_by_side:
            for _ in range(1 + READ_AGAIN):
                look = _Look(self._calls, side_by_side, tally.of("list"), progress)
                look.run()
                if look.stable:
                    break
        return look.listing(tally.sent())

    def look_up(self, ids: Sequence[int], *, parallelism: int) -> Answers:
        """Ask for goods by id, 20 a call. What the platform does not know is simply not answered (OBS), and `total` is
        no guide (its own sample says 0 beside an item). Raises when any of the calls fails for good."""
        tally = Tally()
        wanted = sorted(set(ids))
        slices = [wanted[start : start + IDS_A_CALL] for start in range(0, len(wanted), IDS_A_CALL)]
        with counting(tally), workers(parallelism, "live-goods") as side_by_side:
            asked = [side_by_side.submit(self._ask_for, each, tally.of("status")) for each in slices]
            found = {remote.remote_id: remote for each in asked for remote in each.result()}
        return Answers(found, tally.sent())

    def find(self, _key: str) -> None:
        """Nothing: live goods carry no keys of ours."""

    def perform(self, request: Request) -> Receipt:
        """Make one write call (`upload`, `add`, `withdraw`, `audit`, `update`, `delete`): sent once, whatever comes."""
        if request.call == "upload":
            return media.upload(self._calls, request.picture, request.picture_type)
        answer = self._calls.write(request.call, WRITE_PATHS[request.call], body_of(request))
        remote_id, audit_id = read_id(answer.body.get("goodsId")), read_id(answer.body.get("auditId"))
        if request.call == "add" and remote_id is None:
            raise InDoubt("add", "the platform's answer holds no goods id", hint="the goods may exist all the same")
        told = {name: plain(value) for name, value in answer.body.items()}
        return Receipt(remote_id=remote_id or request.remote_id, audit_id=audit_id, answer=told)

    def probe(self) -> Mapping[str, CallError | None]:
        """Ask each reading interface once: the list for one item, the status of an id that is nobody's."""
        return {
            "list": ended(lambda: self._calls.get("list", LIST_PATH, {"offset": "0", "limit": "1", "status": "0"})),
            "status": ended(lambda: self._calls.ask("status", STATUS_PATH, {"goods_ids": [1]})),
        }

    def renew(self) -> None:
        """Drop the token that was refused last; the next call fetches a new one."""
        self._calls.renew()

    def counts(self) -> Mapping[str, PoolCount]:
        """The platform's own count by pool; what it does not tell is left out. Raises Refused for the account only."""
        return quota.pool_counts(self._calls, POOL_PATHS)

    def platform_now(self) -> float:
        """The platform's clock."""
        return self._calls.platform_now()

    def _ask_for(self, ids: Sequence[int], counted: Counted) -> list[Remote]:
        answer = self._calls.ask("status", STATUS_PATH, {"goods_ids": list(ids)}, counted)
        # An item without an id might be any of those asked for: none of them may be taken for absent.
        readings = understood("status", lambda: read_items(answer.body))
        return [each.remote for each in readings if each.remote.remote_id in ids]


@dataclass(slots=True)
class _Look:
    """One pass over the four statuses, in the order in which goods move: what is reviewed meanwhile is seen twice,
    never missed."""

    calls: Calls
    workers: ThreadPoolExecutor
    counted: Counted
    progress: Callable[[int, int], None]
    remotes: dict[int, Remote] = field(default_factory=dict)
    expected: int = 0
    answered: bool = False
    unread: bool = False
    short: bool = False
    stable: bool = True
    reasons: list[str] = field(default_factory=list)

    def run(self) -> None:
        for number, status in STATUSES.items():
            first = self._attempt(status, partial(self._page, number, 0))
            if first is not None:
                self._read_on(number, status, first)

    def listing(self, reads: Mapping[str, int]) -> Listing:
        reason = Sentences([*dict.fromkeys(self.reasons)]) or None
        return Listing(self.remotes, self.unread, self.short, self.stable, reason, reads)

    def _read_on(self, number: int, status: AuditStatus, first: Page) -> None:
        self.expected += first.total
        self._take(first, status, first.total)
        pages: list[Future[Page]] = [
            self.workers.submit(self._page, number, offset) for offset in range(PAGE, first.total, PAGE)
        ]
        for each in pages:
            page = self._attempt(status, each.result)
            if page is not None:
                self._take(page, status, first.total)

    def _attempt(self, status: AuditStatus, read: Callable[[], Page]) -> Page | None:
        try:
            page = read()
        except CallError as error:
            failed = error
        else:
            self.answered = True
            return page
        if ends_the_look(failed, answered=self.answered):
            raise failed
        self.answered = self.answered or was_answered(failed)
        self._doubt("goods in status {status} could not be read: {reason}", status, failed.reason)
        return None

    def _page(self, number: int, offset: int) -> Page:
        """One page; read again when it has fewer items than the platform counts (OBS: `total` 1 and no goods)."""
        page = self._list(number, offset)
        for attempt in range(READ_AGAIN):
            if page.missing <= 0:
                break
            self.calls.pause(SHORT_PAUSE * 2**attempt)
            page = self._list(number, offset)
        return page

    def _list(self, number: int, offset: int) -> Page:
        query = {"offset": str(offset), "limit": str(PAGE), "status": str(number)}
        answer = self.calls.get("list", LIST_PATH, query, self.counted)
        return understood("list", lambda: read_page(answer.body, STATUSES[number], offset))

    def _take(self, page: Page, status: AuditStatus, total: int) -> None:
        if page.flaw is not None:
            self._doubt("goods in status {status} could not be read whole: {reason}", status, page.flaw)
        if page.total != total:
            told = "the number of goods in status {status} went from {before} to {after} meanwhile"
            self._unsettle(Sentence(told, status=status.value, before=total, after=page.total))
        elif page.missing > 0:
            self.short = True
            told = "the platform counts {total} goods in status {status} and shows fewer"
            self.reasons.append(Sentence(told, total=total, status=status.value))
        elif page.missing < 0:
            self._doubt("goods in status {status} make no sense: counted {reason}, shown more", status, str(total))
        for reading in page.readings:
            self._add(reading.remote)
        self.progress(len(self.remotes), max(self.expected, len(self.remotes)))

    def _add(self, remote: Remote) -> None:
        if remote.remote_id in self.remotes:
            self._unsettle(Sentence("goods {id} are listed twice", id=remote.remote_id))
        self.remotes[remote.remote_id] = remote

    def _unsettle(self, reason: str) -> None:
        self.stable = False
        self.reasons.append(reason)

    def _doubt(self, template: str, status: AuditStatus, reason: str) -> None:
        self.unread = True
        self.reasons.append(Sentence(template, status=status.value, reason=reason))
