"""Runs that last: until done, waiting for reviews, the lock, and answers that the state could not take."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog_sync.core.journal import Amendment, Entry, EntryState
from catalog_sync.core.model import Address, Binding, Copy, Verb
from catalog_sync.core.ports import Holder, Receipt
from catalog_sync.engine.lifeboat import Lifeboat
from catalog_sync.engine.recovering import to_save
from catalog_sync.state.opening import open_state
from tests.cli.conftest import APP, CATALOGUE, Command, Platform

BEIJING = timedelta(hours=8)
VALUES = ("TIT茶杯一号", "sha256:00", "pages/index/index?id=51", "", 1, 9950, None)


def towards_midnight(platform: Platform, seconds: int) -> None:
    """Set the platform's clock to so many seconds before its quota day ends, or the next one."""
    now = datetime.now(UTC) + BEIJING
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    platform.order("clock", advance=f"{(int((midnight - now).total_seconds()) - seconds) % 86400}s")


def test_until_done_goes_on_with_the_next_quota_day(command: Command, platform: Platform) -> None:
    platform.order("settings", limits={"submit": 1}, verdict="approve", verdict_after=0)
    towards_midnight(platform, 8)
    ended = command("apply", "--yes", "--until-done", "--detailed-exitcode", "--format", "json")
    assert (ended.code, ended.document["summary"]) == (
        0,
        {"applied": 2, "failed": 0, "in_doubt": 0, "skipped": 0, "remaining": 0},
    )
    assert "Waiting for 1 under review and 1 for tomorrow's quota; looking again at " in ended.err


def test_until_done_ends_when_only_held_items_are_left(command: Command, platform: Platform, folder: Path) -> None:
    platform.order("settings", verdict="reject", verdict_after=0)
    towards_midnight(platform, 6)
    ended = command("apply", "--yes", "--until-done", "--detailed-exitcode")
    assert (ended.code, ended.out.splitlines()[-1]) == (
        2,
        "Applied: 2 · Failed: 0 · In doubt: 0 · Skipped: 0 · Remaining: 2",
    )


def test_until_done_stops_by_its_time(command: Command) -> None:
    ended = command("apply", "--yes", "--until-done", "--timeout", "1s")
    assert ended.code == 0
    assert "Stopped by --timeout; still waiting for 2 under review." in ended.err
    assert command("apply", "--yes", "--timeout", "1s").err.startswith("Error: --timeout goes with --until-done")


def test_until_done_brings_no_delete_that_was_not_shown(command: Command, platform: Platform, folder: Path) -> None:
    """Goods that vanish from the catalogue's platform side in between are not deleted by a later round."""
    command("apply", "--yes")
    platform.approve()
    (folder / "catalog.yaml").write_text(
        CATALOGUE.replace("app:", "policy: {locked_change: replace}\napp:").replace("TIT茶杯一号", "TIT茶杯二号"),
        encoding="utf-8",
    )
    ended = command("apply", "--yes", "--until-done", "--timeout", "1s", "--format", "json")
    (only,) = ended.document["results"]
    assert (only["action"], only["calls"], only["outcome"]) == ("replace", ["add", "delete"], "applied")


def test_wait(command: Command, platform: Platform) -> None:
    command("apply", "--yes")
    ended = command("wait", "--timeout", "1s", "--interval", "1s", "--format", "json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "timed_out")
    assert ended.document["error"]["message"].startswith("2 items are still under review after ")
    platform.approve()
    assert command("wait") == (0, "Nothing is under review.\n", "")


def test_the_lock_is_told_and_taken_away(command: Command, folder: Path, platform: Platform) -> None:
    assert command("lock", "list", "--format", "json").document == {"locks": [], "format_version": "1.0"}
    command("plan")
    url = f"sqlite:///{folder}/.catalog-sync/state.db"
    with open_state(url, origin=platform.url, app=APP) as store:
        lease = store.acquire(Holder("ops", "build-7", 4711, "catalog-sync apply"), time.time())
        (lock,) = command("lock", "list", "--format", "json").document["locks"]
        assert {name: lock[name] for name in ("id", "app", "holder", "host", "pid", "command")} == {
            "id": lease.id, "app": APP, "holder": "ops", "host": "build-7", "pid": 4711,
            "command": "catalog-sync apply",
        }  # fmt: skip
        held = command("apply", "--yes", "--format", "json")
        assert (held.code, held.document["error"]["code"]) == (1, "lock_held")
        assert command("force-unlock", "nobody's").code == 1
        assert command("force-unlock", lease.id).code == 0
    assert command("apply", "--yes").code == 0


@pytest.fixture
def open_add(command: Command, folder: Path, platform: Platform) -> tuple[Entry, str]:
    """An add that was answered, and whose answer the state does not have: its open row, and the state's lineage."""
    command("plan")
    entry = Entry(
        Address("goods.tit-cup"), "add", Verb.CREATE, "submit", datetime.now(UTC).date(), "sha256:11", values=VALUES,
        began_at=time.time(),
    )  # fmt: skip
    with open_state(f"sqlite:///{folder}/.catalog-sync/state.db", origin=platform.url, app=APP) as store:
        lease = store.acquire(Holder("ops", "here", 1, "apply"), time.time())
        entry = store.begin(entry, lease.epoch)
        store.release(lease)
        return entry, store.snapshot().lineage


def save(folder: Path, entry: Entry, lineage: str) -> Path:
    boat = Lifeboat(folder / ".catalog-sync", "4711")
    receipt = Receipt(remote_id=51, audit_id=3211456789, answer={"goodsId": 51, "auditId": 3211456789, "errcode": 0})
    assert boat.save(to_save(lineage, entry, EntryState.LANDED, receipt, time.time()))
    return boat.path


def test_an_answer_that_was_saved_is_brought_back(command: Command, folder: Path, open_add: tuple[Entry, str]) -> None:
    path = save(folder, *open_add)
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    refused = command("apply", "--yes", "--format", "json")
    assert (refused.code, refused.document["error"]["code"]) == (1, "state_unreadable")
    assert "state recover" in refused.document["error"]["hint"]
    found = command("state", "recover", str(path), "--format", "json")
    assert found.document == {
        "format_version": "1.0", "closed": 1, "audit_ids_filled": 0, "known_before": 0, "unbound": [],
        "unreadable": [],
    }  # fmt: skip
    shown = command("state", "show", "goods.tit-cup", "--format", "json").document
    assert (shown["current"]["remote_id"], shown["current"]["audit_id"]) == (51, 3211456789)
    assert not path.exists()
    assert path.with_name(f"{path.name}.recovered").exists()


def test_an_answer_whose_row_was_settled_by_looking_gives_its_audit_id(
    command: Command, folder: Path, platform: Platform, open_add: tuple[Entry, str]
) -> None:
    entry, lineage = open_add
    with open_state(f"sqlite:///{folder}/.catalog-sync/state.db", origin=platform.url, app=APP) as store:
        lease = store.acquire(Holder("ops", "here", 1, "apply"), time.time())
        store.dismiss(entry.address, lease.epoch)
        store.release(lease)
    command("apply", "--yes")
    bound = command("state", "show", "goods.tit-cup", "--format", "json").document["current"]
    boat = Lifeboat(folder / ".catalog-sync", "4711")
    receipt = Receipt(remote_id=bound["remote_id"], audit_id=77)
    boat.save(to_save(lineage, entry, EntryState.LANDED, receipt, time.time()))
    found = command("state", "recover", str(boat.path), "--format", "json").document
    assert found["known_before"] == 1  # the audit id that the state has is newer: it stays
    assert command("state", "show", "goods.tit-cup", "--format", "json").document["current"] == bound


def test_a_file_that_is_no_such_file(command: Command, folder: Path, open_add: tuple[Entry, str]) -> None:
    path = save(folder, open_add[0], "another state's")
    ended = command("state", "recover", str(path))
    assert ended.err.splitlines()[0] == "Error: these answers belong to another state"
    assert path.exists()
    other = path.rename(path.with_name("answers.jsonl"))
    hint = "Hint: name the errored-….jsonl file that the run told of\n"
    for wrong in (other, folder / "catalog.yaml", folder / "errored-gone.jsonl"):
        assert command("state", "recover", str(wrong)) == (
            1, "", f"Error: {wrong} is no file of answers that a run saved\n{hint}",
        )  # fmt: skip
    assert other.exists()


def test_a_line_that_was_cut_off_takes_no_other_with_it(
    command: Command, folder: Path, open_add: tuple[Entry, str]
) -> None:
    path = save(folder, *open_add)
    whole = path.read_text(encoding="utf-8")
    told = '{"address": "goods.b", "answer": {"errmsg": "', "\u8336".encode()[:2].decode("latin-1")
    cut = '{"address": "goods.茶", "answer": {"goodsId": 77, "auditId": 4'
    path.write_bytes(whole.encode() + "".join(told).encode("latin-1") + b"\n" + cut.encode())
    words = (
        f"{path}: not recovered, for it cannot be read: line 2 (address goods.b), line 3 (address goods.茶, goodsId 77)"
    )
    hint = "move the file away, for apply and adopt refuse until then, and bind such an id with `adopt KEY ID`"
    for closed in (1, 0):
        ended = command("state", "recover", str(path), "--format", "json")
        assert ended.code == 1
        assert ended.document == {
            "format_version": "1.0", "closed": closed, "audit_ids_filled": 0, "known_before": 1 - closed, "unbound": [],
            "unreadable": [
                {"line": 2, "told": {"address": "goods.b"}},
                {"line": 3, "told": {"address": "goods.茶", "goodsId": "77"}},
            ],
            "error": {"code": "state_unreadable", "message": words, "hint": hint},
        }  # fmt: skip
    counts = "Recovered: 0 answers stored, 0 auditIds filled in, 1 known before.\n"
    assert command("state", "recover", str(path)) == (1, counts, f"Error: {words}\nHint: {hint}\n")
    assert command("state", "show", "goods.tit-cup", "--format", "json").document["current"]["remote_id"] == 51
    assert path.read_bytes().startswith(whole.encode())


def test_an_answer_whose_item_is_bound_to_nothing(
    command: Command, folder: Path, platform: Platform, open_add: tuple[Entry, str]
) -> None:
    path = save(folder, *open_add)
    with open_state(f"sqlite:///{folder}/.catalog-sync/state.db", origin=platform.url, app=APP) as store:
        lease = store.acquire(Holder("ops", "here", 1, "apply"), time.time())
        store.dismiss(open_add[0].address, lease.epoch)
        store.release(lease)
    text = path.read_text(encoding="utf-8")
    assert command("state", "recover", str(path)) == (
        0,
        (
            "Recovered: 0 answers stored, 0 auditIds filled in, 0 known before.\n"
            "id 51 of goods.tit-cup is bound to nothing: `catalog-sync adopt tit-cup 51` binds it\n"
        ),
        "",
    )
    path.write_text(text, encoding="utf-8")
    found = command("state", "recover", str(path), "--format", "json").document
    assert found["unbound"] == [{"address": "goods.tit-cup", "remote_id": 51}]


def test_a_file_that_cannot_be_renamed(
    command: Command, folder: Path, open_add: tuple[Entry, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(folder, *open_add)
    path.with_name(f"{path.name}.recovered").mkdir()
    assert command("state", "recover", str(path)) == (
        1,
        "Recovered: 1 answers stored, 0 auditIds filled in, 0 known before.\n",
        f"Error: {path} was recovered, and cannot be renamed\nHint: move it away: apply refuses while it lies there\n",
    )


def test_the_forecast_is_made_from_reviews_that_were_seen(command: Command, platform: Platform, folder: Path) -> None:
    command("apply", "--yes")
    assert command("plan", "--format", "json").document["forecast"]["basis"] == "no reviews seen yet"
    platform.order("clock", advance="2h")
    platform.approve()
    command("apply", "--yes")
    more = CATALOGUE + "  new:\n    name: 白瓷马克杯\n    cover: covers/cup.png\n    price: 5\n    url: pages/a\n"
    (folder / "catalog.yaml").write_text(more, encoding="utf-8")
    forecast = command("plan", "--format", "json").document["forecast"]
    assert forecast["basis"] == "2 reviews seen"
    platform_now = datetime.now(UTC) + timedelta(hours=2)
    for share in ("approved_p50", "approved_p90"):
        told = datetime.strptime(forecast[share], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        assert timedelta(hours=1, minutes=59) < told - platform_now < timedelta(hours=2, minutes=1)


def test_an_answer_whose_item_a_person_has_bound_meanwhile(
    command: Command, folder: Path, platform: Platform, open_add: tuple[Entry, str]
) -> None:
    path = save(folder, *open_add)
    nothing = (None,) * len(VALUES)
    with open_state(f"sqlite:///{folder}/.catalog-sync/state.db", origin=platform.url, app=APP) as store:
        lease = store.acquire(Holder("ops", "here", 1, "adopt"), time.time())
        bound = Binding(Address("goods.tea-set"), Copy(51, None, VALUES, VALUES, nothing, nothing))
        store.amend(Amendment(put=(bound,)), lease.epoch)
        store.release(lease)
    found = command("state", "recover", str(path), "--format", "json")
    assert (found.code, found.document["known_before"]) == (0, 1)
    assert [each["address"] for each in command("state", "list", "--format", "json").document["bindings"]] == [
        "goods.tea-set"
    ]
