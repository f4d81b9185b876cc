"""The files of a SQLite state: where they may be, who may read them, and the copies beside them."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog_sync.core.errors import StateUnreadable
from catalog_sync.state.errors import StateReadOnly

KEPT_BACKUPS = 10

_CHECK = "check --state"


def exists(path: Path) -> bool:
    """Whether anything is at this path."""
    with _explained(path):
        return path.exists()


def check_readable(path: Path) -> None:
    """Raises `StateUnreadable` for what is no file, and for a file that this user may not read."""
    with _explained(path):
        if path.is_dir():
            raise StateUnreadable(f"{path}: this is a folder, not a state file", hint=_CHECK)
        if path.exists() and not path.is_file():
            raise StateUnreadable(f"{path}: this is a device or a pipe, not a state file", hint=_CHECK)
        if path.exists() and not _may(path, os.R_OK):
            raise StateUnreadable(f"{path}: this user may not read the state", hint="check who owns the file")


def prepare(path: Path) -> None:
    """Makes the file and its folder where they are missing, for nobody else to read; raises `StateReadOnly` where this
    user may not write."""
    check_readable(path)
    with _explained(path):
        _make_folder(path.parent)
        _make_file(path)
        # SQLite makes its log beside the file, so the folder must be writable too.
        if not (_may(path, os.W_OK) and _may(path.parent, os.W_OK)):
            raise read_only(str(path))


def close_to_others(path: Path) -> None:
    """Lets nobody else read or write the file. SQLite gives its log the file's mode."""
    with _explained(path):
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)


def has_log(path: Path) -> bool:
    """Whether changes lie beside the file that are not in it."""
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


@contextmanager
def new_backup(path: Path, label: str) -> Iterator[Path]:
    """An empty file to copy the state into. It gets its name, ending in `label`, once it is whole; of the older copies
    the newest stay."""
    with _explained(path):
        part = path.with_name(f"{path.name}.copying-{label}")
        part.unlink(missing_ok=True)
        _make_file(part)
        try:
            yield part
            part.replace(path.with_name(f"{path.name}.backup-{label}"))
        finally:
            part.unlink(missing_ok=True)
        for old in backups(path)[KEPT_BACKUPS:]:
            old.unlink(missing_ok=True)


def backups(path: Path) -> list[Path]:
    """The copies beside the state, newest first."""
    found = [each for each in path.parent.iterdir() if each.name.startswith(f"{path.name}.backup-")]
    return sorted(found, key=lambda each: (each.stat().st_mtime_ns, each.name), reverse=True)


def read_only(name: str) -> StateReadOnly:
    """The state can be read but not written."""
    return StateReadOnly(
        f"{name}: the state is read-only", hint="this user must be able to write the file and its folder"
    )


def disk_full(name: str) -> StateUnreadable:
    """There is no room for what was to be written."""
    return StateUnreadable(f"{name}: the disk is full", hint="make room and run again: nothing is half-written")


def _may(path: Path, what: int) -> bool:
    return os.access(path, what, effective_ids=os.access in os.supports_effective_ids)


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def _make_file(path: Path) -> None:
    """Makes an empty file that nobody else may read.

    A file that exists is not even opened: closing it would drop the locks that SQLite holds on it for this process.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _explain(path, error) from None


def _explain(path: Path, error: OSError) -> StateUnreadable:
    match error.errno:
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return read_only(str(path))
        case errno.ENOSPC | errno.EDQUOT:
            return disk_full(str(path))
        case errno.ENOTDIR | errno.EEXIST:
            return StateUnreadable(f"{path}: a part of this path is a file, not a folder", hint=_CHECK)
        case errno.ENAMETOOLONG:
            return StateUnreadable("the state's path is too long", hint=_CHECK)
        case code:
            name = errno.errorcode.get(code or 0, "unknown error")
            return StateUnreadable(f"{path}: the state's files cannot be used ({name})", hint="check the disk")
