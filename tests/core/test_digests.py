"""Digests (contract section 6): equal meaning, equal text; what will be done and to what, not when."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.core.digest import canonical, digest, fingerprint
from catalog_sync.core.model import (
    Action,
    AuditStatus,
    Disposition,
    Held,
    MaxDeletes,
    PoolSetting,
    Role,
    Step,
)
from catalog_sync.core.plan import Selection, change_digest, selection_document
from tests.core.settings import LAW
from tests.core.shop import CUP, TODAY, address, binding, copy, item, quota, remote, shop

DEARER = shop(item(desired=CUP._replace(price=9990)), binding(), remote())
CHANGE = DEARER.only()
STEP = CHANGE.steps[0]


def test_the_digest_of_a_change_is_its_own() -> None:
    assert CHANGE.digest == change_digest(CHANGE)
    assert CHANGE.digest.startswith("sha256:")
    assert len(CHANGE.digest) == 71


@pytest.mark.parametrize(
    "changed",
    [
        {"address": address("mug")},
        {"remote_id": 52},
        {"audit_status": AuditStatus.REJECTED},
        {"before": {"priceType": 1, "price": 9951}},
        {"after": {"priceType": 1, "price": 9991}},
        {"action": Action.RESUBMIT},
        {"item": item(desired=CUP._replace(price=9991))},
        {"item": item(desired=CUP._replace(price=9990, cover="sha256:other"))},
        {"steps": ()},
        {"steps": (replace(STEP, call="other"),)},
        {"steps": (replace(STEP, fields=("price",)),)},
        {"steps": (replace(STEP, role=Role.SUCCESSOR),)},
        {"held": (Held(("name",), "drifted", "Somebody else changed it."),)},
        {"previous": address("old")},
        {"binding": binding(successor=copy(52))},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_changes_the_digest(changed: dict[str, object]) -> None:
    assert change_digest(replace(CHANGE, **changed)) != CHANGE.digest  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        {"disposition": Disposition.DEFERRED},
        {"scheduled_for": TODAY + timedelta(days=3)},
        {"not_before": 1.0},
        {"late": True},
        {"note": "the reviewer dislikes the name"},
        {"message": "In other words."},
        {"held": ()},
        {"item": item(desired=CUP._replace(price=9990), position=7, priority=3, needed_by=1.0)},
        {"steps": (Step("update", STEP.verb, None, STEP.fields),)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_does_not_change_the_digest(changed: dict[str, object]) -> None:
    assert change_digest(replace(CHANGE, **changed)) == CHANGE.digest  # type: ignore[arg-type]


def test_the_words_of_what_is_held_do_not_change_the_digest() -> None:
    one = replace(CHANGE, held=(Held(("name",), "drifted", "Somebody else changed it."),))
    two = replace(CHANGE, held=(Held(("name",), "drifted", "Someone did."),))
    assert change_digest(one) == change_digest(two)


def test_the_digest_of_a_plan_is_of_its_changes_and_its_selection() -> None:
    plan = DEARER.plan()
    selection = asdict(selection_document(Selection()))
    assert plan.digest == digest({"changes": [CHANGE.digest], "selection": selection})
    assert DEARER.choosing(target=(address("cup"),)).plan().digest != plan.digest
    assert DEARER.choosing(accept_losses=True).plan().digest != plan.digest


def test_a_deferred_change_counts_and_a_held_one_does_not() -> None:
    plan = DEARER.plan()
    tomorrow = replace(DEARER, used={("update", TODAY): 1000})
    assert (tomorrow.only().disposition, tomorrow.plan().digest) == (Disposition.DEFERRED, plan.digest)
    never = replace(DEARER, catalogue=replace(DEARER.catalogue, quota=quota(update=PoolSetting(1, 1))))
    assert never.plan().digest == shop(item(), binding(), remote()).plan().digest != plan.digest


def test_the_order_of_a_selection_is_not_its_meaning() -> None:
    one = Selection(target=(address("b"), address("a"), address("b")), exclude=(address("d"), address("c")))
    two = Selection(target=(address("a"), address("b")), exclude=(address("c"), address("d")))
    assert selection_document(one) == selection_document(two)


@pytest.mark.parametrize(
    ("selection", "shown"),
    [
        (Selection(), None),
        (Selection(no_limit=True), "none"),
        (Selection(max_deletes=MaxDeletes(7, None)), 7),
        (Selection(max_deletes=MaxDeletes(0, None)), 0),
        (Selection(max_deletes=MaxDeletes(None, 50)), "50%"),
    ],
)
def test_the_selection_in_the_document(selection: Selection, shown: object) -> None:
    assert asdict(selection_document(selection)) == {
        "target": (),
        "exclude": (),
        "prune": True,
        "resubmit": (),
        "allow_twin": (),
        "allow_price_change": (),
        "max_deletes": shown,
        "accept_losses": False,
        "refresh": True,
    }


def test_canonical_text() -> None:
    assert canonical({"b": [1, None, "茶"], "a": True}) == '{"a":true,"b":[1,null,"茶"]}'.encode()


@LAW
@given(st.dictionaries(st.text(max_size=4), st.integers() | st.text(max_size=4), max_size=5))
def test_the_order_of_a_mapping_is_not_its_meaning(mapping: dict[str, object]) -> None:
    assert digest(dict(reversed(mapping.items()))) == digest(mapping)


def test_a_fingerprint_is_of_content_and_price() -> None:
    assert fingerprint(CUP) == fingerprint(tuple(CUP))
    assert len({fingerprint((*CUP[:at], "x", *CUP[at + 1 :])) for at in range(len(CUP))}) == 7
