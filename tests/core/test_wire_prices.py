"""The way of a price: yuan in the catalogue, fen inside, yuan on the wire and back, exact to the last digit."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from catalog_sync.core.money import yuan
from catalog_sync.providers.live_goods.schema import GoodsValues
from catalog_sync.providers.live_goods.wire import goods_info, read_item
from catalog_sync.wechat.json_text import read, write
from tests.core.settings import LAW
from tests.core.shop import values

DEAREST = 100_000_000 * 100
fen = st.integers(1, DEAREST)


@LAW
@given(fen, fen)
@example(1, DEAREST)
@example(29, 57)  # 0.29 * 100 is 28.999999999999996 in binary
@example(1_000_000_001, 115)
def test_prices_come_back_as_they_went(price: int, price2: int) -> None:
    sent = values(prices=(3, price, price2))
    raw = read(write(goods_info(sent._asdict(), 51)))
    shown = GoodsValues._make(read_item(raw).remote.values)
    assert shown == sent


@LAW
@given(fen)
@example(1)
@example(DEAREST)
def test_a_price_is_written_with_two_decimals_everywhere(price: int) -> None:
    written = write(goods_info({"price": price}))
    assert written == b'{"price":' + yuan(price).encode() + b"}"
    assert Decimal(yuan(price)) * 100 == price
    assert len(yuan(price).partition(".")[2]) == 2


@LAW
@given(fen)
def test_a_price_reads_the_same_as_number_text_or_binary_noise(price: int) -> None:
    for shown in (Decimal(yuan(price)), yuan(price), f"{price / 100!r}", Decimal(price / 100)):
        raw = {"goodsId": 51, "name": "茶", "url": "a", "priceType": 1, "price": shown, "coverImgUrl": ""}
        assert GoodsValues._make(read_item(raw).remote.values).price == price
