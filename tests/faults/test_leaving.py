"""Runs that end before their work does: told to stop while the platform hangs, refused, broken by the state."""

from __future__ import annotations

import signal

import pytest

from tests.faults.harness import ADD, Shop, until

APPLY = ("apply", "--yes", "--format", "json")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_call_that_hangs_does_not_hold_a_run_that_is_told_to_stop(
    shop: Shop, number: signal.Signals, code: int
) -> None:
    for key in "ab":
        shop.lists(key)
    shop.fault(ADD, "slow_after", seconds=60)
    running = shop.begin(*APPLY)
    until(lambda: "add" in shop.called())
    running.signal(number)
    ended = running.wait(15.0)  # before the 20 s after which it would give the answer up by itself
    assert ended.code == code
    assert "in_doubt" in ended.outcomes.values()
    assert shop.rows("SELECT * FROM leases") == []
    shop.converges()


def test_until_done_ends_when_the_account_is_refused(shop: Shop) -> None:
    for key in "ab":
        shop.lists(key)
    shop.fault(ADD, "errcode", code=48001, times=99)
    ended = shop.command(*APPLY, "--until-done", "--timeout", "60s")
    assert (ended.code, "Stopped by --timeout" in ended.err) == (1, False)
    assert ended.document["summary"]["failed"] >= 1


def test_until_done_tries_a_round_again_that_could_not_be_made(shop: Shop) -> None:
    shop.lists("a")
    shop.control("settings", verdict="approve", verdict_after=2)
    try:
        shop.fault("list", "http_503", times=6, after=4)
        ended = shop.command(*APPLY, "--until-done", "--timeout", "120s")
    finally:
        shop.control("settings", verdict="manual", verdict_after=0)  # the other tests' platform, too
    assert (ended.code, ended.document["summary"]["applied"]) == (0, 1)
    assert "This round could not be made, and is tried again: " in ended.err
