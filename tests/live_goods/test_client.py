"""The client of live goods, against the emulator and, for what that does not do, against a list made by hand."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from PIL import Image

from catalog_sync.core.errors import CallError, Effect, InDoubt, NotSent, Refused
from catalog_sync.core.model import AuditStatus, Value, Verb
from catalog_sync.core.ports import Listing, PoolCount, Provider, Receipt, Request, Sought
from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.client import LIST_PATH, STATUS_PATH, WRITE_PATHS, LiveGoodsClient
from catalog_sync.providers.live_goods.emulator import SYSTEM
from catalog_sync.providers.live_goods.pools import POOLS
from catalog_sync.providers.live_goods.schema import SCHEMA, GoodsValues
from catalog_sync.wechat.http import Door
from catalog_sync.wechat.token import ReadyToken, SecretToken

APP = "wx0123456789abcdef"
SECRET = "s3cret-0123456789"
CUP = GoodsValues("TIT茶杯一", "", "pages/index/index?id=51", "", 1, 9950, None)


class SkippingClock:
    """Our own clock, but a sleep only moves it on."""

    def __init__(self) -> None:
        self.skipped = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return time.time() + self.skipped

    def monotonic(self) -> float:
        return time.monotonic() + self.skipped

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.skipped += seconds


class Platform:
    """The emulator, a client of one of its apps, and the control plane."""

    def __init__(self, url: str, read_seconds: float = 20.0) -> None:
        self.url = url
        self.clock = SkippingClock()
        self.door = Door(url, self.clock, read_seconds=read_seconds)
        self.client = LiveGoodsClient(self.door, SecretToken(self.door, APP, SECRET, self.clock), self.clock)

    def order(self, name: str, /, **order: Any) -> Any:
        answer = requests.post(f"{self.url}/_emulator/{name}", json={"appid": APP, **order}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, path: str, kind: str, **takes: Any) -> None:
        fault = {"path": path, "kind": kind, **takes}
        answer = requests.post(f"{self.url}/_emulator/faults", json={"faults": [fault]}, timeout=10)
        assert answer.status_code == 200, answer.text

    def settings(self, **changed: Any) -> None:
        assert requests.post(f"{self.url}/_emulator/settings", json=changed, timeout=10).status_code == 200

    def calls(self, call: str) -> list[Mapping[str, Any]]:
        path = {"list": LIST_PATH, "status": STATUS_PATH, "token": "/cgi-bin/stable_token", **WRITE_PATHS}[call]
        told = requests.get(f"{self.url}/_emulator/calls", params={"appid": APP, "path": path}, timeout=10).json()
        calls: list[Mapping[str, Any]] = told["calls"]
        return calls

    def stock(self, count: int, status: int = 2) -> list[int]:
        ids: list[int] = self.order("goods", count=count, audit_status=status)["goods_ids"]
        return ids

    def fetch(self, parallelism: int = 4) -> Listing:
        return self.client.fetch(Sought(), parallelism=parallelism, progress=lambda _seen, _expected: None)

    def upload(self) -> Receipt:
        return self.client.perform(Request("upload", Verb.UPLOAD, picture=PICTURE, picture_type="png"))

    def add(self, **changed: Value) -> Receipt:
        picture = self.upload().picture
        assert picture is not None
        fields = {**SCHEMA.named(CUP), "cover": picture.ref, **changed}
        return self.client.perform(Request("add", Verb.CREATE, fields=fields))


def png() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (30, 30), 0x336699).save(buffer, "PNG")
    return buffer.getvalue()


PICTURE = png()


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorServer]:
    with EmulatorServer(create_app([SYSTEM])) as server:
        yield server


@pytest.fixture
def platform(emulator: EmulatorServer) -> Iterator[Platform]:
    assert requests.post(f"{emulator.url}/_emulator/reset", timeout=10).status_code == 200
    made = Platform(emulator.url)
    with made.door:
        yield made


def ended(platform: Platform, request: Request) -> CallError:
    with pytest.raises(CallError) as caught:
        platform.client.perform(request)
    return caught.value


# ---- one item's life


def test_it_is_a_provider(platform: Platform) -> None:
    provider: Provider = platform.client
    assert (provider.schema, provider.pools) == (SCHEMA, POOLS)
    limits = {"submit": 500, "withdraw": 500, "update": 1000, "delete": 1000}
    reads = {"upload": 5000, "status": 1000, "list": 10000}
    assert {name: pool.limit for name, pool in provider.pools.items()} == limits | reads


def test_an_item_is_added_withdrawn_changed_submitted_and_deleted(platform: Platform) -> None:
    client = platform.client
    added = platform.add()
    assert added.remote_id is not None
    assert added.audit_id is not None
    assert added.audit_id > 2**31
    assert added.answer == {"goodsId": added.remote_id, "auditId": added.audit_id, "errcode": 0}

    goods_id = added.remote_id
    withdrawn = client.perform(Request("withdraw", Verb.WITHDRAW, goods_id, added.audit_id))
    assert (withdrawn.remote_id, withdrawn.audit_id) == (goods_id, None)
    client.perform(
        Request("update", Verb.UPDATE, goods_id, fields={"name": "茶杯改", "price": 1, "thirdPartyAppid": ""})
    )
    submitted = client.perform(Request("audit", Verb.SUBMIT, goods_id))
    assert submitted.audit_id not in (None, added.audit_id)
    platform.order("verdict", goods_id=goods_id, verdict="reject")

    remote = platform.fetch().remotes[goods_id]
    assert (remote.status, remote.ours) == (AuditStatus.REJECTED, True)
    assert remote.values[:1] + remote.values[2:] == ("茶杯改", "pages/index/index?id=51", "", 1, 1, None)

    client.perform(Request("delete", Verb.DELETE, goods_id))
    assert platform.fetch().remotes == {}


def test_a_write_is_one_call_of_its_path(platform: Platform) -> None:
    platform.add(priceType=3, price=19900, price2=15050)
    (call,) = platform.calls("add")
    sent = call["body"]["goodsInfo"]
    assert {**sent, "coverImgUrl": ""} == {
        "name": "TIT茶杯一",
        "coverImgUrl": "",
        "url": "pages/index/index?id=51",
        "thirdPartyAppid": "",
        "priceType": 3,
        "price": 199.00,
        "price2": 150.50,
    }


@pytest.mark.parametrize(
    ("fields", "errcode", "effect"),
    [
        ({"name": "茶" * 15}, 300002, Effect.CONTENT),
        ({"priceType": 3, "price": 100, "price2": 101}, 300003, Effect.CONTENT),
        ({"cover": "no-such-media"}, 300006, Effect.PICTURE),
    ],
)
def test_a_refused_add_says_why(platform: Platform, fields: dict[str, Value], errcode: int, effect: Effect) -> None:
    with pytest.raises(Refused) as caught:
        platform.add(**fields)
    assert (caught.value.call, caught.value.errcode, caught.value.effect) == ("add", errcode, effect)


def test_what_does_not_exist_is_gone_for_a_delete_alone(platform: Platform) -> None:
    for request, effect in (
        (Request("delete", Verb.DELETE, 4711), Effect.GONE),
        (Request("update", Verb.UPDATE, 4711, fields={"price": 1, "priceType": 1}), Effect.LOOK),
        (Request("audit", Verb.SUBMIT, 4711), Effect.LOOK),
    ):
        error = ended(platform, request)
        assert isinstance(error, Refused)
        assert (error.errcode, error.effect) == (300015, effect)


def test_console_goods_are_not_ours(platform: Platform) -> None:
    platform.order("console_goods", name="后台商品", price=12, priceType=1, url="pages/a", coverImgUrl="http://x/0")
    (remote,) = platform.fetch().remotes.values()
    assert (remote.ours, remote.values[5]) == (False, 1200)
    error = ended(platform, Request("delete", Verb.DELETE, remote.remote_id))
    assert isinstance(error, Refused)
    assert error.effect is Effect.FOREIGN


@pytest.mark.parametrize(
    "kind", ["drop", "drop_after", "busy", "busy_after", "http_503", "garbage_after", "half_body_after"]
)
def test_a_write_whose_answer_is_no_answer_is_in_doubt_and_sent_once(platform: Platform, kind: str) -> None:
    platform.fault("add", kind)
    with pytest.raises(InDoubt) as caught:
        platform.add()
    assert caught.value.errcode == (-1 if kind.startswith("busy") else None)
    assert len(platform.calls("add")) == 1
    assert platform.clock.slept == []
    assert len(platform.fetch().remotes) == (1 if kind.endswith("_after") else 0)


def test_an_answer_that_comes_too_late_is_in_doubt(platform: Platform) -> None:
    hasty = Platform(platform.url, read_seconds=1.0)
    platform.fault("add", "slow_after", seconds=10)
    with hasty.door, pytest.raises(InDoubt, match="add: no answer came in time"):
        hasty.add()


def test_an_item_that_was_added_but_not_submitted_is_in_doubt(platform: Platform) -> None:
    platform.fault("add", "add_300021")
    with pytest.raises(InDoubt) as caught:
        platform.add()
    assert caught.value.errcode == 300021
    assert [each.status for each in platform.fetch().remotes.values()] == [AuditStatus.UNAUDITED]


def test_a_write_with_a_dead_token_is_refused_until_it_is_renewed(platform: Platform) -> None:
    platform.fault("add", "stale_token")
    with pytest.raises(Refused) as caught:
        platform.add()
    assert caught.value.effect is Effect.TOKEN
    platform.client.renew()
    assert platform.add().remote_id is not None
    assert len(platform.calls("token")) == 2


@pytest.mark.parametrize(("kind", "effect"), [("quota", Effect.POOL), ("minute_limit", Effect.MINUTE)])
def test_a_limit_is_told(platform: Platform, kind: str, effect: Effect) -> None:
    platform.fault("add", kind)
    with pytest.raises(Refused) as caught:
        platform.add()
    assert caught.value.effect is effect


def test_a_platform_out_of_reach_is_not_sent(emulator: EmulatorServer) -> None:
    clock = SkippingClock()
    with Door("https://no-such-host.invalid", clock) as door:
        client = LiveGoodsClient(door, ReadyToken("t0ken"), clock)
        with pytest.raises(NotSent):
            client.perform(Request("delete", Verb.DELETE, 51))
        with pytest.raises(NotSent):
            client.fetch(Sought(), parallelism=1, progress=lambda *_: None)


def test_counts_are_the_platforms(platform: Platform) -> None:
    added = platform.add()
    platform.client.perform(Request("withdraw", Verb.WITHDRAW, added.remote_id, added.audit_id))
    platform.fetch()
    counts = platform.client.counts()
    assert counts["withdraw"] == PoolCount(1, 500)
    assert counts["list"] == PoolCount(4, 10000)
    assert set(counts) == set(POOLS)


def test_the_platforms_clock_is_told(platform: Platform) -> None:
    platform.order("clock", advance="25h")
    platform.fetch()
    assert platform.client.platform_now() == pytest.approx(time.time() + 25 * 3600, abs=10)
    picture = platform.upload().picture
    assert picture is not None
    assert picture.expires_at == pytest.approx(time.time() + (25 + 71) * 3600, abs=10)


# ---- the whole library


@pytest.mark.parametrize(
    ("counts", "calls"),
    [((0, 0, 0, 0), 4), ((1, 1, 1, 1), 4), ((100, 0, 0, 0), 4), ((0, 101, 0, 0), 5), ((0, 0, 950, 3), 13)],
)
@pytest.mark.parametrize("parallelism", [1, 4])
def test_a_listing_takes_the_fewest_calls(
    platform: Platform, counts: tuple[int, ...], calls: int, parallelism: int
) -> None:
    ids = {each for status, count in enumerate(counts) if count for each in platform.stock(count, status)}
    listing = platform.fetch(parallelism)
    assert set(listing.remotes) == ids
    assert (listing.unread, listing.short, listing.stable, listing.reason) == (False, False, True, None)
    assert listing.reads == {"list": calls}
    asked = [each["query"] for each in platform.calls("list")]
    assert len(asked) == calls
    assert [each["status"] for each in asked] == sorted(each["status"] for each in asked)


def test_each_status_is_told(platform: Platform) -> None:
    ids = {status: platform.stock(2, status) for status in range(4)}
    remotes = platform.fetch().remotes
    for status, expected in enumerate(
        (AuditStatus.UNAUDITED, AuditStatus.IN_AUDIT, AuditStatus.APPROVED, AuditStatus.REJECTED)
    ):
        assert {remotes[each].status for each in ids[status]} == {expected}


def test_progress_is_told_in_items(platform: Platform) -> None:
    platform.stock(250)
    seen: list[tuple[int, int]] = []
    platform.client.fetch(Sought(), parallelism=4, progress=lambda *each: seen.append(each))
    assert seen == [(0, 0), (0, 0), (100, 250), (200, 250), (250, 250), (250, 250)]


@pytest.mark.parametrize(
    "changed",
    [
        {"ids_on_read": "string", "price_type_on_read": "string"},
        {"list_tag_name": "third_party_tag", "status_price_type_name": "priceType"},
        {"price2_of_one_price": "empty", "third_party_appid_on_read": "when_set"},
        {"price2_of_one_price": "null", "status_total": "zero"},
        {"price2_of_one_price": "absent", "list_order": "oldest_first"},
    ],
)
def test_every_way_of_writing_is_read(platform: Platform, changed: dict[str, Any]) -> None:
    (first,) = platform.stock(1)
    plain = platform.fetch().remotes[first]
    platform.settings(**changed)
    assert platform.fetch().remotes == {first: plain}
    assert platform.client.look_up([first], parallelism=1).remotes == {first: plain}


@pytest.mark.parametrize("kind", ["drop", "busy", "http_503", "http_404", "garbage", "list_3001", "half_body"])
def test_a_list_that_fails_for_a_while_is_read(platform: Platform, kind: str) -> None:
    ids = platform.stock(3)
    platform.fault("list", kind, times=3)
    listing = platform.fetch()
    assert (set(listing.remotes), listing.unread, listing.reads) == (set(ids), False, {"list": 7})


def test_a_status_that_cannot_be_read_is_unread(platform: Platform) -> None:
    ids = platform.stock(3)
    platform.stock(3, 3)
    platform.fault("list", "list_3001", after=3, times=50)
    listing = platform.fetch()
    assert (set(listing.remotes), listing.unread, listing.short, listing.stable) == (set(ids), True, False, True)
    assert listing.reason == "goods in status rejected could not be read: the platform is busy (errcode 3001)"


def test_a_page_that_cannot_be_read_leaves_the_others(platform: Platform) -> None:
    platform.stock(300)
    platform.fault("list", "list_3001", after=3, times=5)
    listing = platform.fetch(1)
    assert (len(listing.remotes), listing.unread, listing.stable) == (200, True, True)


@pytest.mark.parametrize("kind", ["drop", "http_503", "garbage"])
def test_a_platform_that_makes_no_sense_is_raised_by_the_first_page(platform: Platform, kind: str) -> None:
    platform.fault("list", kind, times=50)
    with pytest.raises(InDoubt):
        platform.fetch()
    assert len(platform.calls("list")) == 5


def test_a_listing_of_nothing_but_errors_is_unread(platform: Platform) -> None:
    platform.fault("list", "list_3001", times=50)
    listing = platform.fetch()
    assert (listing.remotes, listing.unread, listing.reads) == ({}, True, {"list": 20})


def test_a_page_that_is_short_for_a_while_is_read(platform: Platform) -> None:
    ids = platform.stock(150)
    platform.fault("list", "short_page", rows=0, after=2)
    platform.fault("list", "lost_row", row=7, after=4)
    listing = platform.fetch()
    assert (set(listing.remotes), listing.short, listing.reads) == (set(ids), False, {"list": 7})


def test_a_page_that_is_short_for_good_is_told(platform: Platform) -> None:
    platform.stock(5)
    platform.fault("list", "lost_row", row=2, times=50)
    listing = platform.fetch()
    assert (len(listing.remotes), listing.short, listing.unread, listing.stable) == (4, True, False, True)
    assert listing.reason == "the platform counts 5 goods in status approved and shows fewer"
    assert listing.reads == {"list": 6}


def test_a_listing_that_changes_is_read_again(platform: Platform) -> None:
    ids = platform.stock(250)
    platform.fault("list", "shifting_list", by=-1, total_moves=True, after=3)
    listing = platform.fetch(1)
    assert (set(listing.remotes), listing.stable, listing.reason) == (set(ids), True, None)
    assert listing.reads == {"list": 12}


def test_a_listing_that_always_changes_is_unstable(platform: Platform) -> None:
    platform.stock(250)
    platform.fault("list", "shifting_list", by=-1, total_moves=False, after=3)
    platform.fault("list", "shifting_list", by=-1, total_moves=False, after=9)
    platform.fault("list", "shifting_list", by=-1, total_moves=False, after=15)
    listing = platform.fetch(1)
    assert (listing.stable, listing.unread, listing.reads) == (False, False, {"list": 18})
    assert listing.reason is not None
    assert listing.reason.endswith("are listed twice")


@pytest.mark.parametrize(
    ("errcode", "effect"),
    [(48001, Effect.ACCOUNT), (45009, Effect.POOL), (1400007, Effect.OFFLINE), (61007, Effect.ACCOUNT)],
)
@pytest.mark.parametrize("after", [0, 3, 5])
def test_what_concerns_every_read_is_raised(platform: Platform, errcode: int, effect: Effect, after: int) -> None:
    platform.stock(450)
    platform.fault("list", "errcode", code=errcode, times=50, after=after)
    with pytest.raises(Refused) as caught:
        platform.fetch(2)
    assert (caught.value.errcode, caught.value.effect) == (errcode, effect)


def test_a_dead_token_is_renewed_once_in_a_read(platform: Platform) -> None:
    platform.stock(250)
    platform.fetch()
    platform.fault("list", "stale_token", after=4)
    assert len(platform.fetch().remotes) == 250
    assert len(platform.calls("token")) == 2


def test_a_refused_secret_is_the_account(platform: Platform) -> None:
    platform.fault("/cgi-bin/stable_token", "errcode", code=40164, errmsg="invalid ip 203.0.113.7, not in whitelist")
    with pytest.raises(Refused) as caught:
        platform.fetch()
    assert caught.value.effect is Effect.ACCOUNT
    assert caught.value.hint == "allow-list this address: 203.0.113.7, in the mini program console"


def test_single_items_are_asked_for_twenty_at_a_time(platform: Platform) -> None:
    ids = platform.stock(45)
    answers = platform.client.look_up([*ids, *ids, 4711], parallelism=4)
    assert (set(answers.remotes), answers.reads) == (set(ids), {"status": 3})
    assert sorted(len(each["body"]["goods_ids"]) for each in platform.calls("status")) == [6, 20, 20]
    assert answers.remotes == platform.fetch().remotes


def test_no_ids_are_no_call(platform: Platform) -> None:
    answers = platform.client.look_up([], parallelism=4)
    assert (answers.remotes, answers.reads) == ({}, {})


def test_an_item_that_is_not_answered_is_not_there(platform: Platform) -> None:
    first, second = platform.stock(2)
    platform.fault("status", "status_omits", goods_id=first)
    assert set(platform.client.look_up([first, second], parallelism=1).remotes) == {second}


def test_a_look_that_fails_for_good_is_raised(platform: Platform) -> None:
    platform.fault("status", "busy", times=50)
    with pytest.raises(InDoubt) as caught:
        platform.client.look_up([51], parallelism=1)
    assert caught.value.errcode == -1


# ---- a list made by hand


Told = Callable[[str, int, int], Any]
"""What a call is answered: by path, by the status and the offset of a list."""


@pytest.fixture
def by_hand() -> Iterator[Callable[[Told], LiveGoodsClient]]:
    servers: list[ThreadingHTTPServer] = []

    def serve(told: Told) -> LiveGoodsClient:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                where = urlsplit(self.path)
                query = parse_qs(where.query)
                self._tell(told(where.path, int(query["status"][0]), int(query["offset"][0])))

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self._tell(told(urlsplit(self.path).path, -1, -1))

            def _tell(self, answer: Any) -> None:
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        clock = SkippingClock()
        return LiveGoodsClient(Door(f"http://127.0.0.1:{server.server_port}", clock), ReadyToken("t0ken"), clock)

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def goods(number: int, **changed: Any) -> dict[str, Any]:
    item = {"goodsId": number, "coverImgUrl": "http://x/0", "name": f"商品{number}", "url": f"pages/a?id={number}"}
    return {**item, "priceType": 1, "price": 9.9, "price2": 0, "thirdPartyTag": 2, **changed}


def listed(by_hand: Callable[[Told], LiveGoodsClient], told: Told) -> Listing:
    return by_hand(told).fetch(Sought(), parallelism=2, progress=lambda *_: None)


def page(*items: Any, total: object = None) -> dict[str, Any]:
    return {"errcode": 0, "total": len(items) if total is None else total, "goods": list(items)}


def of_status(wanted: int, answer: Any) -> Told:
    return lambda _path, status, _offset: answer if status == wanted else page()


def test_an_item_without_an_id_makes_its_status_unread(by_hand: Callable[[Told], LiveGoodsClient]) -> None:
    listing = listed(by_hand, of_status(2, page(goods(71), goods(0), goods(73))))
    assert (set(listing.remotes), listing.unread, listing.short) == ({71, 73}, True, False)
    assert listing.reason == "goods in status approved could not be read whole: an item has no goods id"


def test_an_item_without_a_price_is_listed_with_no_status(by_hand: Callable[[Told], LiveGoodsClient]) -> None:
    listing = listed(by_hand, of_status(2, page(goods(71), goods(72, price="free"))))
    assert {number: each.status for number, each in listing.remotes.items()} == {71: AuditStatus.APPROVED, 72: None}
    assert listing.unread
    assert listing.reason == "goods in status approved could not be read whole: goods 72 have no readable price"


def test_an_item_in_two_statuses_is_unstable_and_the_later_one_counts(
    by_hand: Callable[[Told], LiveGoodsClient],
) -> None:
    listing = listed(by_hand, lambda _path, status, _offset: page(goods(71)) if status in (1, 2) else page())
    assert (listing.stable, listing.unread, listing.reason) == (False, False, "goods 71 are listed twice")
    assert (listing.remotes[71].status, listing.reads) == (AuditStatus.APPROVED, {"list": 12})


def test_a_listing_that_settles_is_stable(by_hand: Callable[[Told], LiveGoodsClient]) -> None:
    asked: list[int] = []

    def told(_path: str, status: int, _offset: int) -> Any:
        asked.append(status)
        return page(goods(71)) if status == 2 or (status == 1 and len(asked) < 5) else page()

    listing = listed(by_hand, told)
    assert (listing.stable, listing.reason, listing.reads) == (True, None, {"list": 8})


def test_a_page_with_more_than_it_counts_is_unread(by_hand: Callable[[Told], LiveGoodsClient]) -> None:
    listing = listed(by_hand, of_status(1, page(goods(71), total=0)))
    assert (set(listing.remotes), listing.unread) == ({71}, True)
    assert listing.reason == "goods in status in_audit make no sense: counted 0, shown more"


@pytest.mark.parametrize(
    "answer", [{}, {"errcode": 0, "goods": []}, {"errcode": 0, "total": 0}, {"total": -1, "goods": []}]
)
def test_an_answer_that_is_no_list_is_raised_or_unread(by_hand: Callable[[Told], LiveGoodsClient], answer: Any) -> None:
    with pytest.raises(InDoubt, match="list: the platform's answer cannot be read"):
        listed(by_hand, of_status(0, answer))
    assert listed(by_hand, of_status(3, answer)).unread


def test_an_answer_without_an_id_proves_no_absence(by_hand: Callable[[Told], LiveGoodsClient]) -> None:
    client = by_hand(lambda *_: {"errcode": 0, "goods": [{"name": "x"}]})
    with pytest.raises(InDoubt, match="status: the platform's answer cannot be read: an item has no goods id"):
        client.look_up([71], parallelism=1)
    with pytest.raises(InDoubt, match="it has no list of goods"):
        by_hand(lambda *_: {"errcode": 0}).look_up([71], parallelism=1)


def test_an_item_that_nobody_asked_for_is_passed_over(by_hand: Callable[[Told], LiveGoodsClient]) -> None:
    answer = page(goods(71, audit_status=2), goods(72, audit_status=2))
    assert set(by_hand(lambda *_: answer).look_up([71], parallelism=1).remotes) == {71}


@pytest.mark.parametrize("answer", [{}, {"errcode": 0, "auditId": 5}, {"errcode": 0, "goodsId": "x"}, {"goodsId": 0}])
def test_an_add_without_a_goods_id_is_in_doubt(by_hand: Callable[[Told], LiveGoodsClient], answer: Any) -> None:
    with pytest.raises(InDoubt, match="add: the platform's answer holds no goods id"):
        by_hand(lambda *_: answer).perform(Request("add", Verb.CREATE, fields={"price": 1}))


def test_an_add_may_answer_text_and_no_audit_id(by_hand: Callable[[Told], LiveGoodsClient]) -> None:
    receipt = by_hand(lambda *_: {"goodsId": "71", "x": 1.5}).perform(Request("add", Verb.CREATE, fields={"price": 1}))
    assert receipt == Receipt(71, None, None, {"goodsId": "71", "x": "1.5"})


def test_the_paths_are_the_platforms() -> None:
    assert (LIST_PATH, STATUS_PATH) == ("/wxaapi/broadcast/goods/getapproved", "/wxa/business/getgoodswarehouse")
