"""Runs that meet another run, a signal, a state that cannot be used, or no network."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM

from .harness import ADD, PATHS, Expected, Nursery, Shop, shop_on, until
from .scenes import EDITED
from .test_settling import WAITS

LOCKED = "Waiting for the lock"
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
NOBODY = 65534


def adds(shop: Shop) -> int:
    """How many adds the platform saw."""
    return sum(call["path"] == PATHS[ADD] for call in shop.calls())


def recovered(shop: Shop) -> None:
    """What a run saved beside the state is brought back."""
    for path in sorted(shop.state_file.parent.glob("errored-*.jsonl")):
        ended = shop.command("state", "recover", str(path))
        assert ended.code == 0, ended


# ---- two runs


def test_two_runs_at_once(shop: Shop) -> None:
    shop.lists()
    first = shop.held("answered", ADD)
    held = shop.apply(code=1)
    assert held.error_code == "lock_held"
    assert "is locked by tests" in held.document["error"]["message"]
    assert shop.command("adopt", "mug", "51", "--format", "json").error_code == "lock_held"
    second = shop.begin("apply", "--yes", "--format", "json", "--lock-timeout", "20s")
    second.says(LOCKED)
    first.goes_on()
    assert first.wait().code == 0
    waited = second.wait()
    assert waited.document["results"] == []
    assert adds(shop) == 1
    shop.converges()


@pytest.mark.parametrize("at", ["begun", "answered"])
def test_a_run_that_is_paused_for_longer_than_its_lease(shop: Shop, at: str) -> None:
    """Another run takes over and settles the call. The first one, awake again, stores nothing more. Between the check
    of its lease and the send it cannot know (rules section 8): that one call may then be sent."""
    shop.lists("a")
    shop.lists("b")
    first = shop.held(at, ADD)
    shop.passes()
    second = shop.apply()
    assert second.outcomes == ({"b": "applied"} if at == "answered" else {"a": "applied", "b": "applied"})
    first.goes_on()
    ended = first.wait()
    assert ended.code == 1
    assert ended.outcomes == {"a": "in_doubt", "b": "skipped"}
    assert {ended.error(key)["code"] for key in "ab"} == {"lock_lost"}
    recovered(shop)
    if at == "answered":
        assert adds(shop) == 2
        shop.converges()
    else:
        twin = max(goods["goods_id"] for goods in shop.world)
        shop.passes()
        shop.apply()
        shop.check(Expected(strangers=frozenset({twin})))


# ---- signals


@pytest.mark.parametrize("number", CODES)
def test_a_signal_while_a_call_is_under_way(shop: Shop, number: signal.Signals) -> None:
    for key in "abcd":
        shop.lists(key)
    running = shop.held("answered", ADD)
    running.is_told(number)
    running.goes_on()
    ended = running.wait()
    assert ended.code == CODES[number]
    assert ended.outcomes == {"a": "applied", "b": "skipped", "c": "skipped", "d": "skipped"}
    assert ended.error("b")["code"] == "interrupted"
    assert adds(shop) == 1
    assert (shop.rows("SELECT * FROM leases"), shop.open_calls) == ([], [])
    shop.converges()


@pytest.mark.parametrize("at", ["begun", "answered"])
@pytest.mark.parametrize("second", CODES)
def test_a_second_signal_ends_it_at_once(shop: Shop, second: signal.Signals, at: str) -> None:
    for key in "ab":
        shop.lists(key)
    running = shop.held(at, ADD)
    running.is_told(signal.SIGINT)
    running.signal(second)
    assert running.wait().code == -second
    shop.converges()


@pytest.mark.parametrize("number", CODES)
def test_a_signal_while_the_platform_is_read(shop: Shop, number: signal.Signals) -> None:
    shop.stocked("bystander")
    shop.lists()
    shop.fault("list", "late", seconds=15.0, times=4)
    running = shop.begin("apply", "--yes", "--format", "json")
    until(lambda: shop.faults_left < 4)
    running.signal(number)
    assert running.wait(10.0).code == CODES[number]
    assert shop.rows("SELECT * FROM leases") == []
    assert shop.called() == []
    shop.converges(Expected(reads=False))


def test_a_signal_while_it_waits_for_the_lock(shop: Shop) -> None:
    shop.lists()
    first = shop.held("answered", ADD)
    second = shop.begin("apply", "--yes", "--lock-timeout", "30s")
    second.says(LOCKED)
    second.signal(signal.SIGTERM)
    ended = second.wait(15.0)
    assert (ended.code, ended.out) == (143, "")
    first.goes_on()
    assert first.wait().code == 0
    shop.converges()


def test_a_signal_while_it_waits_for_a_call_of_an_earlier_run(shop: Shop) -> None:
    shop.lists()
    shop.killed("begun", ADD)
    shop.passes(100, "leases")
    running = shop.begin("apply", "--yes")
    running.says(WAITS)
    running.signal(signal.SIGINT)
    assert running.wait(10.0).code == 130
    assert shop.open_calls == [ADD]
    shop.converges()


def test_a_signal_while_it_asks(shop: Shop) -> None:
    """A real terminal, and the program as a person starts it."""
    shop.lists()
    shop.write()
    ours, theirs = pty.openpty()
    with started(shop, "apply", stdin=theirs) as process:
        os.close(theirs)
        assert process.stderr is not None
        said = b""
        while b"[y/N]" not in said:
            piece = os.read(process.stderr.fileno(), 4096)
            assert piece, said
            said += piece
        time.sleep(0.5)  # now it waits for the answer
        process.send_signal(signal.SIGINT)
        assert ends(process, 20) == 130
    os.close(ours)
    assert shop.rows("SELECT * FROM leases") == []
    assert shop.called() == []
    shop.converges()


def test_nobody_reads_what_it_says(shop: Shop) -> None:
    """`apply 2>&1 | head -1`: the calls under way end, nothing more is started."""
    for key in "abcd":
        shop.lists(key)
    shop.write()
    shop.fault(ADD, "late", seconds=0.5, times=4)
    with started(shop, "apply", "--yes", "--format", "json", stdin=subprocess.DEVNULL) as process:
        assert process.stderr is not None
        process.stderr.close()
        assert ends(process, 60) == 1
    assert adds(shop) in (1, 2)
    assert (shop.rows("SELECT * FROM leases"), shop.open_calls) == ([], [])
    shop.converges()


def ends(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    """Its exit code; None where it had to be killed."""
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return None


def started(shop: Shop, *words: str, stdin: int) -> subprocess.Popen[bytes]:
    """`python -m catalog_sync`."""
    return subprocess.Popen(
        [sys.executable, "-m", "catalog_sync", *words],
        cwd=shop.folder,
        env=shop.surroundings,
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


# ---- the state


@contextmanager
def as_nobody() -> Iterator[None]:
    """As a user whom file modes concern: root may write everything."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.fixture
def public_shop(emulator: EmulatorServer) -> Iterator[Shop]:
    """Give a shop in a folder that every user can reach; its state cannot be written."""
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as name,
        shop_on(emulator.url, Path(name) / "shop", "wxfade000000000000") as shop,
    ):
        Path(name).chmod(0o755)
        shop.stocked("bystander", "mug")
        shop.lists(price="89.00")
        shop.write()
        shop.folder.chmod(0o777)
        state = shop.state_file
        state.chmod(0o444)
        state.parent.chmod(0o555)
        yield shop
        state.parent.chmod(0o755)


def test_a_state_that_is_read_only(public_shop: Shop) -> None:
    shop = public_shop
    before = {path.name: path.read_bytes() for path in shop.state_file.parent.iterdir()}
    with as_nobody():
        assert shop.reasons()["mug"] == ("update", "ready", "price_changed")
        seen = len(shop.calls())
        ended = shop.apply(code=1)
    assert (ended.error_code, len(shop.calls())) == ("state_unreadable", seen)
    assert "read-only" in ended.document["error"]["message"]
    assert {path.name: path.read_bytes() for path in shop.state_file.parent.iterdir()} == before


@pytest.mark.parametrize("what", ["corrupt", "half", "folder", "text"])
def test_a_state_that_is_none(shop: Shop, what: str) -> None:
    shop.stocked("mug")
    shop.lists("new")
    kept = shop.state_file.read_bytes()
    match what:
        case "corrupt":
            shop.state_file.write_bytes(kept[:100] + b"\xff" * (len(kept) - 100))
        case "half":
            shop.state_file.write_bytes(kept[: len(kept) // 2])
        case "folder":
            shop.state_file.unlink()
            shop.state_file.mkdir()
        case _:
            shop.state_file.write_text("version: 1\n" * 100)
    seen = len(shop.calls())
    for ended in (shop.apply(code=1), shop.command("plan", "--format", "json")):
        assert (ended.code, ended.error_code) == (1, "state_unreadable")
        assert ended.document["error"]["hint"]
    assert len(shop.calls()) == seen
    if what == "folder":
        shop.state_file.rmdir()
    shop.state_file.write_bytes(kept)
    shop.converges()


@pytest.mark.parametrize("kilobytes", [8, 60, 120, 160, 190, 220])
def test_a_disk_that_fills_up(shop: Shop, kilobytes: int) -> None:
    """Wherever the room ends: what the state cannot take is not sent, or is saved beside it."""
    expected = EDITED.set(shop)
    for key in "abcdef":
        shop.lists(key)
    ended = shop.begin("apply", "--yes", "--format", "json", limit=kilobytes * 1024).wait()
    error = ended.document.get("error")
    if error is not None and error["code"] == "steps_failed":
        assert "state_unreadable" in {(each["error"] or {}).get("code") for each in ended.document["results"]}
    else:
        assert (ended.code, error and error["code"]) in ((0, None), (1, "state_unreadable"))
    if shop.called() == []:
        assert error is not None
    shop.passes()
    recovered(shop)
    shop.converges(Expected(deleted=expected.deleted, reads=False))


# ---- the network


@contextmanager
def held_port() -> Iterator[int]:
    """A port that nobody else gets, and that refuses connections until a server of ours listens to it."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


@contextmanager
def stopped_at_the_end(server: EmulatorServer) -> Iterator[EmulatorServer]:
    """Its threads would outlive a test that fails."""
    try:
        yield server
    finally:
        with suppress(Exception):
            server.stop()


def test_no_network(shop: Shop) -> None:
    shop.stocked("mug")
    shop.lists("new")
    with held_port() as port:
        runs = [
            shop.begin(*words, "--format", "json", CATALOG_SYNC_API_BASE=f"http://127.0.0.1:{port}")
            for words in (("plan",), ("apply", "--yes"))
        ]
        for running in runs:
            ended = running.wait()
            assert (ended.code, ended.error_code) == (1, "remote_unavailable")
            assert "no token" in ended.document["error"]["message"]
    shop.converges()


def test_a_network_that_goes_in_the_middle(nursery: Nursery, tmp_path: Path) -> None:
    """The add under way is answered; the next ones surely did not leave, and are not counted."""
    database = tmp_path / "world.db"
    with (
        held_port() as port,
        stopped_at_the_end(EmulatorServer(create_app([SYSTEM], db=database), port=port)) as server,
        shop_on(f"http://127.0.0.1:{port}", tmp_path / "shop", "wxdead000000000000", nursery) as shop,
    ):
        for key in "ab":
            shop.lists(key)
        running = shop.held("answered", ADD)
        server.stop()
        running.goes_on()
        ended = running.wait()
        assert ended.code == 1
        assert ended.outcomes["b"] == "failed"
        assert ended.error("b")["code"] == "remote_unavailable"
        assert shop.open_calls in ([], [ADD])
        with EmulatorServer(create_app([SYSTEM], db=database), port=port):
            shop.converges()


def test_reads_that_fail_for_a_while(shop: Shop) -> None:
    shop.stocked("mug")
    shop.lists("new")
    for kind in ("drop", "garbage"):
        shop.fault("list", kind)
    shop.apply()
    shop.check()
