"""The language in which this process speaks to people: chosen once at its beginning, before anything is parsed.

Documents (JSON, events, JSON lines of messages) are for programs and stay in English: their codes are the contract.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from catalog_sync.report.language import Words
from catalog_sync.report.words import ENGLISH

LANGUAGES = ("en", "zh")

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


class _Chosen:
    """What was chosen for this process."""

    language = "en"


_CHOSEN = _Chosen()


def choose(given: str | None, environment: Mapping[str, str] = os.environ) -> None:
    """From now on this language is spoken: the one that was given, else the locale's, else English. One that we do not
    have is told by who parses the option."""
    locale = next((value for name in _LOCALE if (value := environment.get(name))), "")
    _CHOSEN.language = given if given in LANGUAGES else "zh" if not given and locale.lower().startswith("zh") else "en"


def words() -> Words:
    """The words of the language that was chosen."""
    if _CHOSEN.language == "en":
        return ENGLISH
    from catalog_sync.report.chinese import CHINESE  # noqa: PLC0415 - its tables are read where they are shown

    return CHINESE
