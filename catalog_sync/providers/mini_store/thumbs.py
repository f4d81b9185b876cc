"""The pictures of SKUs: a file, which is uploaded, or a link that the platform takes as it is."""

from __future__ import annotations

import re

from catalog_sync.core.entry import Code, Desk, PictureFacts, PictureProblem, Source, shown
from catalog_sync.core.model import KEEP
from catalog_sync.providers.mini_store.wording import LINKS, MAX_THUMB_BYTES

_LINK = re.compile(rf"https?://(?:{'|'.join(map(re.escape, LINKS))})\S+")
_USER = re.compile(r"//[^/]*@")


class Thumbs:
    """The thumbs of one load; what is slow is done once for each file."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._decoded: dict[str, PictureProblem | None] = {}

    def look(self, source: Source, text: str) -> PictureFacts | PictureProblem:
        """What the thumb is that `source` names."""
        if text == KEEP:
            return PictureProblem(Code.WRONG_VALUE, f"a SKU without a thumb keeps its own; leave it out ({text})")
        if "://" in text or text.startswith(LINKS):
            return _link(text)
        facts = self._desk.pictures.look(source, text, MAX_THUMB_BYTES)
        if isinstance(facts, PictureProblem) or facts.whole:
            return facts
        if facts.identity not in self._decoded:
            self._decoded[facts.identity] = self._desk.pictures.decode(facts, text)
        return self._decoded[facts.identity] or facts


def _link(text: str) -> PictureFacts | PictureProblem:
    if _LINK.fullmatch(text) and text.isprintable():
        return PictureFacts(text)
    summary = f"a link must begin with https:// and {', '.join(LINKS[:-1])} or {LINKS[-1]}; other pictures are files"
    return PictureProblem(Code.PICTURE_URL, f"{summary} ({shown(_USER.sub('//***@', text))})")
