"""The catalogue's files on disk: which may be read, how large they may be, and how messages name them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from catalog_sync.catalogue.syntax import BadFile
from catalog_sync.core.entry import Code, Source
from catalog_sync.core.sentence import Sentence, with_found

MAX_BYTES = 64 * 1024 * 1024
"""The largest YAML file and picture that is read: some 300,000 goods. More goes into more files."""

MAX_ROWS_BYTES = 512 * 1024 * 1024
"""The largest file of rows, which is read line by line: some three million goods as JSON Lines."""


class Folder:
    """The folder of the catalogue file. Everything that the catalogue names has to lie in it, links followed."""

    def __init__(self, catalogue: str) -> None:
        self.shown = os.path.dirname(catalogue)  # noqa: PTH120 - as the user wrote it, not as pathlib would
        self.root = os.path.realpath(self.shown or os.curdir)

    def resolve(self, base: str, relative: str) -> str | None:
        """The real path of what a file in `base` names; None when it lies outside."""
        if os.path.isabs(relative) or "\0" in relative:  # noqa: PTH117 - plain strings: this runs for every cover
            return None
        path = os.path.join(base, relative)  # noqa: PTH118
        if not self._holds(os.path.normpath(path)):
            return None  # out and in again: it would depend on the folder's own name
        real = os.path.realpath(path)
        return real if self._holds(real) else None

    def _holds(self, path: str) -> bool:
        return path.startswith(self.root.rstrip(os.sep) + os.sep)

    def source(self, relative: str) -> Source:
        """The file at this path below the folder, named as the user would."""
        folder = Path(self.root, relative).parent
        return Source(str(Path(self.shown, relative)), str(folder))


def read_file(path: str, *, missing: Code = Code.FILE_UNREADABLE, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a file; raises `BadFile` as `open_file` does."""
    with open_file(path, missing=missing, max_bytes=max_bytes) as file:
        return file.read(max_bytes)


@contextmanager
def open_file(path: str, *, missing: Code = Code.FILE_UNREADABLE, max_bytes: int = MAX_BYTES) -> Iterator[BinaryIO]:
    """A file, to be read; raises `BadFile` for what is none, may not be read, or is too large (unread)."""
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            _check(os.fstat(file.fileno()), max_bytes)
            yield file
    except FileNotFoundError:
        raise BadFile(missing, 1, 1, "the file does not exist") from None
    except IsADirectoryError:
        raise BadFile(Code.FILE_UNREADABLE, 1, 1, "must be a file (a folder)") from None
    except PermissionError:
        raise BadFile(Code.FILE_UNREADABLE, 1, 1, "the file may not be read (permission denied)") from None
    except OSError as problem:
        raise BadFile(Code.FILE_UNREADABLE, 1, 1, with_found("the file cannot be read", _word(problem))) from None


def _open_without_waiting(path: str, flags: int) -> int:
    """A named pipe that nobody writes to would make us wait for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _check(found: os.stat_result, max_bytes: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "a device or pipe"
        raise BadFile(Code.FILE_UNREADABLE, 1, 1, with_found("must be a file", kind))
    if found.st_size > max_bytes:
        limit = max_bytes // 1024 // 1024
        raise BadFile(
            Code.FILE_TOO_LARGE,
            1,
            1,
            with_found(Sentence("is larger than {limit} MB", limit=limit), f"{found.st_size} bytes"),
        )


def _word(problem: OSError) -> str:
    """The system's name of the error: its text would name the path a second time."""
    return os.strerror(problem.errno).lower() if problem.errno else "no reason given"
