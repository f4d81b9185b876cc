"""A language: what its words are, and how a sentence of ours is told in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog_sync.core.sentence import Sentence, Sentences, Told

Table = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """All visible words of one language, by what they name. What a table lacks is shown by its own name.

    `plain` has the bare words of states and actions where English shows the name itself; `sentences` the templates of
    `core.sentence` by their English text; `reasons` what a reason means where its sentence has lost its values.
    """

    language: str
    actions: Table
    dispositions: Table
    explained: Table
    statuses: Table
    outcomes: Table
    systems: Table
    fields: Table
    pools: Table
    advice: Table
    texts: Table
    calls: Table = field(default_factory=dict)
    plain: Table = field(default_factory=dict)
    reasons: Table = field(default_factory=dict)
    sentences: Table = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """A text by its name; KeyError names one that the language lacks."""
        return self.texts[name]

    def count(self, noun: str, number: int) -> str:
        """A number with its noun, such as `1 change`, `2 changes`."""
        return self.texts[f"{noun}_1" if number == 1 else noun].format(number=f"{number:,}")

    def word(self, name: str) -> str:
        """A state or an action as a line of text shows it."""
        return self.plain.get(name, name)

    def field(self, name: str) -> str:
        """What a field of the catalogue is called."""
        return self.fields.get(name, name)

    def call(self, name: str) -> str:
        """What a call of the platform does."""
        return self.calls.get(name, name)

    def tell(self, template: str, /, **values: Told) -> str:
        """A sentence of the report itself."""
        return self.say(Sentence(template, **values))

    def say(self, text: str, reason: str = "") -> str:
        """A sentence of the core's in this language; what the language does not have stays as it is. One that was
        stored has lost its values: then what its `reason` means, with the sentence behind it."""
        told = self._said(text)
        if told is not None:
            return told
        meaning = self.reasons.get(reason)
        return str(text) if meaning is None else self.texts["as_stored"].format(meaning=meaning, text=text)

    def _said(self, text: str) -> str | None:
        match text:
            case Sentences():
                return self.texts["between"].join(map(self.say, text.parts))
            case Sentence() if text.template in self.sentences:
                values = {name: self._value(name, value) for name, value in text.values.items()}
                return self.sentences[text.template].format_map(values)
            case _:
                return self.sentences.get(text)

    def _value(self, name: str, value: Told) -> str:
        """A value of a sentence, by the name that says what it is."""
        if isinstance(value, tuple):
            return self.texts["listed"].join(self._value(name, each) for each in value)
        tables = {"fields": self.fields, "kind": self.systems, "pool": self.pools, "pools": self.pools,
                  "call": self.calls, "status": self.plain}  # fmt: skip
        if name in tables:
            return tables[name].get(str(value), str(value))
        return self.say(value) if isinstance(value, str) else str(value)
