"""The fields of one entry of `goods:`, checked by themselves and against each other.

pydantic says whether a field is right; what is wrong with one that is not is said in our words (`wording`).
Prices are read from their own digits and are fen from then on: nothing is ever a float.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal, NamedTuple, cast

from pydantic_core import SchemaValidator, ValidationError, core_schema

from catalog_sync.core import reading
from catalog_sync.core.entry import NULLS, MapNode, Node, Scalar, found
from catalog_sync.core.model import LockedChange
from catalog_sync.core.reading import TIME, Notes
from catalog_sync.core.sentence import with_found
from catalog_sync.providers.live_goods.wording import MAX_PRICE_FEN, UNQUOTED, GoodsCode, wrong

# In pydantic's regex dialect (Rust): classes of general categories; $ is only the very end.
_CONTROL = r"\p{Cc}\p{Zl}\p{Zp}"

_TEXT = rf"^[^{_CONTROL}]*[^\s{_CONTROL}][^{_CONTROL}]*$"
_PRICE = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,2})?$"

REQUIRED: Final = ("name", "cover", "price", "url")

RULES: Final[Mapping[str, str | tuple[str, ...]]] = {
    "name": _TEXT,
    "cover": _TEXT,
    "price": _PRICE,
    "url": rf"^/*[^/\s{_CONTROL}][^{_CONTROL}]*$",
    "priceType": ("1", "2", "3"),
    "price2": _PRICE,
    "thirdPartyAppid": "^(wx[0-9a-f]{16})?$",
    "priority": "^[+-]?[0-9]{1,9}$",
    "needed_by": f"^{TIME}$",
    "protect": ("true", "True", "TRUE", "false", "False", "FALSE"),
    "locked_change": tuple(LockedChange),
}
"""What the text of each field must be by itself: of this pattern, or one of these."""

FIELDS: Final = tuple(RULES)
"""The fields of `goods:`, the required ones first."""

_KNOWN = frozenset(FIELDS)


def _rule(name: str) -> core_schema.CoreSchema:
    rule = RULES[name]
    return core_schema.str_schema(pattern=rule) if isinstance(rule, str) else core_schema.literal_schema([*rule])


# pydantic's own validator: its models, which would be made into the same, are most of what a short command waits for.
_VALIDATOR: Final = SchemaValidator(
    core_schema.typed_dict_schema(
        {name: core_schema.typed_dict_field(_rule(name), required=name in REQUIRED) for name in FIELDS},
        extra_behavior="forbid",
    )
)


class Prices(NamedTuple):
    """The price group in fen, as in `GoodsValues`."""

    price_type: int
    price: int
    price2: int | None


class Given(reading.Given):
    """What stands in one entry of `goods:`, and of that the texts that are right."""

    __slots__ = ("texts",)

    def __init__(self, node: Node, notes: Notes) -> None:
        super().__init__(notes, FIELDS)
        self.texts: Mapping[str, str] = {}
        if isinstance(node, MapNode):
            self.texts = self._validated(self._raw(node))
        else:
            self.no_mapping(node)

    def _raw(self, node: MapNode) -> dict[str, object]:
        """Texts for pydantic; what cannot be one stays a node, and what is no value is left out."""
        raw: dict[str, object] = {}
        nodes = self.nodes
        for key, value in node.pairs:
            name = key.text
            if name in nodes:
                self.twice(key, node)
                continue
            nodes[name] = value
            if name not in _KNOWN:
                self.unknown(key)
            elif value.__class__ is not Scalar or (not value.plain and name in UNQUOTED):
                raw[name] = value
            elif value.text not in NULLS or not value.plain:  # as `Scalar.empty`, which nearly nothing is
                raw[name] = value.text
        return raw

    def _validated(self, raw: dict[str, object]) -> dict[str, str]:
        """The fields that are right; of the others it is noted why they are not."""
        try:
            return cast("dict[str, str]", _VALIDATOR.validate_python(raw))
        except ValidationError as problem:
            errors = problem.errors(include_url=False, include_context=False, include_input=False)
        failed = {str(each["loc"][0]): each["type"] for each in errors}
        for name, kind in failed.items():
            if kind == "missing":
                self.missing(name)
            else:
                self.wrong(name)
        return {name: str(text) for name, text in raw.items() if name not in failed}

    def wrong(self, name: str) -> None:
        """Note that a field has a value that it cannot have."""
        code, summary = wrong(name, self.nodes[name])
        self.notes.error(code, self.nodes[name], with_found(summary, found(self.nodes[name])), name)


def price_group(given: Given) -> Prices | None:
    """The price group; None when a part of it is missing or (noted) wrong."""
    kind = given.texts.get("priceType")
    price = _fen(given, "price")
    if kind is None:
        if given.has("priceType"):
            return None  # it is wrong: what the prices mean is not known
        if given.has("price2"):
            found_there = found(given.nodes["price2"])
            given.contradiction(GoodsCode.PRICE2_ALONE, ("price2",), with_found("needs priceType 2 or 3", found_there))
        return Prices(1, price, None) if price is not None else None
    if kind == "1":
        _check_unused(given)
        return Prices(1, price, None) if price is not None else None
    price2 = _second_price(given)
    if price is None or price2 is None:
        return None
    _check_order(given, kind, price, price2)
    return Prices(int(kind), price, price2)


def _second_price(given: Given) -> int | None:
    if not given.has("price2"):
        given.missing("price2")
    return _fen(given, "price2")


def _check_unused(given: Given) -> None:
    text = given.texts.get("price2")
    if text is not None and Decimal(text):
        summary = with_found("priceType 1 has no price2", text)
        given.contradiction(GoodsCode.PRICE2_UNUSED, ("priceType", "price2"), summary)


def _check_order(given: Given, kind: str, price: int, price2: int) -> None:
    texts = given.texts
    if kind == "2" and price >= price2:
        summary = with_found("price must be less than price2 in a range", f"{texts['price']}, {texts['price2']}")
        given.contradiction(GoodsCode.PRICE_ORDER, ("price", "price2"), summary)
    if kind == "3" and price2 > price:
        summary = with_found("price2 must not be more than price in a discount", f"{texts['price']}, {texts['price2']}")
        given.contradiction(GoodsCode.PRICE_ORDER, ("price", "price2"), summary)


def _fen(given: Given, name: Literal["price", "price2"]) -> int | None:
    text = given.texts.get(name)
    if text is None:
        return None
    fen = int(Decimal(text) * 100)
    if 0 < fen <= MAX_PRICE_FEN:
        return fen
    given.wrong(name)
    return None


def instant(given: Given) -> float | None:
    """The deadline as seconds since the epoch; None when there is none, or (noted) no such time."""
    text = given.texts.get("needed_by")
    if text is None:
        return None
    try:
        return reading.instant(text)
    except ValueError:  # the 30th of February
        given.wrong("needed_by")
        return None
