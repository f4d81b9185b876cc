"""A real PostgreSQL server for the tests: the one of CATALOG_SYNC_TEST_POSTGRES, or one of the machine's programs."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

LOCKED = "locked"
"""A role that needs a password on a server of ours."""

VARIABLE = "CATALOG_SYNC_TEST_POSTGRES"

# Nothing of the server's may show in a state: its language, its time zone, its defaults.
_ODD = {
    "TimeZone": "Asia/Kolkata",
    "DateStyle": "SQL, DMY",
    "extra_float_digits": "-5",
    "synchronous_commit": "off",
    "default_transaction_isolation": "serializable",
}
_QUICK = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "32MB", "max_connections": "60"}


@dataclass(frozen=True)
class NoServer:
    """Why there is none."""

    reason: str


@contextmanager
def serve() -> Iterator[str | NoServer]:
    """The URL of a database, as long as the block lasts."""
    given = os.environ.get(VARIABLE)
    programs = _programs()
    if given:
        yield given
    elif programs is None:
        yield NoServer(f"no PostgreSQL server: {VARIABLE} is not set, and initdb is not installed")
    else:
        with _served(programs) as url:
            yield url


def _programs() -> Path | None:
    """The folder of the newest server's programs: where Debian has them, or on the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda each: float(each.parts[-3]))
    found = versions[-1] if versions else shutil.which("initdb")
    return None if found is None else Path(found).resolve().parent


@contextmanager
def _served(programs: Path) -> Iterator[str]:
    user = _user()
    with tempfile.TemporaryDirectory(prefix="catalog-sync-postgres-", dir="/tmp") as name:
        folder = Path(name)
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user: dict[str, Any] = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}}
        if os.geteuid() == 0:
            as_user |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        _initialise(programs, folder / "data", as_user)
        options = [word for each in (_ODD | _QUICK).items() for word in ("-c", "=".join(each))]
        address = ["-k", str(folder), "-c", "listen_addresses="]
        with (folder / "log").open("wb") as log:
            command: list[str | Path] = [programs / "postgres", "-D", folder / "data", *address, *options]
            process: subprocess.Popen[bytes] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **as_user
            )
        try:
            url = f"postgresql://tests@/postgres?host={folder}"
            _wait(process, url, folder / "log")
            yield url
        finally:
            process.send_signal(signal.SIGINT)  # ends sessions, too
            process.wait(timeout=30)


def _user() -> pwd.struct_passwd:
    """Whom the server runs as: it refuses root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    known = {each.pw_name: each for each in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _initialise(programs: Path, data: Path, as_user: dict[str, Any]) -> None:
    """Make a cluster that sorts texts by the rules of a language, where it can."""
    command: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "tests",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    version = subprocess.run([programs / "initdb", "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.split()[2].partition(".")[0]) >= 15:
        command += ["--locale-provider=icu", "--icu-locale=zh"]
    made = subprocess.run([*command, "--locale=C"], capture_output=True, text=True, check=False, **as_user)
    assert made.returncode == 0, made.stderr
    rules = data / "pg_hba.conf"
    rules.write_text(f"local all {LOCKED} scram-sha-256\n{rules.read_text()}")


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(log.read_text(errors="replace"))


@contextmanager
def with_schema(server: str, name: str) -> Iterator[str]:
    """The URL of an empty schema; it is dropped at the end."""
    run(server, f"DROP SCHEMA IF EXISTS {name} CASCADE", f"CREATE SCHEMA {name}")
    yield f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{name}"
    run(server, f"DROP SCHEMA {name} CASCADE")


def run(url: str, *statements: str) -> list[tuple[Any, ...]]:
    """Carry statements out, each by itself; the rows of the last one."""
    with psycopg.connect(url, autocommit=True) as connection:
        found: list[tuple[Any, ...]] = []
        for each in statements:
            cursor = connection.execute(each.encode())
            found = cursor.fetchall() if cursor.description else []
        return found
