"""The switches: one for each thing that the platform's documentation leaves open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog_sync.emulator.errors import BadOrder

Value = Any
"""What a setting holds: a JSON value."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One switch. `accepts` is a tuple of the values it can have, or one of the words of `KINDS`."""

    name: str
    default: Value
    accepts: tuple[Value, ...] | str
    meaning: str
    keys: frozenset[str] = frozenset()
    """Of kind `limits`: the names that may be limited."""

    def refuse_unless_fit(self, value: Value) -> None:
        """Raise BadOrder unless this switch can have `value`."""
        if isinstance(self.accepts, tuple):
            fits = any(type(value) is type(one) and value == one for one in self.accepts)
            wanted = "one of " + ", ".join(repr(one) for one in self.accepts)
        else:
            fits, wanted = KINDS[self.accepts](value), self.accepts
        if not fits:
            raise BadOrder(f"setting {self.name}: {value!r} is not {wanted}")
        unknown = set(value) - self.keys if self.keys else set()
        if unknown:
            raise BadOrder(f"setting {self.name}: no {sorted(unknown)}; there are {sorted(self.keys)}")

    def as_json(self, value: Value) -> dict[str, Value]:
        """Describe the switch and what it now has."""
        is_choice = isinstance(self.accepts, tuple)
        accepts = {"choices": list(self.accepts)} if is_choice else {"type": self.accepts}
        return {"value": value, "default": self.default, **accepts, "meaning": self.meaning}


def one_of(name: str, meaning: str, *values: Value) -> Setting:
    """Make a switch between values; the first is the default."""
    return Setting(name, values[0], values, meaning)


def of_kind(name: str, meaning: str, kind: str, default: Value) -> Setting:
    """Make a switch that takes any value of a kind."""
    return Setting(name, default, kind, meaning)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _is_count(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_signed(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_list_of_texts(value: Value) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_limits(value: Value) -> bool:
    return isinstance(value, dict) and all(_is_count(one) for one in value.values())


KINDS = {
    "a number of 0 or more": _is_number,
    "a whole number of 0 or more": _is_count,
    "a number": _is_signed,
    "a list of texts": _is_list_of_texts,
    "an object of whole numbers": _is_limits,
}
NUMBER, COUNT, SIGNED, TEXTS, LIMITS = KINDS


class Settings:
    """All switches and what they have now. Reading is free of locks: a change replaces the whole mapping."""

    def __init__(self, known: Iterable[Setting], at_start: Mapping[str, Value]) -> None:
        self._known = {one.name: one for one in known}
        self._at_start = {name: one.default for name, one in self._known.items()}
        self._now = self._at_start
        self.change(at_start)
        self._at_start = self._now

    def __getitem__(self, name: str) -> Value:
        """Give the value that the switch `name` has now."""
        return self._now[name]

    def change(self, wanted: Mapping[str, Value]) -> None:
        """Set all of `wanted`, or raise BadOrder and set nothing."""
        for name, value in wanted.items():
            if name not in self._known:
                raise BadOrder(f"no setting {name!r}; there are {', '.join(sorted(self._known))}")
            self._known[name].refuse_unless_fit(value)
        self._now = {**self._now, **wanted}

    def restart(self) -> None:
        """Set every switch as it was when the emulator started."""
        self._now = self._at_start

    def changed(self) -> dict[str, Value]:
        """Give what differs from the start."""
        return {name: value for name, value in self._now.items() if value != self._at_start[name]}

    def as_json(self) -> dict[str, dict[str, Value]]:
        """Describe every switch: value, default, what it accepts, meaning."""
        return {name: one.as_json(self._now[name]) for name, one in sorted(self._known.items())}
