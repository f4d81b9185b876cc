"""The clients of the Mini Store, against the emulator."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from catalog_sync.core.errors import CallError, Effect, InDoubt, NotSent, Refused
from catalog_sync.core.model import AuditStatus, Remote, Value, Verb
from catalog_sync.core.ports import PoolCount, Provider, Receipt, Request, Sought
from catalog_sync.providers.mini_store.client import StoreProducts, StoreSkus, store_calls
from catalog_sync.providers.mini_store.images import NEVER
from catalog_sync.providers.mini_store.pools import POOLS
from catalog_sync.providers.mini_store.reads import PAGE
from catalog_sync.providers.mini_store.schema import PRODUCT, SKU, SkuValues, Standing
from catalog_sync.wechat.http import Door
from catalog_sync.wechat.token import ReadyToken
from tests.wechat.scripted import ScriptedServer, told

from .platform import BLUE, LINK, NO_ROUTES, Platform, SkippingClock, png, product_item

NO_DOUBLE = 2**53 + 1
"""The first whole number that a double cannot hold."""


def refused(platform: Platform, request: Request) -> Refused:
    with pytest.raises(Refused) as caught:
        platform.skus.perform(request)
    return caught.value


def copies(remote: Remote) -> tuple[SkuValues | None, SkuValues | None]:
    assert remote.draft is None or isinstance(remote.draft, SkuValues)
    assert remote.online is None or isinstance(remote.online, SkuValues)
    return remote.draft, remote.online


# ---- writes


def test_they_are_providers(platform: Platform) -> None:
    products: Provider = platform.products
    skus: Provider = platform.skus
    assert (products.schema, products.pools) == (PRODUCT, {})
    assert (skus.schema, skus.pools) == (SKU, POOLS)
    assert [(pool.name, pool.limit, pool.hourly) for pool in POOLS.values()] == [("sku_write", 1000, 200)]


def test_a_product_is_taken_down(platform: Platform) -> None:
    product_id, _ = platform.on_sale()
    assert platform.products.perform(Request("delisting", Verb.WITHDRAW, product_id)).remote_id == product_id
    found = platform.products.find("P-1")
    assert found is not None
    assert PRODUCT.named(found.values)["standing"] == Standing.DELISTED


def test_a_skus_life(platform: Platform) -> None:
    product_id = platform.product()
    assert product_id > NO_DOUBLE
    added = platform.skus.perform(
        Request("sku_add", Verb.CREATE, fields=SKU.named(BLUE), key="S-1", parent_id=product_id)
    )
    assert added.remote_id is not None
    assert added.remote_id > NO_DOUBLE
    assert added.answer["errcode"] == 0
    remote = platform.only_sku()
    assert (remote.remote_id, remote.key, remote.parent, remote.ours) == (added.remote_id, "S-1", product_id, True)
    assert (remote.status, copies(remote), remote.values) == (AuditStatus.UNAUDITED, (BLUE, None), BLUE)

    listed = platform.products.perform(Request("listing", Verb.SUBMIT, product_id))
    assert listed == Receipt(product_id, answer={"errcode": 0, "errmsg": "ok"})
    assert platform.only_sku().status is AuditStatus.IN_AUDIT
    platform.order("verdict", product_id=product_id, verdict="approve")
    assert (platform.only_sku().status, copies(platform.only_sku())) == (AuditStatus.APPROVED, (BLUE, BLUE))

    sku_id = added.remote_id
    changed = BLUE._replace(sku_code="NEW", barcode="6900000000024", attrs='{"颜色":"深蓝"}')
    platform.write("sku_update", product_id, sku_id, **SKU.named(changed._replace(stock=1)))
    platform.write("sku_update_price", product_id, sku_id, sale_price=9990, market_price=19900)
    platform.write("stock_update", product_id, sku_id, stock=7)
    remote = platform.only_sku()
    draft = changed._replace(sale_price=9990, market_price=19900)
    assert copies(remote) == (draft, BLUE._replace(sale_price=9990, market_price=19900, stock=7))
    assert remote.values == draft._replace(stock=7)

    platform.list_for_sale(product_id, "reject")
    assert platform.only_sku().status is AuditStatus.REJECTED
    platform.write("sku_delete", product_id, sku_id)
    assert platform.look_at_skus().remotes == {}
    assert platform.skus.find("S-1") is None


def test_a_write_is_one_call_of_its_path(platform: Platform) -> None:
    product_id, sku_id = platform.on_sale()
    platform.write("sku_update", product_id, sku_id, **SKU.named(BLUE))
    platform.write("sku_update_price", product_id, sku_id, sale_price=1, market_price=2)
    platform.write("stock_update", product_id, sku_id, stock=3)
    platform.write("sku_delete", product_id, sku_id)
    bodies = {path: call["body"] for path in WRITES for call in platform.calls(path)}
    shown = {name: value for name, value in bodies["sku/update"].items() if name != "sku_attrs"}
    ids = {"product_id": product_id, "sku_id": sku_id}
    thumb = {"thumb_img": LINK, "sale_price": 12900, "market_price": 15900, "sku_code": "BL-L"}
    assert shown == {**ids, **thumb, "barcode": "6900000000017"}
    assert bodies["sku/update_price"] == {**ids, "sale_price": 1, "market_price": 2}
    assert bodies["stock/update"] == {**ids, "type": 1, "stock_num": 3}
    assert (bodies["sku/del"], bodies["spu/listing"]) == (ids, {"product_id": product_id})
    assert [len(platform.calls(path)) for path in WRITES] == [1] * len(WRITES)


WRITES = ("sku/add", "sku/update", "sku/update_price", "stock/update", "sku/del", "spu/listing")


@pytest.mark.parametrize("fen", [1, 29, 99, 100, 101, 11399, 12345, 99999999, 123456789, 1_000_000_000])
def test_a_price_comes_back_exact(platform: Platform, fen: int) -> None:
    product_id, sku_id = platform.on_sale(sale_price=fen, market_price=1_000_000_000)
    assert SKU.of_prices(platform.only_sku().values) == (fen, 1_000_000_000)
    other = 1_000_000_001 - fen
    platform.write("sku_update_price", product_id, sku_id, sale_price=other, market_price=fen)
    assert SKU.of_prices(platform.only_sku().values) == (other, fen)


@pytest.mark.parametrize("stock", [1, 999])
def test_a_stock_is_written_in_full(platform: Platform, stock: int) -> None:
    product_id, sku_id = platform.on_sale()
    platform.write("stock_update", product_id, sku_id, stock=stock)
    assert platform.calls("stock/get") == []
    assert platform.only_sku().values[3] == stock


def test_a_stock_of_0_is_the_difference_to_the_real_stock(platform: Platform) -> None:
    product_id, sku_id = platform.on_sale()
    platform.order("skus", "PATCH", sku_id=sku_id, copy="online", stock_num=33)
    platform.write("stock_update", product_id, sku_id, stock=0)
    (call,) = platform.calls("stock/update")
    assert (call["body"]["type"], call["body"]["stock_num"]) == (2, -33)
    assert platform.only_sku().values[3] == 0
    again = platform.write("stock_update", product_id, sku_id, stock=0)
    assert again == Receipt(sku_id)
    assert (len(platform.calls("stock/update")), len(platform.calls("stock/get"))) == (1, 2)


@pytest.mark.parametrize("kind", ["drop", "busy", "garbage"])
def test_a_stock_that_cannot_be_read_first_is_not_sent(platform: Platform, kind: str) -> None:
    product_id, sku_id = platform.on_sale()
    platform.fault("stock_get", kind, times=50)
    with pytest.raises(NotSent, match="stock_get: "):
        platform.write("stock_update", product_id, sku_id, stock=0)
    assert platform.calls("stock/update") == []


def test_a_stock_of_0_of_what_is_not_there_is_refused(platform: Platform) -> None:
    error = refused(
        platform, Request("stock_update", Verb.UPDATE, 5, fields={"stock": 0}, parent_id=platform.product())
    )
    assert (error.call, error.errcode, error.effect) == ("stock_get", 100004, Effect.LOOK)
    assert error.reason == "the SKU does not exist (errcode 100004)"


MANY = [{"out_sku_id": f"V-{n}", "sku_attrs": [{"attr_key": "颜色", "attr_value": str(n)}]} for n in range(100)]


@pytest.mark.parametrize(
    ("changed", "errcode", "effect"),
    [
        ({"sale_price": 1_000_000_001}, 9401043, Effect.CONTENT),
        ({"sku_code": "x" * 21}, 9401044, Effect.CONTENT),
        ({"attrs": json.dumps({"颜" * 41: "蓝"})}, 9401047, Effect.CONTENT),
        ({"attrs": json.dumps({"颜色": "蓝" * 41})}, 9401048, Effect.CONTENT),
        ({"attrs": '{"颜色":"第一百零一"}'}, 9401046, Effect.CONTENT),
        ({"thumb": "https://example.com/a.png"}, 9401050, Effect.PICTURE),
        ({"sale_price": 0}, 9401020, Effect.CONTENT),
    ],
)
def test_a_refused_add_says_why(platform: Platform, changed: dict[str, Value], errcode: int, effect: Effect) -> None:
    product_id = platform.product()
    platform.stock(*MANY)
    fields = {**SKU.named(BLUE), **changed}
    error = refused(platform, Request("sku_add", Verb.CREATE, fields=fields, key="S-1", parent_id=product_id))
    assert (error.call, error.errcode, error.effect) == ("sku_add", errcode, effect)


def test_lengths_at_their_limits_are_taken(platform: Platform) -> None:
    longest = json.dumps({"颜" * 40: "蓝" * 40}, ensure_ascii=False, separators=(",", ":"))
    sku_id = platform.add(platform.product(), "长" * 32, sku_code="码" * 20, attrs=longest)
    remote = platform.look_at_skus().remotes[sku_id]
    assert (remote.key, remote.values[4], remote.values[6]) == ("长" * 32, "码" * 20, longest)


def test_a_key_that_is_too_long_or_taken_is_refused(platform: Platform) -> None:
    first, second = platform.product("P-1"), platform.product("P-2")
    add = Request("sku_add", Verb.CREATE, fields=SKU.named(BLUE), key="S-1", parent_id=second)
    sku_id = platform.add(first)
    error = refused(platform, add)
    assert (error.errcode, error.effect) == (9401005, Effect.EXISTS)
    found = platform.skus.find("S-1")
    assert found is not None
    assert (found.remote_id, found.parent, found.values) == (sku_id, first, BLUE)
    too_long = Request("sku_add", Verb.CREATE, fields=SKU.named(BLUE), key="x" * 33, parent_id=first)
    assert refused(platform, too_long).errcode == 9401052


def test_what_does_not_exist_is_gone_for_a_delete_alone(platform: Platform) -> None:
    product_id = platform.product()
    for call, fields, effect in (
        ("sku_delete", {}, Effect.GONE),
        ("sku_update", SKU.named(BLUE), Effect.LOOK),
        ("sku_update_price", {"sale_price": 1, "market_price": 2}, Effect.LOOK),
    ):
        error = refused(platform, Request(call, Verb.UPDATE, 4711, fields=fields, parent_id=product_id))
        assert (error.errcode, error.effect) == (9401006, effect)
    with pytest.raises(Refused) as caught:
        platform.products.perform(Request("listing", Verb.SUBMIT, 4711))
    assert (caught.value.errcode, caught.value.effect) == (9401002, Effect.LOOK)


@pytest.mark.parametrize(("codes", "sku", "spu"), [("edit", 9401025, 9401023), ("change", 9401024, 9401022)])
def test_a_draft_in_review_waits(platform: Platform, codes: str, sku: int, spu: int) -> None:
    platform.settings(not_editable_codes=codes, listing_in_review_code=9401023)
    product_id, sku_id = platform.on_sale()
    platform.products.perform(Request("listing", Verb.SUBMIT, product_id))
    update = Request("sku_update", Verb.UPDATE, sku_id, fields=SKU.named(BLUE), parent_id=product_id)
    for error, errcode in ((refused(platform, update), sku), (ended_listing(platform, product_id), 9401023)):
        assert (error.errcode, error.effect) == (errcode, Effect.WAIT)
    platform.order("spu", "PATCH", product_id=product_id, status=6, edit_status=1)
    assert ended_listing(platform, product_id).errcode == spu
    platform.write("sku_update_price", product_id, sku_id, sale_price=1, market_price=2)
    platform.write("stock_update", product_id, sku_id, stock=3)


def ended_listing(platform: Platform, product_id: int) -> Refused:
    with pytest.raises(Refused) as caught:
        platform.products.perform(Request("listing", Verb.SUBMIT, product_id))
    return caught.value


def test_an_hour_that_is_used_up_and_too_many_listings_are_told(platform: Platform) -> None:
    platform.settings(sku_write_per_hour=1, listing_in_review_code=300000)
    product_id = platform.product()
    platform.add(product_id)
    add = Request("sku_add", Verb.CREATE, fields=SKU.named(BLUE), key="S-2", parent_id=product_id)
    error = refused(platform, add)
    assert (error.errcode, error.effect) == (300000, Effect.HOUR)
    platform.products.perform(Request("listing", Verb.SUBMIT, product_id))
    assert ended_listing(platform, product_id).effect is Effect.HOUR


@pytest.mark.parametrize("kind", ["drop", "drop_after", "busy_after", "http_503", "garbage_after", "half_body_after"])
@pytest.mark.parametrize("path", ["sku_add", "listing"])
def test_a_write_whose_answer_is_no_answer_is_in_doubt_and_sent_once(platform: Platform, path: str, kind: str) -> None:
    product_id, _ = platform.on_sale()
    before = len(platform.calls("sku/add")) + len(platform.calls("spu/listing"))
    platform.fault(path, kind)
    with pytest.raises(InDoubt) as caught:
        platform.add(product_id, "S-2") if path == "sku_add" else platform.list_for_sale(product_id)
    assert (caught.value.call, caught.value.errcode) == (path, -1 if kind.startswith("busy") else None)
    assert len(platform.calls("sku/add")) + len(platform.calls("spu/listing")) == before + 1
    assert platform.clock.skipped == 0
    done = len(platform.look_at_skus().remotes) == 2 or platform.only_sku().status is AuditStatus.IN_AUDIT
    assert done is kind.endswith("_after")


def test_a_write_with_a_dead_token_is_refused_until_it_is_renewed(platform: Platform) -> None:
    product_id = platform.product()
    platform.fault("sku_add", "stale_token")
    with pytest.raises(Refused) as caught:
        platform.add(product_id)
    assert caught.value.effect is Effect.TOKEN
    platform.skus.renew()
    assert platform.add(product_id) > NO_DOUBLE


@pytest.mark.parametrize("data", [{}, {"sku_id": 0}, {"sku_id": "x"}, [], None])
def test_an_add_without_an_id_is_in_doubt(data: object) -> None:
    with (
        ScriptedServer(told({"errcode": 0, "data": data})) as server,
        Door(server.url, SkippingClock()) as door,
        pytest.raises(InDoubt, match="sku_add: the platform's answer holds no sku_id"),
    ):
        skus_at(door).perform(Request("sku_add", Verb.CREATE, key="S-1", parent_id=5))


def skus_at(door: Door) -> StoreSkus:
    clock = SkippingClock()
    return StoreSkus(store_calls(door, ReadyToken("t0ken"), clock), NO_ROUTES)


# ---- pictures


@pytest.mark.parametrize(("kind", "type_"), [("PNG", "png"), ("JPEG", "jpeg"), ("GIF", "gif")])
def test_a_picture_is_uploaded_with_its_sides_and_gives_a_link_for_good(
    platform: Platform, kind: str, type_: str
) -> None:
    request = Request("upload", Verb.UPLOAD, picture=png(640, 480, kind), picture_type=type_)
    picture = platform.skus.perform(request).picture
    assert picture is not None
    assert picture.ref.startswith(f"https://mmecimage.cn/p/{platform.world()['appid']}/")
    assert picture.expires_at == NEVER > platform.skus.platform_now() + 50 * 365 * 86400
    (call,) = platform.calls("img/upload")
    asked = {"upload_type": "0", "resp_type": "1", "height": "480", "width": "640"}
    assert {name: call["query"][name] for name in asked} == asked
    platform.settings(picture_links="uploaded_ones")
    sku_id = platform.add(platform.product(), thumb=picture.ref)
    assert platform.look_at_skus().remotes[sku_id].values[0] == picture.ref


def test_a_picture_is_fetched_by_the_platform(platform: Platform) -> None:
    platform.settings(unfetchable_links=["gone"])
    link = "https://img.example.com/a.png"
    picture = platform.skus.perform(Request("upload", Verb.UPLOAD, fields={"thumb": link})).picture
    assert picture is not None
    assert platform.world()["store_pictures"] == {picture.ref: link}
    for refused_link, errcode in ((LINK, 101001), ("https://img.example.com/gone.png", 101004)):
        error = refused(platform, Request("upload", Verb.UPLOAD, fields={"thumb": refused_link}))
        assert (error.errcode, error.effect) == (errcode, Effect.ITEM)


@pytest.mark.parametrize(
    "file", [None, {}, {"temp_img_url": ""}, {"temp_img_url": 5}, {"temp_img_url": "x y"}, {"media_id": "abc"}]
)
def test_an_upload_without_a_link_is_in_doubt(file: object) -> None:
    with (
        ScriptedServer(told({"errcode": 0, "pic_file": file})) as server,
        Door(server.url, SkippingClock()) as door,
        pytest.raises(InDoubt, match="upload: the platform's answer holds no link"),
    ):
        skus_at(door).perform(Request("upload", Verb.UPLOAD, picture=png(), picture_type="png"))


# ---- products


def test_only_what_is_desired_or_bound_is_read(platform: Platform) -> None:
    ids = {key: platform.product(key) for key in ("P-1", "P-2", "P-3", "P-4")}
    items = [product_item("P-1"), product_item("anything", ids["P-2"]), product_item("P-9")]
    listing = platform.look(items, {"products.P-3": ids["P-3"], "products.gone": 4711})
    assert {each.key: number for number, each in listing.remotes.items()} == {
        "P-1": ids["P-1"],
        "anything": ids["P-2"],
        "P-3": ids["P-3"],
    }
    assert (listing.unread, listing.short, listing.stable, listing.reason) == (False, False, True, None)
    assert (listing.reads, len(platform.calls("spu/get")), platform.calls("spu/get_list")) == ({}, 5, [])


def test_nothing_sought_is_no_call(platform: Platform) -> None:
    platform.product()
    assert (platform.look().remotes, platform.look_at_skus("P-9").remotes) == ({}, {})
    assert [len(platform.calls(path)) for path in ("spu/get_list", "spu/get", "sku/get_list")] == [0, 1, 0]


STANDINGS = [(0, 1), (5, 2), (6, 3), (9, 4), (11, 4), (12, 4), (13, 1), (77, 0)]


def test_each_standing_and_status_is_told(platform: Platform) -> None:
    shown = {}
    for status, edit_status in STANDINGS:
        if status != 9:  # the emulator shows a deleted product to nobody
            platform.product(f"P-{status}", status=status, edit_status=edit_status)
    for remote in platform.look([product_item(f"P-{status}") for status, _ in STANDINGS]).remotes.values():
        shown[remote.key] = (remote.values[2], remote.status)
    assert shown == {
        "P-0": ("initial", AuditStatus.UNAUDITED),
        "P-5": ("on_sale", AuditStatus.IN_AUDIT),
        "P-6": ("recycle_bin", AuditStatus.REJECTED),
        "P-11": ("delisted", AuditStatus.APPROVED),
        "P-12": ("sold_out", AuditStatus.APPROVED),
        "P-13": ("violation", AuditStatus.UNAUDITED),
        "P-77": ("unknown", AuditStatus.UNAUDITED),
    }


@pytest.mark.parametrize(
    ("changed", "lists", "gets"),
    [
        ({}, 2, 0),
        ({"total_num_in_spu_list": False}, 2, 0),
        ({"unlisted_on_read": "draft"}, 2, 0),
        ({"spu_page_size_max": PAGE - 1}, 1, PAGE + 10),  # the list is refused: each is asked for
    ],
)
def test_many_products_are_looked_for_in_the_list(
    platform: Platform, changed: dict[str, Any], lists: int, gets: int
) -> None:
    platform.settings(**changed)
    ids = {platform.product(f"P-{number}") for number in range(PAGE + 10)}
    listing = platform.look([product_item(f"P-{number}") for number in range(PAGE + 10)])
    assert (set(listing.remotes), listing.unread, listing.reason) == (ids, False, None)
    assert (len(platform.calls("spu/get_list")), len(platform.calls("spu/get"))) == (lists, gets)


def test_what_the_list_does_not_show_is_asked_for(platform: Platform) -> None:
    """The wanted ones are the oldest, and there are many more: the list takes no more calls than asking would."""
    wanted = {platform.product(f"P-{number}") for number in range(21)}
    for number in range(PAGE * 2 - 15):
        platform.product(f"other-{number}")
    items = [product_item(f"P-{number}") for number in range(20)]
    listing = platform.look([*items, product_item("P-none")], {"products.P-20": max(wanted)})
    assert set(listing.remotes) == wanted
    assert [call["body"]["page"] for call in platform.calls("spu/get_list")] == [1, 2, 3, 4]
    assert [call["body"]["out_product_id"] for call in platform.calls("spu/get")] == ["P-none"]


def test_progress_is_told_in_products(platform: Platform) -> None:
    seen: list[tuple[int, int]] = []
    items = tuple(product_item(f"P-{number}") for number in range(3))
    for item in items[:2]:
        platform.product(item.key)
    platform.products.fetch(Sought(items), parallelism=1, progress=lambda *each: seen.append(each))
    assert seen == [(1, 3), (2, 3), (2, 3)]


def test_a_product_that_cannot_be_read_leaves_the_others(platform: Platform) -> None:
    ids = [platform.product(f"P-{number}") for number in range(4)]
    platform.fault("spu_get", "busy", after=1, times=5)
    items = tuple(product_item(f"P-{number}") for number in range(4))
    listing = platform.products.fetch(Sought(items), parallelism=1, progress=lambda *_: None)
    assert (set(listing.remotes), listing.unread) == ({ids[0], ids[2], ids[3]}, True)
    assert listing.reason == (
        "the product with out_product_id P-1 could not be read: the platform is busy (errcode -1)"
    )


@pytest.mark.parametrize("kind", ["drop", "http_503", "garbage"])
def test_a_platform_that_makes_no_sense_is_raised(platform: Platform, kind: str) -> None:
    platform.product()
    platform.fault("spu_get", kind, times=50)
    with pytest.raises(InDoubt, match="spu_get: "):
        platform.look([product_item("P-1")])


def test_a_platform_that_goes_away_is_raised(platform: Platform) -> None:
    items = tuple(product_item(f"P-{number}") for number in range(9))
    for item in items:
        platform.product(item.key)
    platform.fault("spu_get", "drop", after=2, times=500)
    with pytest.raises(InDoubt, match="spu_get: the connection was lost"):
        platform.products.fetch(Sought(items), parallelism=1, progress=lambda *_: None)
    assert len(platform.calls("spu/get")) < 2 + 5 * 5


@pytest.mark.parametrize(
    ("errcode", "effect"),
    [(48001, Effect.ACCOUNT), (45009, Effect.POOL), (1400007, Effect.OFFLINE), (-2, Effect.ACCOUNT)],
)
@pytest.mark.parametrize(("path", "count"), [("spu_get", 2), ("spu_list", 25), ("sku_list", 2)])
def test_what_concerns_every_read_is_raised(
    platform: Platform, path: str, count: int, errcode: int, effect: Effect
) -> None:
    keys = [f"P-{number}" for number in range(count)]
    for key in keys:
        platform.product(key)
    platform.fault(path, "errcode", code=errcode, times=50)
    with pytest.raises(Refused) as caught:
        platform.look_at_skus(*keys)
    assert (caught.value.errcode, caught.value.effect) == (errcode, effect)


def test_products_are_looked_up_and_found(platform: Platform) -> None:
    first, second = platform.product("P-1"), platform.product("P-2")
    listed = platform.look([product_item("P-1"), product_item("P-2")]).remotes
    answers = platform.products.look_up([first, second, first, 4711], parallelism=2)
    assert (answers.remotes, answers.reads) == (listed, {})
    assert platform.products.find("P-2") == listed[second]
    assert platform.products.find("P-3") is None
    platform.order("spu", "DELETE", product_id=first)
    assert platform.products.look_up([first], parallelism=1).remotes == {}


# ---- SKUs


def test_the_skus_of_every_product_are_read_in_both_copies(platform: Platform) -> None:
    for key in ("P-1", "P-2", "P-3"):
        platform.product(key)
    ids = platform.stock({"out_sku_id": "A"}, {"out_sku_id": "B"}, online=True)
    ids += platform.stock({"out_sku_id": "C"}, key="P-2")
    listing = platform.look_at_skus("P-1", "P-2", "P-3")
    assert [(each.key, each.online is None) for each in listing.remotes.values()] == [
        ("A", False),
        ("B", False),
        ("C", True),
    ]
    assert (sorted(listing.remotes), listing.unread, listing.reads) == (sorted(ids), False, {})
    # A product that was never online has no online copy to ask for.
    asked = [
        (call["body"]["need_edit_sku"], call["body"]["need_real_stock"]) for call in platform.calls("sku/get_list")
    ]
    assert sorted(asked) == [(0, 1), (1, 0), (1, 0), (1, 0)]


def test_progress_is_told_in_skus(platform: Platform) -> None:
    platform.product()
    platform.stock({"out_sku_id": "A"}, {"out_sku_id": "B"})
    seen: list[tuple[int, int]] = []
    products = platform.look([product_item("P-1")]).remotes
    sought = Sought(seen={"product": products})
    platform.skus.fetch(sought, parallelism=1, progress=lambda *each: seen.append(each))
    assert seen == [(2, 2)]


READINGS: list[Mapping[str, Any]] = [
    {},
    {"barcode_on_read": "string"},
    {"sku_list_status": "present"},
    {"sku_list_status": "present", "deleted_sku_on_read": "status_21"},
    {"unlisted_on_read": "draft"},
    {"time_zone_hours": 0},
]


@pytest.mark.parametrize("changed", READINGS, ids=str)
def test_every_way_of_writing_is_read(platform: Platform, changed: dict[str, Any]) -> None:
    product_id, sku_id = platform.on_sale()
    gone = platform.add(product_id, "S-2")
    platform.list_for_sale(product_id)
    platform.order("skus", "PATCH", sku_id=sku_id, copy="online", stock_num=3, sale_price=1)
    platform.write("sku_delete", product_id, gone)
    platform.settings(**changed)
    remote = platform.only_sku()
    online = BLUE._replace(stock=3, sale_price=1)
    assert (remote.remote_id, remote.values, copies(remote)) == (sku_id, online, (BLUE, online))
    assert platform.skus.look_up([sku_id, gone, 4711], parallelism=2).remotes == {sku_id: remote}
    assert (platform.skus.find("S-1"), platform.skus.find("S-9")) == (remote, None)


def test_a_deleted_sku_that_is_shown_with_its_status_is_not_there(platform: Platform) -> None:
    product_id, sku_id = platform.on_sale()
    platform.write("sku_delete", product_id, sku_id)
    platform.settings(deleted_sku_on_read="status_21", sku_list_status="present")
    assert platform.look_at_skus().remotes == {}
    assert platform.skus.look_up([sku_id], parallelism=1).remotes == {}
    assert platform.skus.find("S-1") is None


@pytest.mark.parametrize(
    ("where", "draft", "online"), [("too", 1, 1), ("online_only", 12900, 1), ("draft_only", 1, 12900)]
)
def test_a_price_is_shown_where_it_was_written(platform: Platform, where: str, draft: int, online: int) -> None:
    platform.settings(update_price_writes_draft=where)
    product_id, sku_id = platform.on_sale()
    platform.write("sku_update_price", product_id, sku_id, sale_price=1, market_price=2)
    shown = [each and each.sale_price for each in copies(platform.only_sku())]
    assert (shown, platform.only_sku().values[1]) == ([draft, online], online)


@pytest.mark.parametrize(("waits", "draft", "online"), [(False, 40, 7), (True, 7, 40)])
def test_a_stock_is_shown_where_it_was_written(platform: Platform, waits: bool, draft: int, online: int) -> None:
    product_id, sku_id = platform.on_sale()
    platform.settings(stock_update_needs_listing=waits)
    platform.write("stock_update", product_id, sku_id, stock=7)
    assert [each and each.stock for each in copies(platform.only_sku())] == [draft, online]


def test_a_sku_that_was_never_online_beside_one_that_was(platform: Platform) -> None:
    product_id, first = platform.on_sale()
    second = platform.add(product_id, "S-2", sale_price=1)
    remotes = platform.look_at_skus().remotes
    assert (remotes[first].online is None, remotes[second].online is None) == (False, True)
    assert platform.skus.look_up([first, second], parallelism=1).remotes == remotes
    # Where the draft is shown as the online copy, nothing tells the two apart.
    platform.settings(unlisted_on_read="draft")
    shown = platform.look_at_skus().remotes[second]
    assert copies(shown)[0] == copies(shown)[1] == shown.values == remotes[second].values


def test_a_row_that_the_list_lost_is_found_alone(platform: Platform) -> None:
    product_id, first = platform.on_sale()
    second = platform.add(product_id, "S-2")
    whole = platform.look_at_skus().remotes
    platform.fault("sku_list", "lost_sku", sku_id=second, times=2)
    assert set(platform.look_at_skus().remotes) == {first}
    assert platform.skus.look_up([second], parallelism=1).remotes == {second: whole[second]}
    platform.fault("sku_list", "lost_sku", sku_id=first, after=1)  # in the online copy alone
    assert platform.look_at_skus().remotes[first].online is None


@pytest.mark.parametrize("kind", ["drop", "busy", "http_404", "garbage", "half_body"])
def test_a_list_that_fails_for_a_while_is_read(platform: Platform, kind: str) -> None:
    _, sku_id = platform.on_sale()
    platform.fault("sku_list", kind, times=3)
    listing = platform.look_at_skus()
    assert (set(listing.remotes), listing.unread) == ({sku_id}, False)


def test_a_list_that_fails_for_good_leaves_the_others(platform: Platform) -> None:
    first, second = platform.product("P-1"), platform.product("P-2")
    (sku_id,) = platform.stock({"out_sku_id": "B"}, key="P-2")
    platform.fault("sku_list", "errcode", code=9401020, errmsg="no")
    products = platform.look([product_item("P-1"), product_item("P-2")]).remotes
    assert sorted(products) == [first, second]
    listing = platform.skus.fetch(Sought(seen={"product": products}), parallelism=1, progress=lambda *_: None)
    assert (set(listing.remotes), listing.unread) == ({sku_id}, True)
    assert listing.reason == f"the SKUs of product {first} could not be read: a parameter is wrong (errcode 9401020)"


def test_a_product_that_went_in_between_has_no_skus(platform: Platform) -> None:
    product_id, sku_id = platform.on_sale()
    products = platform.look([product_item("P-1")]).remotes
    platform.order("spu", "DELETE", product_id=product_id)
    listing = platform.skus.fetch(Sought(seen={"product": products}), parallelism=1, progress=lambda *_: None)
    assert (listing.remotes, listing.unread) == ({}, False)
    assert platform.skus.look_up([sku_id], parallelism=1).remotes == {}


def test_rows_that_cannot_be_read_are_told() -> None:
    product = Remote(5, AuditStatus.UNAUDITED, (5, "", "initial"), ours=True, key="P-1")
    row = {"sku_id": 71, "out_sku_id": "S-1", "sale_price": "free", "market_price": 2, "stock_num": 3}
    answer = told({"errcode": 0, "skus": [row, {**row, "sku_id": None}, {**row, "sku_id": 73, "sale_price": 1}]})
    with ScriptedServer(answer) as server, Door(server.url, SkippingClock()) as door:
        sought = Sought(seen={"product": {5: product}})
        listing = skus_at(door).fetch(sought, parallelism=1, progress=lambda *_: None)
    assert {number: each.status for number, each in listing.remotes.items()} == {71: None, 73: AuditStatus.UNAUDITED}
    assert (listing.unread, listing.reason) == (True, "a SKU has no sku_id; SKU 71 has no readable sale_price")


def test_many_doubts_are_told_in_few_words() -> None:
    rows = [{"sku_id": number, "out_sku_id": f"S-{number}"} for number in range(1, 11)]
    product = Remote(5, AuditStatus.UNAUDITED, (5, "", "initial"), ours=True, key="P-1")
    with ScriptedServer(told({"skus": rows})) as server, Door(server.url, SkippingClock()) as door:
        sought = Sought(seen={"product": {5: product}})
        reason = skus_at(door).fetch(sought, parallelism=1, progress=lambda *_: None).reason
    assert reason is not None
    assert reason.endswith("SKU 3 has no readable sale_price, market_price, stock_num; and 7 more")


@pytest.mark.parametrize(
    "answer", [{}, {"errcode": 0, "data": []}, {"errcode": 0, "data": {"sku_id": 5}}, {"data": {"spu": {}}}]
)
def test_an_answer_that_cannot_be_read_proves_no_absence(answer: object) -> None:
    with ScriptedServer(told(answer)) as server, Door(server.url, SkippingClock()) as door:
        for read in (
            lambda: skus_at(door).look_up([5], parallelism=1),
            lambda: skus_at(door).find("S-1"),
            lambda: StoreProducts(store_calls(door, ReadyToken("t"), SkippingClock()), NO_ROUTES).find("P-1"),
        ):
            with pytest.raises(InDoubt, match="the platform's answer cannot be read"):
                read()


# ---- the life of the interface


def probed(platform: Platform) -> dict[str, CallError | None]:
    return {**platform.products.probe(), **platform.skus.probe()}


def test_a_probe_of_a_living_interface_ends_well(platform: Platform) -> None:
    assert probed(platform) == {"spu_list": None, "sku_get": None}


def test_a_probe_tells_that_the_interface_was_taken_offline(platform: Platform) -> None:
    platform.settings(interface_offline=True)
    for call, error in probed(platform).items():
        assert isinstance(error, Refused)
        assert (error.call, error.errcode, error.effect) == (call, 1400007, Effect.OFFLINE)
        assert error.reason == "this interface was taken offline (errcode 1400007)"


def test_counts_are_the_platforms(platform: Platform) -> None:
    product_id, sku_id = platform.on_sale()
    for _ in range(2):
        platform.write("sku_update", product_id, sku_id, **SKU.named(BLUE))
        platform.write("sku_update_price", product_id, sku_id, sale_price=1, market_price=2)
        platform.write("stock_update", product_id, sku_id, stock=3)
    assert platform.skus.counts() == {"sku_write": PoolCount(2, 1000)}
    assert platform.products.counts() == {}


def test_a_platform_out_of_reach_is_not_sent() -> None:
    with Door("https://no-such-host.invalid", SkippingClock()) as door:
        with pytest.raises(NotSent):
            skus_at(door).perform(Request("sku_delete", Verb.DELETE, 51, parent_id=5))
        with pytest.raises(NotSent):
            skus_at(door).find("S-1")
        with pytest.raises(NotSent):
            skus_at(door).perform(Request("stock_update", Verb.UPDATE, 51, fields={"stock": 0}, parent_id=5))
