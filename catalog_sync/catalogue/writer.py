"""Writing YAML: documents that keep their comments, and files that are replaced as a whole.

Every plain scalar is a text here, in both directions: `99.50`, `0123` and `no` come out as they went in. So a document
holds texts, mappings and lists only; who writes a new value gives it as the text that shall stand there.
"""

from __future__ import annotations

import io
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.emitter import Emitter
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

# A text that every YAML reader takes for this very text without quotes: it begins with a letter, holds nothing that
# means something to YAML, and is none of the words below.
_PLAIN = re.compile(r"[^\W\d_]([\w ./?=&%+-]*[\w./?=&%+-])?")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf"})


class _Texts(VersionedResolver):
    """Takes no plain scalar for a number, a truth value or nothing."""

    @property
    def versioned_resolver(self) -> dict[str, Any]:
        """No rules."""
        return {}


class _LongKeys(Emitter):
    """Writes a long key like any other: as long as YAML allows a key to be."""

    MAX_SIMPLE_KEY_LENGTH = 1024


def _yaml() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.Resolver = _Texts
    yaml.Emitter = _LongKeys
    yaml.preserve_quotes = True
    yaml.width = 2**31
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def load(text: str) -> CommentedMap:
    """A document with its comments. The text must be one that the loader takes: a mapping, and no anchors or tags."""
    document: CommentedMap = _yaml().load(text)
    return document


def dump(document: CommentedMap) -> str:
    """The document as text, its comments where they belong, indented by two."""
    stream = io.StringIO()
    _yaml().dump(document, stream)
    return stream.getvalue()


def needs_quotes(text: str) -> bool:
    """Whether some YAML reader would take the text for something else without quotes."""
    return _PLAIN.fullmatch(text) is None or text.lower() in _WORDS


def quoted(text: str) -> str:
    """A text as a value of a document, quoted where it needs quotes."""
    return DoubleQuotedScalarString(text) if needs_quotes(text) else text


def replace_file(path: Path, data: bytes) -> None:
    """Replace a file as a whole or not at all; it keeps its mode, and a link stays a link. Raises `OSError`."""
    real = path.resolve()
    part = real.with_name(f".{real.name}.{secrets.token_hex(4)}")
    try:
        with part.open("xb") as file:
            os.fchmod(file.fileno(), real.stat().st_mode & 0o7777)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(real)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
