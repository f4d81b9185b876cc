"""The table of routes, row by row (rules section 3): what the platform shows, what the catalogue says, what is sent.

Every row runs on a platform that shows text as it was sent, and on one that rewrites it. There, two further runs send
nothing: a rewritten text is no difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from .calls import (
    COVER,
    DISCOUNT,
    LISTED,
    NAME,
    NEW_COVER,
    NEW_PRICE,
    OTHER_APP,
    PRICE,
    RANGE,
    UPLOAD,
    URL,
    add,
    audit,
    delete,
    update,
    withdraw,
)
from .shop import APPROVED, FIRST_ID, IN_AUDIT, REJECTED, UNAUDITED, Call, Entry, Shop


@dataclass(frozen=True)
class Row:
    """One row of the table. `reads` is the row in words. `edit` is what the catalogue changes (None: it drops the
    item); `route` is action, disposition and reason, `sent` what the platform gets, `steps` what the plan shows where
    that is more (an upload that is not needed again)."""

    reads: str
    edit: Entry | None
    route: str
    sent: list[Call] = field(default_factory=list)
    steps: str | None = None
    policy: dict[str, Any] = field(default_factory=dict)
    held: list[tuple[tuple[str, ...], str]] = field(default_factory=list)


def rows(*table: Row) -> pytest.MarkDecorator:
    """A test for each row, named as the row reads."""
    return pytest.mark.parametrize("row", table, ids=[row.reads for row in table])


def is_as_the_row_says(shop: Shop, row: Row) -> None:
    """`plan` shows the row's route and sends nothing, `apply` sends the row's calls, and then there is rest."""
    shop.says(policy=row.policy)
    if row.edit is None:
        shop.drops("mug")
    else:
        shop.lists(**row.edit)
    if not shop.entries:
        shop.lists("other", name="另一个茶杯")  # a catalogue that lists nothing is an error
        shop.apply(target=["other"])
        shop.calls()
    if not shop.rewrites:
        assert shop.plan().of() == row.route
        assert shop.calls() == []
    made = shop.apply()
    assert made.of() == row.route
    if row.route != "nothing":
        assert ", ".join(made.steps()) == (row.steps or ", ".join(name for name, _body in row.sent))
        assert made.held() == row.held
    assert shop.calls() == row.sent
    if shop.rewrites:
        shop.rests()


def test_nothing_and_never_bound__add(any_shop: Shop) -> None:
    row = Row("nothing, never bound -> upload, add", {}, "add ready new", [UPLOAD, add()])
    is_as_the_row_says(any_shop, row)


@rows(
    Row("a range of prices", RANGE, "add ready new", [UPLOAD, add(priceType=2, price=80.0, price2=120.5)]),
    Row("a discount", DISCOUNT, "add ready new", [UPLOAD, add(priceType=3, price2=79.0)]),
    Row(
        "another app's page",
        OTHER_APP,
        "add ready new",
        [UPLOAD, add(**OTHER_APP)],
    ),
    Row("a url with a leading slash is sent without", {"url": f"/{LISTED['url']}"}, "add ready new", [UPLOAD, add()]),
)
def test_add_sends_every_field(any_shop: Shop, row: Row) -> None:
    is_as_the_row_says(any_shop, row)


LOST = (
    Row("nothing, absence confirmed, desired -> add", {}, "add ready lost_remotely", [UPLOAD, add()]),
    Row(
        "nothing, absence confirmed, desired otherwise -> add",
        {**NAME, **COVER, **PRICE},
        "add ready lost_remotely",
        [UPLOAD, add(name=NAME["name"], **NEW_COVER, price=89.0)],
    ),
    Row("nothing, absence confirmed, not desired -> forget", None, "forget ready gone"),
)


@rows(*LOST)
def test_lost(any_shop: Shop, row: Row) -> None:
    any_shop.lists()
    any_shop.bound(APPROVED)
    any_shop.clock("97h")  # an upload lives three days
    any_shop.somebody_deletes(FIRST_ID)
    is_as_the_row_says(any_shop, row)
    assert FIRST_ID not in any_shop.bound_to().values()


@rows(
    Row("unaudited, equal -> audit", {}, "resubmit ready unaudited", [audit()]),
    Row("unaudited, name edited -> update, audit", NAME, "resubmit ready content_changed", [update(**NAME), audit()]),
    Row("unaudited, url edited -> update, audit", URL, "resubmit ready content_changed", [update(**URL), audit()]),
    Row(
        "unaudited, cover edited -> upload, update, audit",
        COVER,
        "resubmit ready content_changed",
        [UPLOAD, update(**NEW_COVER), audit()],
    ),
    Row(
        "unaudited, other app set -> update, audit",
        OTHER_APP,
        "resubmit ready content_changed",
        [update(**OTHER_APP), audit()],
    ),
    Row(
        "unaudited, price edited -> update, audit",
        PRICE,
        "resubmit ready price_changed",
        [update(**NEW_PRICE), audit()],
    ),
    Row(
        "unaudited, price becomes a range -> update with price2, audit",
        RANGE,
        "resubmit ready price_changed",
        [update(priceType=2, price=80.0, price2=120.5), audit()],
    ),
    Row(
        "unaudited, all edited -> upload, update, audit",
        {**NAME, **URL, **COVER, **PRICE},
        "resubmit ready content_changed",
        [UPLOAD, update(**NAME, **URL, **NEW_COVER, **NEW_PRICE), audit()],
    ),
)
def test_unaudited(any_shop: Shop, row: Row) -> None:
    any_shop.lists()
    any_shop.bound(UNAUDITED)
    is_as_the_row_says(any_shop, row)


@pytest.mark.parametrize("in_audit", ["cheapest", "withdraw", "wait"])
def test_in_audit_and_equal__under_review(any_shop: Shop, in_audit: str) -> None:
    any_shop.lists()
    any_shop.bound(IN_AUDIT)
    row = Row("in audit, equal -> under review", {}, "unchanged waiting under_review", policy={"in_audit": in_audit})
    is_as_the_row_says(any_shop, row)
    assert not any_shop.plan().has_difference


IN_AUDIT_ROWS = (
    Row(
        "in audit, price edited, cheapest -> waiting",
        PRICE,
        "update waiting price_under_review",
        policy={"in_audit": "cheapest"},
    ),
    Row(
        "in audit, price edited, wait -> waiting",
        PRICE,
        "update waiting price_under_review",
        policy={"in_audit": "wait"},
    ),
    Row(
        "in audit, price edited, withdraw -> withdraw, update, audit",
        PRICE,
        "resubmit ready price_changed",
        [withdraw(), update(**NEW_PRICE), audit()],
        policy={"in_audit": "withdraw"},
    ),
    *(
        Row(
            f"in audit, content edited, {rule} -> upload, withdraw, update, audit",
            {**NAME, **COVER},
            "resubmit ready content_changed",
            [UPLOAD, withdraw(), update(**NAME, **NEW_COVER), audit()],
            policy={"in_audit": rule},
        )
        for rule in ("cheapest", "withdraw")
    ),
    *(
        Row(
            f"in audit, content and price edited, {rule} -> withdraw, update with both, audit",
            {**URL, **PRICE},
            "resubmit ready content_changed",
            [withdraw(), update(**URL, **NEW_PRICE), audit()],
            policy={"in_audit": rule},
        )
        for rule in ("cheapest", "withdraw")
    ),
    Row(
        "in audit, content edited, wait -> waiting", NAME, "resubmit waiting under_review", policy={"in_audit": "wait"}
    ),
    Row(
        "in audit, content and price edited, wait -> waiting",
        {**NAME, **PRICE},
        "resubmit waiting under_review",
        policy={"in_audit": "wait"},
    ),
    *(
        Row(
            f"in audit, not desired, {rule} -> withdraw, delete",
            None,
            "delete ready not_in_catalogue",
            [withdraw(), delete()],
            policy={"in_audit": rule},
        )
        for rule in ("cheapest", "withdraw")
    ),
    Row("in audit, not desired, wait -> waiting", None, "delete waiting under_review", policy={"in_audit": "wait"}),
)


@rows(*IN_AUDIT_ROWS)
def test_in_audit(any_shop: Shop, row: Row) -> None:
    any_shop.lists()
    any_shop.bound(IN_AUDIT)
    is_as_the_row_says(any_shop, row)


def test_price_edited_in_audit__a_warning_and_then_the_price_alone_once_approved(shop: Shop) -> None:
    shop.lists()
    shop.bound(IN_AUDIT)
    shop.lists(**PRICE)
    assert shop.plan().notices == [("price_under_review", "goods.mug")]
    shop.apply()
    assert shop.calls() == []
    shop.verdict("approve")
    assert shop.apply().of() == "update ready price_changed"
    assert shop.calls() == [update(**NEW_PRICE)]
    shop.rests()


UNKNOWN = (
    Row("in audit, auditId unknown, equal -> under review", {}, "unchanged waiting under_review"),
    Row("in audit, auditId unknown, content edited -> waiting", NAME, "resubmit waiting audit_id_unknown"),
    Row(
        "in audit, auditId unknown, price edited, withdraw -> waiting",
        PRICE,
        "resubmit waiting audit_id_unknown",
        policy={"in_audit": "withdraw"},
    ),
    Row("in audit, auditId unknown, not desired -> waiting", None, "delete waiting audit_id_unknown"),
)


@rows(*UNKNOWN)
def test_in_audit_and_the_audit_id_unknown(any_shop: Shop, row: Row) -> None:
    any_shop.lists()
    any_shop.adopt("mug", any_shop.api_goods(IN_AUDIT))
    is_as_the_row_says(any_shop, row)


def test_a_refused_withdrawal_makes_the_audit_id_unknown(shop: Shop) -> None:
    shop.lists()
    shop.bound(IN_AUDIT)
    shop.lists(**NAME)
    shop.fault("resetaudit", "errcode", code=300009)
    assert shop.apply().ended() == ("failed", 300009)
    assert shop.called() == ["withdraw"]
    assert shop.plan().of() == "resubmit waiting audit_id_unknown"
    shop.rests()
    shop.verdict("reject")
    assert shop.plan().of() == "resubmit ready content_changed"


def test_approved_and_equal__nothing(any_shop: Shop) -> None:
    any_shop.lists()
    any_shop.bound(APPROVED)
    is_as_the_row_says(any_shop, Row("approved, equal -> nothing", {}, "nothing"))
    assert any_shop.plan().plan.complete


APPROVED_ROWS = (
    Row(
        "approved, price edited -> update with priceType and price",
        PRICE,
        "update ready price_changed",
        [update(**NEW_PRICE)],
    ),
    Row(
        "approved, price becomes a range -> update with price2, too",
        RANGE,
        "update ready price_changed",
        [update(priceType=2, price=80.0, price2=120.5)],
    ),
    Row(
        "approved, price becomes a discount -> update with all three",
        DISCOUNT,
        "update ready price_changed",
        [update(priceType=3, price=99.5, price2=79.0)],
    ),
    Row("approved, content edited, block -> held", {**NAME, **COVER}, "replace blocked locked_when_approved"),
    Row(
        "approved, content and price edited, block -> the price goes, the content is held",
        {**NAME, **PRICE},
        "update ready price_changed",
        [update(**NEW_PRICE)],
        held=[(("name",), "locked_when_approved")],
    ),
    Row(
        "approved, content edited, replace -> upload, add, delete",
        {**NAME, **COVER},
        "replace ready content_changed",
        [UPLOAD, add(**NAME, **NEW_COVER), delete()],
        policy={"locked_change": "replace"},
    ),
    Row(
        "approved, content and price edited, replace -> add with both, delete",
        {**URL, **PRICE},
        "replace ready content_changed",
        [add(**URL, **NEW_PRICE), delete()],
        steps="upload, add, delete",
        policy={"locked_change": "replace"},
    ),
    Row(
        "approved, content edited, block, but the item says replace -> upload, add, delete",
        {**NAME, **COVER, "locked_change": "replace"},
        "replace ready content_changed",
        [UPLOAD, add(**NAME, **NEW_COVER), delete()],
    ),
    Row(
        "approved, content edited, replace, but the item says block -> held",
        {**NAME, "locked_change": "block"},
        "replace blocked locked_when_approved",
        policy={"locked_change": "replace"},
    ),
    Row("approved, not desired -> delete", None, "delete ready not_in_catalogue", [delete()]),
)


@rows(*APPROVED_ROWS)
def test_approved(any_shop: Shop, row: Row) -> None:
    any_shop.lists()
    any_shop.bound(APPROVED)
    is_as_the_row_says(any_shop, row)


def test_approved_two_prices_become_one__price2_is_not_sent(any_shop: Shop) -> None:
    any_shop.lists(**DISCOUNT)
    any_shop.bound(APPROVED)
    row = Row(
        "back to one price",
        {"priceType": None, "price": "89", "price2": None},
        "update ready price_changed",
        [update(**NEW_PRICE)],
    )
    is_as_the_row_says(any_shop, row)


REJECTED_ROWS = (
    Row("rejected, equal to what was submitted -> held", {}, "resubmit blocked rejected"),
    Row("rejected, name edited -> update, audit", NAME, "resubmit ready content_changed", [update(**NAME), audit()]),
    Row(
        "rejected, price edited -> update, audit", PRICE, "resubmit ready price_changed", [update(**NEW_PRICE), audit()]
    ),
    Row(
        "rejected, cover and url edited -> upload, update, audit",
        {**COVER, **URL},
        "resubmit ready content_changed",
        [UPLOAD, update(**NEW_COVER, **URL), audit()],
    ),
    Row("rejected, not desired -> delete", None, "delete ready not_in_catalogue", [delete()]),
)


@rows(*REJECTED_ROWS)
def test_rejected(any_shop: Shop, row: Row) -> None:
    any_shop.lists()
    any_shop.bound(REJECTED)
    is_as_the_row_says(any_shop, row)


def test_unaudited_not_desired__delete(any_shop: Shop) -> None:
    any_shop.lists()
    any_shop.bound(UNAUDITED)
    row = Row("unaudited, not desired", None, "delete ready not_in_catalogue", [delete()])
    is_as_the_row_says(any_shop, row)


@pytest.mark.parametrize("status_after", ["rejected", "unaudited"])
@pytest.mark.parametrize(
    ("edit", "sent"),
    [({}, {"name": LISTED["name"], "url": LISTED["url"], "priceType": 1, "price": 99.5}), (NAME, NAME)],
)
def test_rejected_and_resubmit_asked__update_audit(
    any_shop: Shop, edit: Entry, sent: dict[str, Any], status_after: str
) -> None:
    any_shop.settings(rejected_update_makes=status_after)
    any_shop.lists()
    any_shop.bound(REJECTED)
    any_shop.lists(**edit)
    made = any_shop.apply(resubmit=["mug"])
    assert made.of() == f"resubmit ready {'content_changed' if edit else 'resubmit_asked'}"
    assert any_shop.calls() == [update(**sent), audit()]
    any_shop.rests()


def test_rejected_again__held_until_edited_again(shop: Shop) -> None:
    shop.lists()
    shop.bound(REJECTED)
    shop.lists(**NAME)
    assert shop.apply().of() == "resubmit ready content_changed"
    shop.verdict("reject")
    assert shop.plan().of() == "resubmit blocked rejected"
    shop.lists(name="茶杯 & 茶托")  # back to what was rejected first: not what was submitted last
    assert shop.plan().of() == "resubmit ready content_changed"


BOUND_BUT = (
    Row("bound, but made in the console -> blocked", NAME, "resubmit blocked not_ours"),
    Row("bound, but made in the console, not desired -> blocked", None, "delete blocked not_ours"),
)


@rows(*BOUND_BUT)
def test_bound_but_made_in_the_console(any_shop: Shop, row: Row) -> None:
    any_shop.lists()
    any_shop.bound(UNAUDITED)
    any_shop.somebody_edits(FIRST_ID, third_party_tag=0)
    is_as_the_row_says(any_shop, row)


@rows(
    Row("bound, but of an unknown status -> blocked", NAME, "unchanged blocked unknown_status"),
    Row("bound, but of an unknown status, not desired -> blocked", None, "delete blocked unknown_status"),
)
def test_bound_but_of_an_unknown_status(any_shop: Shop, row: Row) -> None:
    any_shop.lists()
    any_shop.bound(APPROVED)
    any_shop.somebody_edits(FIRST_ID, audit_status=7)
    is_as_the_row_says(any_shop, row)


def test_bound_but_refused_as_not_made_through_the_api__blocked_from_then_on(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED)
    shop.lists(**PRICE)
    shop.fault("update", "errcode", code=300011)
    assert shop.apply().ended() == ("failed", 300011)
    assert shop.called() == ["update"]
    assert shop.plan().of() == "update blocked not_ours"
    shop.rests()


def test_made_in_the_console_and_bound_to_nothing__never_touched_and_a_twin_is_a_warning(any_shop: Shop) -> None:
    theirs = any_shop.console_goods()
    any_shop.lists()
    made = any_shop.apply()
    assert made.of() == "add ready new"
    assert made.notices == [("console_twin", "goods.mug")]
    assert made.document["unmanaged"] == {"count": 1, "console_made": 1}
    assert any_shop.called() == ["upload", "add"]
    any_shop.rests()
    before = any_shop.goods(theirs)
    any_shop.drops("mug")
    any_shop.lists("other")
    any_shop.apply()
    assert any_shop.goods(theirs) == before


def test_a_twin_of_ours_bound_to_nothing__blocked_until_adopted(any_shop: Shop) -> None:
    twin = any_shop.api_goods(price=12)  # prices are ignored
    any_shop.lists()
    made = any_shop.apply()
    assert made.of() == "add blocked twin_exists"
    assert f"adopt mug {twin}" in made.change().message
    assert "--allow-twin goods.mug" in made.change().message
    assert any_shop.calls() == []
    any_shop.adopt("mug", twin)
    assert any_shop.plan(allow_price_change=["mug"]).of() == "update ready price_changed"


def test_a_twin_of_ours_and_allow_twin__add(any_shop: Shop) -> None:
    any_shop.api_goods()
    any_shop.lists()
    assert any_shop.apply(allow_twin=["mug"]).of() == "add ready new"
    assert any_shop.calls() == [UPLOAD, add()]
    any_shop.rests()


def test_a_twin_of_a_lost_item__blocked(any_shop: Shop) -> None:
    any_shop.lists()
    any_shop.bound(APPROVED)
    any_shop.somebody_deletes(FIRST_ID)
    any_shop.api_goods()
    assert any_shop.apply().of() == "add blocked twin_exists"
    assert any_shop.calls() == []
    assert any_shop.apply(allow_twin=["mug"]).of() == "add ready lost_remotely"
    assert any_shop.called() == ["add"]


def test_a_twin_does_not_stop_a_replacement(any_shop: Shop) -> None:
    any_shop.lists()
    any_shop.bound(APPROVED)
    any_shop.api_goods(**NAME)
    any_shop.lists(**NAME, locked_change="replace")
    assert any_shop.apply().of() == "replace ready content_changed"
    assert any_shop.called() == ["add", "delete"]


def test_what_we_deleted_is_nobodys_twin(any_shop: Shop) -> None:
    """A list can still show for a while what was deleted."""
    any_shop.lists()
    any_shop.lists("other", name="另一个茶杯")
    any_shop.bound(APPROVED)
    any_shop.drops("mug")
    any_shop.apply()
    assert any_shop.calls() == [delete()]
    any_shop.settings(list_lag_seconds=3600)
    any_shop.lists()
    assert any_shop.goods() is None
    assert any_shop.plan(target=["mug"]).of() == "add ready new"
