"""Where the worlds are kept between two runs of the emulator: nowhere, or a SQLite file.

Only the records that a call changed are written, in one transaction, before the call is answered. The file is in WAL
mode with `synchronous=NORMAL`: a killed emulator loses nothing, a power cut may lose the last calls.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, Protocol

from catalog_sync.emulator.errors import EmulatorError
from catalog_sync.emulator.reading import Json

SCHEMA = 1
TABLES = """
CREATE TABLE IF NOT EXISTS record (
  app TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (app, kind, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS picture (sha256 TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
"""


class Record(NamedTuple):
    """One row of one app's world; `value` None: it is gone."""

    app: str
    kind: str
    key: str
    value: Json | None


class Store(Protocol):
    """Keeps records and pictures; `durable` False: records would be written in vain."""

    durable: bool

    def load(self) -> Iterator[Record]: ...
    def save(self, records: Iterable[Record]) -> None: ...
    def save_picture(self, sha256: str, content: bytes) -> None: ...
    def picture(self, sha256: str) -> bytes | None: ...
    def forget(self, app: str | None) -> None: ...
    def close(self) -> None: ...


class MemoryStore:
    """Keeps only the pictures: the worlds themselves hold the rest."""

    durable = False

    def __init__(self) -> None:
        self._pictures: dict[str, bytes] = {}

    def load(self) -> Iterator[Record]:
        """Give nothing: there was no run before."""
        return iter(())

    def save(self, records: Iterable[Record]) -> None:
        """Keep nothing."""

    def save_picture(self, sha256: str, content: bytes) -> None:
        """Keep the bytes of a picture."""
        self._pictures[sha256] = content

    def picture(self, sha256: str) -> bytes | None:
        """Give the bytes of a picture."""
        return self._pictures.get(sha256)

    def forget(self, app: str | None) -> None:
        """Drop the pictures when everything goes; those of one app may be another's too."""
        if app is None:
            self._pictures.clear()

    def close(self) -> None:
        """Have nothing to close."""


def _written(value: Json) -> str:
    return json.dumps(value, separators=(",", ":"), default=_exactly)


def _exactly(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


class FileStore:
    """Keeps everything in a SQLite file that one emulator has for itself."""

    durable = True

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=0)
            self._prepare(path)
        except (sqlite3.Error, OSError) as error:
            raise EmulatorError(f"cannot use {path} as the emulator's database: {error}") from error

    def _prepare(self, path: Path) -> None:
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=NORMAL"):
            self._db.execute(f"PRAGMA {pragma}")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        (others,) = self._db.execute(
            "SELECT count(*) FROM sqlite_master WHERE name NOT IN ('record', 'picture')"
        ).fetchone()
        if version not in (0, SCHEMA) or others:
            self._db.close()
            raise EmulatorError(f"{path} is not a database of this emulator (or of a newer one)")
        self._db.executescript(TABLES)
        self._db.execute(f"PRAGMA user_version={SCHEMA}")

    def load(self) -> Iterator[Record]:
        """Give every record of the runs before."""
        rows = self._db.execute("SELECT app, kind, key, value FROM record ORDER BY app, kind, key").fetchall()
        return (Record(app, kind, key, json.loads(value)) for app, kind, key, value in rows)

    def save(self, records: Iterable[Record]) -> None:
        """Write the records, all or none, before returning."""
        latest = {record[:3]: record.value for record in records}
        kept = [(*place, _written(value)) for place, value in latest.items() if value is not None]
        gone = [place for place, value in latest.items() if value is None]
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)", kept)
                self._db.executemany("DELETE FROM record WHERE app=? AND kind=? AND key=?", gone)
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise

    def save_picture(self, sha256: str, content: bytes) -> None:
        """Write the bytes of a picture."""
        with self._lock:
            self._db.execute("INSERT OR IGNORE INTO picture VALUES (?, ?)", (sha256, content))

    def picture(self, sha256: str) -> bytes | None:
        """Read the bytes of a picture."""
        with self._lock:
            row = self._db.execute("SELECT content FROM picture WHERE sha256=?", (sha256,)).fetchone()
        return row[0] if row else None

    def forget(self, app: str | None) -> None:
        """Drop one app's world, or everything."""
        with self._lock:
            if app is not None:
                self._db.execute("DELETE FROM record WHERE app=?", (app,))
            else:
                self._db.executescript("DELETE FROM record; DELETE FROM picture;")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()
