"""The way that a system goes until it can be trusted: start at 01, and go on when it passes.

Each test says in its first line what is promised, and below what to look at when it is not kept.
"""

from __future__ import annotations

import pytest

from .system import APPROVED, BYSTANDER, CONTENT, ITEM, Row, System


def first_row(system: System, call: str) -> Row:
    """The first row whose run makes this call."""
    return next(row for row in system.rows if call in row.calls)


def begin(system: System, row: Row) -> None:
    """Let an item stand as a row says, and edit it."""
    system.stands(row.state)
    system.does(row.edit)


# ---- look, add, look again


def test_01_it_lists_nothing(system: System) -> None:
    """A platform that has no item yet: the plan adds, and a plan writes nothing.

    `fetch` returns an empty listing that is whole; `Section` reads the catalogue; the policy routes what is new.
    """
    system.lists(ITEM)
    changes = system.changes()
    assert changes[system.address()] == ("add", "ready", "new")
    assert system.called() == []
    assert system.there() == []


def test_02_it_adds_one(system: System) -> None:
    """The calls are those of the first row, each once; afterwards the platform has the item, as it is written.

    `perform` sends one call and never repeats it; the wire turns fen, pictures and text into what the platform takes.
    """
    system.lists(ITEM)
    system.shop.apply()
    assert tuple(system.called()) == first_row(system, system.rows[0].calls[0]).calls
    assert [key for key, _, _ in system.there()] == [ITEM]
    system.shop.verdict()
    assert {key: looks for key, _, looks in system.there()} == system.wanted()


def test_03_its_id_is_bound(system: System) -> None:
    """The state has the very id that the platform gave, to the last digit.

    `Receipt.remote_id` comes from the answer; an id beyond 2^53 must not pass through a float.
    """
    system.lists(ITEM)
    system.shop.apply()
    ((key, remote_id, _),) = system.there()
    assert system.bound() == {key: remote_id}


def test_04_a_second_plan_is_empty(system: System) -> None:
    """Under review there is nothing to do, afterwards nothing at all, and a run sends nothing.

    What the platform shows must read back as what was sent: folds, absent fields, links in place of pictures.
    """
    system.lists(ITEM)
    system.shop.apply()
    assert {change[1:] for change in system.changes().values()} <= {("waiting", "under_review")}
    system.shop.verdict()
    assert system.changes("--detailed-exitcode") == {}
    system.called()
    system.shop.apply()
    assert system.called() == []


# ---- edits


def test_05_it_edits(system: System, row: Row) -> None:
    """Every edit in every state of the review costs the calls of its row, no other; in the end all of it is true.

    This is the policy's table. What has no calls waits; it must come true by itself once the reviewer has decided.
    """
    begin(system, row)
    system.shop.apply()
    assert system.called() == list(row.calls)
    system.comes_true()


def test_06_it_leaves_alone_what_is_not_ours(system: System) -> None:
    """An item of somebody else is never changed and never deleted, not even when ours beside it are.

    What is bound to nothing is reported as unmanaged; only bound items are pruned.
    """
    stranger = system.stranger()
    before = [looks for _, id_, looks in system.there() if id_ == stranger]
    system.stands(APPROVED)
    system.drops(ITEM)
    for _ in range(2):
        system.shop.apply()
        system.shop.verdict()
    assert [looks for _, id_, looks in system.there() if id_ == stranger] == before
    system.check(stranger)


# ---- answers


@pytest.mark.parametrize("kind_of_loss", ["drop", "drop_after", "errcode_after"])
def test_07_an_answer_that_is_lost(system: System, call: str, kind_of_loss: str) -> None:
    """A call whose answer is lost is looked for before it is sent again: nothing is there twice, nothing is missing.

    The client raises `InDoubt`, the row stays open, and `settle` must find by content or by key what was done. The same
    for a code that nobody documents: `explain` answers `UNKNOWN`.
    """
    begin(system, first_row(system, call))
    system.fails(call, kind_of_loss, **({"code": 987654} if kind_of_loss == "errcode_after" else {}))
    system.shop.apply(code=None)
    system.comes_true()


def test_08_a_token_that_dies(system: System, call: str) -> None:
    """One new token, one repeat, and the run goes on.

    The code of a dead token is a refusal that surely did nothing (`Effect.TOKEN`); the engine repeats, not the client.
    """
    row = first_row(system, call)
    begin(system, row)
    system.fails(call, "stale_token")
    system.shop.apply()
    assert sorted(system.called()) == sorted([*row.calls, call])
    system.comes_true()


def test_09_refused_content_is_remembered(system: System) -> None:
    """What the platform refuses for what it says is not sent again until it says something else.

    The code's effect is `CONTENT`; the refusal is kept with a fingerprint of the content.
    """
    begin(system, system.rows[0])
    call, code = system.refusal
    system.fails(call, "errcode", code=code)
    results = system.shop.apply(code=1).document["results"]
    (error,) = [each["error"] for each in results if each["address"] == system.address()]
    assert (error["errcode"], bool(error["hint"])) == (code, True)
    system.called()
    assert system.changes()[system.address()] == ("add", "blocked", "refused")
    system.shop.apply()
    assert system.called() == []
    system.does(CONTENT)
    assert system.changes()[system.address()] == ("add", "ready", "new")
    system.comes_true()


# ---- quota


def test_10_a_pool_that_is_nearly_empty(system: System) -> None:
    """What the day has no room for is planned for the next, and goes then; nothing is sent that cannot be finished.

    Steps name their pool, `pools` has the limits, the catalogue's `quota:` may lower them.
    """
    for key in (ITEM, BYSTANDER):
        system.lists(key)
    system.shop.sections["quota"] = {system.pool: {"limit": 1}}
    assert system.changes()[system.address(BYSTANDER)][1] == "deferred"
    system.shop.apply()
    assert [key for key, _, _ in system.there()] == [ITEM]
    system.shop.verdict()
    system.shop.control("clock", advance="25h")
    system.comes_true()


def test_11_a_pool_that_the_platform_calls_empty(system: System) -> None:
    """Another tool spends, too: the platform's word ends the pool for today, and is no error.

    The code's effect is `POOL`; what is left is skipped, and goes tomorrow.
    """
    begin(system, system.rows[0])
    system.fails(system.refusal[0], "errcode", code=45009)
    outcomes = system.shop.apply().outcomes
    assert outcomes[system.address().removeprefix("goods.")] == "skipped"
    system.called()
    system.shop.apply()
    assert [call for call in system.called() if call == system.refusal[0]] == []
    system.shop.control("clock", advance="25h")
    system.comes_true()


# ---- looks that cannot be trusted


def test_12_a_list_that_cannot_be_read(system: System) -> None:
    """What was not seen might be there: nothing is added.

    `Listing.unread`, with the reason in words; bound items that were seen go on.
    """
    begin(system, system.rows[0])
    system.shop.fault(system.list_call, "errcode", code=47001, times=1000)
    assert system.changes()[system.address()] == ("add", "blocked", "observation_incomplete")
    system.shop.apply(code=None)
    assert system.called() == []
    system.comes_true()


def test_13_an_item_that_the_list_omits(system: System) -> None:
    """Missing from a list is not gone: an item that is bound is asked for by id, and nothing becomes of it.

    `look_up` answers for single ids.
    """
    system.stands(APPROVED)
    system.hides(system.bound()[ITEM])
    assert system.changes() == {}
    system.shop.apply()
    assert system.called() == []
    system.comes_true()


def test_14_a_list_that_omits_what_the_state_does_not_know(system: System) -> None:
    """The state is lost and the list is short: still nothing is there twice.

    Where items carry no key the total must tell (`Listing.short`), and adds wait; where they do, the platform refuses
    the add (`Effect.EXISTS`), and the item is found by `find`.
    """
    system.stands(APPROVED)
    system.hides(system.bound()[ITEM])
    system.forgets()
    system.shop.apply(code=None)
    assert sorted(key for key, _, _ in system.there()) == sorted(system.wanted())
    system.shop.heal()
    system.rebuilds()
    system.shop.verdict()
    assert sorted(system.bound().items()) == sorted((key, id_) for key, id_, _ in system.there())
    assert system.changes() == {}


def test_15_an_item_that_is_gone(system: System) -> None:
    """Deleted behind our back, and its absence confirmed: it is added again, once, under its new id.

    The old id becomes `absent` only by a whole listing and two looks at the id.
    """
    system.stands(APPROVED)
    gone = system.bound()[ITEM]
    system.loses(gone)
    assert system.changes()[system.address()] == ("add", "ready", "lost_remotely")
    system.comes_true()
    assert system.bound()[ITEM] != gone


# ---- a state that is lost, a run that is killed, two runs


def test_16_a_state_that_is_lost(system: System) -> None:
    """Nothing is sent; every item is bound again to the id that it had.

    `keyed` systems bind by key at the next run; the others are `twin_exists` until `adopt --match`.
    """
    system.stands(APPROVED)
    before = system.bound()
    system.forgets()
    system.shop.apply(code=None)
    system.rebuilds()
    assert system.called() == []
    assert system.bound() == before
    assert system.changes() == {}


@pytest.mark.parametrize("at", ["begun", "answered"])
def test_17_a_run_that_is_killed(system: System, call: str, at: str) -> None:
    """SIGKILL when a call is written down and not sent, and when it is answered and not stored: the next run converges.

    Nothing to do for a system that passes 07: the journal knows what was begun, and looking tells the rest.
    """
    begin(system, first_row(system, call))
    system.shop.killed(at, call)
    assert call in [each["call"] for each in system.shop.state["open"]]
    system.comes_true()


def test_18_two_runs_at_once(system: System) -> None:
    """One holds the lock, in the middle of a call; the other sends nothing, and nothing is there twice.

    A client keeps no state of its own between calls that a second process would have to know.
    """
    begin(system, system.rows[0])
    call = system.rows[0].calls[1]
    first = system.shop.held("answered", call)
    assert system.shop.apply(code=1).error_code == "lock_held"
    first.goes_on()
    assert first.wait().code == 0
    assert system.called() == list(system.rows[0].calls)
    system.comes_true()
