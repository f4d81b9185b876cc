"""What can go wrong: the platform says no, or somebody asked the emulator for what it does not know.

Refusal         the platform answers an errcode other than 0
EmulatorError   the emulator cannot be started (port taken, database unreadable): for the command line
BadOrder        the control plane got what it cannot do: HTTP 400 with a message
"""

from typing import Any


class Refusal(Exception):
    """The platform says no: `code`, its text without the rid, and what else stands in the answer."""

    def __init__(self, code: int, text: str, **beside: Any) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text
        self.beside = beside


class EmulatorError(Exception):
    """The emulator cannot run; the message is for the person who started it."""


class BadOrder(Exception):
    """An order of the control plane that cannot be followed; the message says what is wrong with it."""
