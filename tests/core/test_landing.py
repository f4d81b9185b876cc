"""What each landed call changes in a binding (rules sections 1, 3a, 8)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog_sync.core.journal import Amendment, Entry
from catalog_sync.core.landing import landed
from catalog_sync.core.model import Binding, Copy, Role, Value, Values, Verb
from catalog_sync.providers.live_goods.schema import SCHEMA
from tests.core.shop import CUP, NOTHING, NOW, SHOWN_CUP, TODAY, address, binding, copy, values

CUP_ADDRESS = address("cup")
NEW = CUP._replace(name="新茶杯")
OLD_AND_NEW = binding(current=copy(51), successor=copy(52, NEW, audit_id=7002))


def entry(verb: Verb, **more: object) -> Entry:
    made = Entry(CUP_ADDRESS, str(verb), verb, None, TODAY, "sha256:ab", began_at=NOW)
    return replace(made, **more)  # type: ignore[arg-type]


def after(held: Binding | None, done: Entry, *, remote_id: int | None = None, audit_id: int | None = None) -> Amendment:
    return landed(SCHEMA, held, done, remote_id=remote_id, audit_id=audit_id, at=NOW)


def test_an_add_binds_what_it_made() -> None:
    done = after(None, entry(Verb.CREATE, values=CUP, protect=True), remote_id=51, audit_id=7001)
    made = Copy(51, 7001, CUP, CUP, NOTHING, NOTHING, NOW)
    assert done == Amendment(put=(Binding(CUP_ADDRESS, made, None, protect=True),), forgiven=(CUP_ADDRESS,))


def test_an_add_whose_answer_was_lost_has_no_audit_id() -> None:
    (bound,) = after(None, entry(Verb.CREATE, values=CUP), remote_id=51).put
    assert bound.current == Copy(51, None, CUP, CUP, NOTHING, NOTHING, NOW)


def test_an_add_of_a_lost_item_takes_its_place() -> None:
    (bound,) = after(OLD_AND_NEW, entry(Verb.CREATE, values=NEW), remote_id=53).put
    assert bound == Binding(CUP_ADDRESS, Copy(53, None, NEW, NEW, NOTHING, NOTHING, NOW))


def test_an_add_for_a_replacement_enters_as_successor() -> None:
    done = entry(Verb.CREATE, values=NEW, role=Role.SUCCESSOR, protect=True)
    (bound,) = after(binding(), done, remote_id=52, audit_id=7002).put
    assert bound == Binding(CUP_ADDRESS, copy(), Copy(52, 7002, NEW, NEW, NOTHING, NOTHING, NOW), protect=True)


def test_a_successor_without_a_current_is_the_current() -> None:
    (bound,) = after(None, entry(Verb.CREATE, values=NEW, role=Role.SUCCESSOR), remote_id=52).put
    assert (bound.current.remote_id, bound.successor) == (52, None)


def test_an_add_needs_its_id_and_its_values() -> None:
    with pytest.raises(ValueError, match="has an id"):
        after(None, entry(Verb.CREATE, values=CUP))
    with pytest.raises(ValueError, match="made from values"):
        after(None, entry(Verb.CREATE), remote_id=51)


@pytest.mark.parametrize(
    ("fields", "sent", "echo", "before"),
    [
        pytest.param(
            {"name": "新茶杯"},
            NEW,
            (None, *SHOWN_CUP[1:]),
            ("TIT茶杯", *NOTHING[1:]),
            id="only the fields that it set",
        ),
        pytest.param(
            {"priceType": 1, "price": 8900},
            CUP._replace(price=8900),
            (*SHOWN_CUP[:4], None, None, None),
            (*NOTHING[:4], 1, 9950, None),
            id="prices as a group",
        ),
        pytest.param(
            {"priceType": 3, "price": 9950, "price2": 8000},
            values(prices=(3, 9950, 8000)),
            (*SHOWN_CUP[:4], None, None, None),
            (*NOTHING[:4], 1, 9950, None),
            id="a second price",
        ),
        pytest.param(
            {"thirdPartyAppid": ""}, CUP, (*SHOWN_CUP[:3], None, *SHOWN_CUP[4:]), (*NOTHING[:3], "", *NOTHING[4:])
        ),
    ],
)
def test_an_update(fields: dict[str, Value], sent: Values, echo: Values, before: Values) -> None:
    done = entry(Verb.UPDATE, remote_id=51, fields=fields, before=SCHEMA.named(SHOWN_CUP))
    expected = copy(sent=sent, submitted=CUP, echo=echo, replaced=before, written_at=NOW)
    assert after(binding(), done) == Amendment(put=(binding(current=expected),), forgiven=(CUP_ADDRESS,))


def test_a_second_price_that_is_not_sent_is_cleared() -> None:
    ranged = values(prices=(2, 100, 200))
    before = SCHEMA.named(SHOWN_CUP._replace(priceType=2, price=100, price2=200))
    done = entry(Verb.UPDATE, remote_id=51, fields={"priceType": 1, "price": 9950}, before=before)
    (bound,) = after(binding(current=copy(sent=ranged)), done).put
    assert (bound.current.sent, bound.current.replaced[4:]) == (CUP, (2, 100, 200))


def test_an_update_of_a_successor() -> None:
    done = entry(Verb.UPDATE, remote_id=52, role=Role.SUCCESSOR, fields={"name": "第三茶杯"})
    (bound,) = after(OLD_AND_NEW, done).put
    assert bound.current == copy(51)
    assert bound.successor is not None
    assert bound.successor.sent == CUP._replace(name="第三茶杯")


def test_a_submission_is_remembered_with_its_content_and_audit_id() -> None:
    held = binding(current=copy(sent=NEW, submitted=CUP, audit_id=None))
    done = entry(Verb.SUBMIT, remote_id=51, values=NEW)
    expected = replace(held.current, submitted=NEW, audit_id=7009, written_at=NOW)
    assert after(held, done, audit_id=7009) == Amendment(put=(binding(current=expected),), forgiven=(CUP_ADDRESS,))


def test_a_submission_whose_answer_was_lost_has_no_audit_id() -> None:
    (bound,) = after(binding(), entry(Verb.SUBMIT, remote_id=51)).put
    assert bound.current == copy(audit_id=None, written_at=NOW)


def test_a_withdrawal_ends_the_audit_id() -> None:
    done = after(binding(), entry(Verb.WITHDRAW, remote_id=51, audit_id=7001))
    assert done == Amendment(put=(binding(current=copy(audit_id=None, written_at=NOW)),))


def test_an_upload_changes_nothing() -> None:
    assert after(binding(), entry(Verb.UPLOAD)) == Amendment()


@pytest.mark.parametrize(
    ("held", "remote_id", "expected"),
    [
        pytest.param(binding(), 51, Amendment(drop=(CUP_ADDRESS,), tombstones=(("goods", 51),)), id="the only one"),
        pytest.param(
            OLD_AND_NEW,
            51,
            Amendment(put=(binding(current=copy(52, NEW, audit_id=7002)),), tombstones=(("goods", 51),)),
            id="the old one: the successor becomes current",
        ),
        pytest.param(OLD_AND_NEW, 52, Amendment(put=(binding(),), tombstones=(("goods", 52),)), id="the successor"),
        pytest.param(OLD_AND_NEW, 99, Amendment(tombstones=(("goods", 99),)), id="one that is not bound any more"),
        pytest.param(None, 51, Amendment(tombstones=(("goods", 51),)), id="forgotten in between"),
    ],
)
def test_a_delete_leaves_a_tombstone(held: Binding | None, remote_id: int, expected: Amendment) -> None:
    assert after(held, entry(Verb.DELETE, remote_id=remote_id)) == expected


@pytest.mark.parametrize("verb", [Verb.UPDATE, Verb.SUBMIT, Verb.WITHDRAW])
def test_a_call_on_an_item_that_is_not_bound_any_more_binds_nothing(verb: Verb) -> None:
    done = entry(verb, remote_id=99, fields={"name": "新茶杯"} if verb is Verb.UPDATE else {})
    assert after(binding(), done).put == ()
    assert after(None, done).put == ()
