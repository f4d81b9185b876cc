"""What stands between a catalogue file and a system: raw entries with their places, and the systems' readers.

The catalogue room turns files into entries and knows nothing of prices or names; a system's `Section` turns
entries into items and knows nothing of YAML or CSV. Both report what is wrong to the same `Findings`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import NamedTuple, Protocol, Self, TypeAlias

from catalog_sync.core.errors import Diagnostic, Severity
from catalog_sync.core.json_schema import JsonSchema
from catalog_sync.core.model import Item, Place, Rules
from catalog_sync.core.sentence import Sentence, with_found

SHOWN = 80
"""Characters of a found value that a message shows."""

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""The unquoted texts that stand for no value at all (YAML 1.2, core schema)."""


_PASSWORD = re.compile(r"//[^/@\s]*:[^/@\s]*@")


class Scalar(NamedTuple):
    """A text as the file has it. `line` and `column` count from 1; `plain` is true when it stands unquoted."""

    text: str
    line: int
    column: int
    plain: bool

    @property
    def empty(self) -> bool:
        """Whether this is no value at all: nothing, `~` or `null`, unquoted."""
        return self.plain and self.text in NULLS


class MapNode(NamedTuple):
    """A mapping as the file has it: repeated keys are still there."""

    pairs: list[tuple[Scalar, Node]]
    line: int
    column: int


class ListNode(NamedTuple):
    """A list as the file has it."""

    members: list[Node]
    line: int
    column: int


Node: TypeAlias = Scalar | MapNode | ListNode


class Spot(Protocol):
    """Anything that has a line and a column."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Source:
    """One file: as messages name it, and the absolute folder that its relative paths start from."""

    file: str
    folder: str

    def place(self, spot: Spot) -> Place:
        """The place of a node of this file."""
        return Place(self.file, spot.line, spot.column)


class Entry(NamedTuple):
    """One member of a section, or one `row`. `node` is None when its value was refused already: only the key counts."""

    source: Source
    key: Scalar
    node: Node | None
    row: bool = False


class Explained(StrEnum):
    """The base of tables of codes: each member carries its `meaning`, one sentence for the documentation."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Self:
        """Make a code that carries its meaning."""
        code = str.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code


class Code(Explained):
    """The stable codes of the diagnostics that any catalogue can have; a system adds its own in its room."""

    FILE_MISSING = "file_missing", "The catalogue file does not exist."
    FILE_UNREADABLE = "file_unreadable", "A file is a folder or a device, or may not be read."
    FILE_TOO_LARGE = "file_too_large", "A file is over the size limit and was not read."
    FILE_EMPTY = "file_empty", "A file has nothing in it."
    ENCODING = "encoding", "A file is in an encoding that is not read here."
    CONTROL_CHARACTER = "control_character", "A control character stands where text is expected."
    SYNTAX = "syntax", "The file does not follow its format from this place on."
    TOO_DEEP = "too_deep", "Lists and mappings are nested deeper than any catalogue needs."
    SEVERAL_DOCUMENTS = "several_documents", "A YAML file has more than one document."
    ANCHOR = "anchor", "YAML anchors are refused."
    ALIAS = "alias", "YAML aliases are refused."
    MERGE_KEY = "merge_key", "YAML merge keys are refused."
    TAG = "tag", "YAML tags are refused."
    NOT_FORMATTED = "not_formatted", "A file that `fmt` leaves as it is: a comment or a value would not survive."
    SLOW_PARSER = "slow_parser", "The fast YAML parser is not installed."

    VERSION = "version", "The catalogue's format is not the one that this program reads."
    UNKNOWN_FIELD = "unknown_field", "A field that does not exist."
    WORD = "word", "A word that gets goods rejected."
    MISSING_FIELD = "missing_field", "A required field is absent or empty."
    DUPLICATE_KEY = "duplicate_key", "A key or field stands twice."
    WRONG_TYPE = "wrong_type", "A list or mapping where a text is expected, or the other way round."
    WRONG_VALUE = "wrong_value", "A value that the field cannot have."
    WRONG_KEY = "wrong_key", "A key with a character that keys cannot have."
    PRICE = "price", "A price that is no amount of yuan, is 0, or has more than 2 decimals."
    APP = "app", "An app id that does not look like one."
    RESERVE = "reserve", "A quota reserve at or above its limit."
    UNSUPPORTED = "unsupported", "A file format that this version does not read."
    EMPTY_CATALOGUE = "empty_catalogue", "The catalogue lists nothing at all."

    INCLUDE_NOTHING = "include_nothing", "An include matches no file."
    INCLUDE_OUTSIDE = "include_outside", "An include leaves the catalogue's folder."
    INCLUDE_ITSELF = "include_itself", "An include takes in the catalogue itself."
    ROW = "row", "A row that does not fit its header, or a header that cannot be read."

    ADOPT_UNKNOWN = "adopt_unknown", "An adopted key is not in the catalogue."
    ADOPT_TWICE = "adopt_twice", "Two keys adopt one id."
    MOVED_CIRCLE = "moved_circle", "Moves that lead back to where they began."
    MOVED_TO_UNKNOWN = "moved_to_unknown", "The target of a move is not in the catalogue."
    MOVED_FROM_PRESENT = "moved_from_present", "The source of a move is still in the catalogue."
    MOVED_TWICE = "moved_twice", "Two keys move to one."
    MOVED_AND_REMOVED = "moved_and_removed", "A key is both moved from and removed."
    REMOVED_PRESENT = "removed_present", "A removed key is still in the catalogue."

    PICTURE_MISSING = "picture_missing", "A picture file does not exist."
    PICTURE_OUTSIDE = "picture_outside", "A picture file is outside of the catalogue's folder."
    PICTURE_UNREADABLE = "picture_unreadable", "A picture file may not be read, is broken or truncated."
    PICTURE_FORMAT = "picture_format", "A picture is neither PNG nor JPEG nor GIF."
    PICTURE_BYTES = "picture_bytes", "A picture has too many bytes."
    PICTURE_PIXELS = "picture_pixels", "A picture has too many pixels."
    PICTURE_URL = "picture_url", "A picture's link that would never be fetched, or that the platform refuses."
    PICTURE_ANIMATED = "picture_animated", "A moving picture loses all but its first frame when it is made to fit."


@dataclass(slots=True)
class Findings:
    """Everything that was found wrong so far, in the order of finding."""

    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """How many of them forbid to use the catalogue."""
        return sum(each.severity is Severity.ERROR for each in self.diagnostics)

    def error(
        self, code: str, place: Place, summary: str, *, address: str = "", name: str = "", detail: str = ""
    ) -> None:
        """Note an error. `name` is the field's path below the address."""
        self.diagnostics.append(Diagnostic(Severity.ERROR, code, summary, place, address, name, detail))

    def warning(
        self, code: str, place: Place, summary: str, *, address: str = "", name: str = "", detail: str = ""
    ) -> None:
        """Note a warning. `name` is the field's path below the address."""
        self.diagnostics.append(Diagnostic(Severity.WARNING, code, summary, place, address, name, detail))


class PictureFacts(NamedTuple):
    """A picture that can be used: its identity (see `core.model.Field`), and for a file its absolute path, what it
    holds (`png`, `jpeg`, `gif`) and its size in pixels; `whole` is false of a large one, which was not decoded yet."""

    identity: str
    path: str | None = None
    type: str = ""
    width: int = 0
    height: int = 0
    animated: bool = False
    whole: bool = True


class PictureProblem(NamedTuple):
    """Why a picture cannot be used."""

    code: str
    summary: str
    detail: str = ""


class Pictures(Protocol):
    """The pictures that a catalogue names, each file looked at once."""

    def look(self, source: Source, text: str, max_bytes: int) -> PictureFacts | PictureProblem:
        """What the picture is that `source` names: a file, an https URL, or `KEEP`."""
        ...

    def decode(self, facts: PictureFacts, text: str) -> PictureProblem | None:
        """Decode a large picture file, named `text`, to its end: None when it is whole. `look` does so for small
        ones."""
        ...


class Wording(Protocol):
    """Words that get items rejected, and how much that matters."""

    @property
    def severity(self) -> Severity: ...

    def objections(self, entry: Entry, text: Scalar) -> Iterable[str]:
        """What speaks against a text of this entry that customers read, a summary each."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What a reader works with: where findings go, the pictures, the items' ranks in the catalogue, and words to look
    for (None: none)."""

    findings: Findings
    pictures: Pictures
    positions: Iterator[int]
    wording: Wording | None = None


class EntryReader(Protocol):
    """Reads the entries of one section during one load, in the files' order."""

    @property
    def keys(self) -> Mapping[str, Place]:
        """Every item key seen so far, usable or not, and where it stands first."""
        ...

    def take(self, entry: Entry) -> Iterable[Item]:
        """The items of one entry that could be read at once; what is wrong goes to the findings."""
        ...

    def finish(self, rules: Rules) -> Iterable[Item]:
        """After the last entry: the items that had to wait for others, and the checks across all."""
        ...


class Section(Protocol):
    """One system's part of the catalogue.

    `name` is its key at the top of a file. `columns` are the headings of its rows and the fields they stand for,
    `row_columns` the fields that tell its rows from those of other sections, `row_key` the one that is the entry's
    key. `pools` are the call pools that `quota:` may name, with the platform's own limit. The keys of an
    `adoptable` section are those that `adopt:`, `moved:` and `removed:` speak of.
    """

    @property
    def name(self) -> str: ...

    @property
    def columns(self) -> Mapping[str, str]: ...

    @property
    def row_columns(self) -> frozenset[str]: ...

    @property
    def row_key(self) -> str: ...

    @property
    def pools(self) -> Mapping[str, int]: ...

    @property
    def adoptable(self) -> bool: ...

    def reader(self, desk: Desk) -> EntryReader:
        """A reader for one load."""
        ...

    def json_schema(self) -> JsonSchema:
        """What may stand under its name, for editors."""
        ...


def shown(text: str) -> str:
    """A found value as messages show it: cut at 80 characters, control and format characters escaped, and without the
    password of a link."""
    kept = _PASSWORD.sub("//***@", text) if "@" in text else text
    return escaped(kept if len(kept) <= SHOWN else kept[: SHOWN - 1] + "…")


def escaped(text: str) -> str:
    """A text with its control and format characters escaped, so that it stays on its line."""
    if text.isprintable():
        return text
    return "".join(each if _harmless(each) else _escape(each) for each in text)


def _harmless(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) == "Zs"


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def found(node: Node) -> str:
    """What stands there, for the end of a message."""
    match node:
        case Scalar() if node.empty or not node.text:
            return node.text or "empty"
        case Scalar():
            return shown(node.text)
        case MapNode():
            return "a mapping"
        case ListNode():
            return "a list"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint for a misspelt word: `; did you mean price?`, or nothing when no known word is near."""
    near = nearest(word, known)
    return f"; did you mean {near}?" if near else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that a misspelt one is near to; nothing when there is none."""
    return next(iter(get_close_matches(word[:SHOWN], list(known), n=1)), "")


def unknown_field(word: str, known: Iterable[str]) -> str:
    """What is said of a field that does not exist."""
    near = nearest(word, known)
    return Sentence("unknown field; did you mean {near}?", near=near) if near else "unknown field"


def twice(first: Place, key: str) -> Sentence:
    """What is said of a key or field that stands a second time."""
    place = f"{first.file}:{first.line}:{first.column}"
    return with_found(Sentence("stands twice; first at {place}", place=place), shown(key))
