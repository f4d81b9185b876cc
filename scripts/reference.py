"""The parts of the documentation that are made from the code. `make docs` writes them; `--check` only compares.

docs/commands.md is made as a whole. In other files a part stands between `<!-- made: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import click

from catalog_sync.cli import COMMANDS, catalog_sync
from catalog_sync.cli.options import common
from catalog_sync.core import reasons
from catalog_sync.core.entry import Code, Explained
from catalog_sync.core.errors import CatalogSyncError
from catalog_sync.emulator.faults import OTHERS, SPOILERS, Kind
from catalog_sync.emulator.settings import Setting
from catalog_sync.emulator.switches import shared_switches
from catalog_sync.providers.live_goods import emulator as live_goods
from catalog_sync.providers.live_goods.wording import GoodsCode
from catalog_sync.providers.mini_store import emulator as mini_store
from catalog_sync.providers.mini_store.wording import StoreCode
from catalog_sync.report.words import ENGLISH

DOCS = Path(__file__).resolve().parent.parent / "docs"
WHOLE = "commands.md"
PARTED = ("diagnostics.md", "emulator.md")

INTRODUCTION = """\
# Commands

<!-- Made from the code by `make docs`: to change a text, change the help of its command. -->

What the exit codes, the files and the JSON of these commands mean is in the [reference](reference.md). `-h` and
`--help` print what stands here. Where a command takes the settings, they are those of the
[reference](reference.md#settings); `-f` to `--log-format` are the same for each.
"""

Row = tuple[str, ...]


def table(*rows: Row) -> str:
    """A Markdown table; the first row is its heading."""
    heading, *rest = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join([heading, "|---" * len(rows[0]) + "|", *rest])


def code(words: str) -> str:
    """The options, fields and addresses within a sentence of the program, as code."""
    commands = r"(?<!`)(?:adopt KEY ID|adopt --match|state show ADDRESS)"
    options = r"(?<![`\w-])-{1,2}[a-z][a-z-]*(?: (?:ADDRESS|KEY|ID|FILE|DURATION)\b)*"
    fields = r"(?<![`\w])(?:[a-z]+_[a-z_]+|removed|moved|adopt|products|quota|protect|listing|cover)(?::(?: [a-z]+\b)?)"
    return re.sub(f"{commands}|{options}|{fields}", lambda found: f"`{found[0]}`", words)


# commands


def commands_page() -> str:
    """docs/commands.md."""
    top = click.Context(catalog_sync, info_name="catalog-sync")
    index = table(("command", "does"), *((f"[`{name}`](#{name})", told) for name, told in COMMANDS.items()))
    return "\n\n".join([INTRODUCTION.rstrip(), index, *_sections(top, catalog_sync, 2)]) + "\n"


def _sections(parent: click.Context, group: click.Group, level: int) -> Iterator[str]:
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        if command is None:
            raise LookupError(name)
        context = click.Context(command, info_name=name, parent=parent)
        yield f"{'#' * level} {context.command_path.removeprefix('catalog-sync ')}"
        yield from _section(context, command)
        if isinstance(command, click.Group):
            yield from _sections(context, command, level + 1)


def _section(context: click.Context, command: click.Command) -> Iterator[str]:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"```\n{usage}\n```"
    yield re.sub(r"(?m)^\x08\n", "", inspect.cleandoc(command.help or ""))
    settings = {option.name for option in _options(common())}
    options = [each for each in command.params if isinstance(each, click.Option) and each.name not in settings]
    if options:
        yield table(("option", "meaning"), *(_option(each) for each in options))
    printed = next((each for each in command.params if each.name == "format_"), None)
    if printed is not None and isinstance(printed.type, click.Choice):
        formats = ", ".join(f"`{each}`" for each in printed.type.choices)
        yield f"Takes the [settings](reference.md#settings). `--format`: {formats}."
    examples = re.findall(r"^ +(catalog-sync .*)$", command.epilog or "", re.MULTILINE)
    yield "\n".join(["```sh", *examples, "```"])


def _options(decorate: Callable[[Callable[..., None]], Callable[..., None]]) -> Sequence[click.Parameter]:
    return click.command()(decorate(lambda **_options: None)).params


def _option(option: click.Option) -> Row:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    if not option.is_flag and not option.count:
        takes = "|".join(option.type.choices) if isinstance(option.type, click.Choice) else option.make_metavar(CONTEXT)
        several = ", ".join(f"`{each}`" for each in takes.split("|"))  # a pipe within code would end the table's cell
        names = f"{names[:-1]} {takes}`" if "|" not in takes else f"{names} {several}"
    told = [code(option.help or "")]
    if option.multiple and "repeat" not in told[0]:
        told.append("May be repeated.")
    if option.envvar:
        told.append(f"Environment: `{option.envvar}`.")
    if option.show_default and option.default is not None:
        told.append(f"Default: `{option.default}`.")
    return names, " ".join(told)


CONTEXT = click.Context(catalog_sync)


# codes and reasons


def codes(explained: type[Explained]) -> str:
    """Codes with their meanings."""
    return table(("code", "meaning"), *((f"`{each.value}`", each.meaning) for each in explained))


def advised(explained: type[Explained]) -> str:
    """Reasons with their meanings, and what a person can do."""
    rows = ((f"`{each.value}`", each.meaning, code(ENGLISH.advice[each.value])) for each in explained)
    return table(("reason", "what it means", "what to do"), *rows)


def error_codes() -> str:
    """What may end a command."""
    rows = ((f"`{each.code}`", " ".join((each.__doc__ or "").split())) for each in CatalogSyncError.__subclasses__())
    return table(("code", "meaning"), *rows)


# the emulator


def switches(settings: Iterable[Setting]) -> str:
    """Switches with their values, the default first."""
    rows = ((f"`{each.name}`", _values(each), each.meaning) for each in sorted(settings, key=lambda each: each.name))
    return table(("setting", "values", "meaning"), *rows)


def _values(setting: Setting) -> str:
    if isinstance(setting.accepts, str):
        return f"`{_value(setting.default)}`"
    return ", ".join(f"`{_value(each)}`" for each in setting.accepts)


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).replace("'", '"')


def faults(kinds: Iterable[Kind], *, both_ways: bool = False) -> str:
    """Kinds of faults; those that go both ways exist with `_after`, too."""
    rows = []
    for kind in kinds:
        names = f"`{kind.name}`, `{kind.name}_after`" if both_ways else f"`{kind.name}`"
        rows.append((names, ", ".join(f"`{each}`" for each in kind.takes), kind.meaning))
    return table(("kind", "takes", "what happens"), *rows)


MADE: dict[str, Callable[[], str]] = {
    "catalogue codes": lambda: codes(Code),
    "goods codes": lambda: codes(GoodsCode),
    "store codes": lambda: codes(StoreCode),
    "blocked": lambda: advised(reasons.Blocked),
    "waiting": lambda: codes(reasons.Waiting),
    "going": lambda: codes(reasons.Going),
    "guards": lambda: codes(reasons.Guard),
    "warnings": lambda: codes(reasons.Warned),
    "ended": lambda: codes(reasons.Ended),
    "error codes": error_codes,
    "answer faults": lambda: faults(SPOILERS, both_ways=True),
    "other faults": lambda: faults(OTHERS),
    "goods faults": lambda: faults(live_goods.SYSTEM.faults),
    "store faults": lambda: faults(mini_store.SYSTEM.faults),
    "shared switches": lambda: switches(shared_switches(())),
    "goods switches": lambda: switches(live_goods.SYSTEM.settings),
    "store switches": lambda: switches(mini_store.SYSTEM.settings),
}


def with_parts(text: str) -> str:
    """A page with its marked parts made anew; KeyError for a mark that nothing is made for."""
    marked = r"(<!-- made: (.+?) -->\n).*?(<!-- end -->)"
    return re.sub(marked, lambda found: f"{found[1]}\n{MADE[found[2]]()}\n\n{found[3]}", text, flags=re.DOTALL)


def pages() -> Iterator[tuple[Path, str]]:
    """Every file with made parts, and what it should hold."""
    yield DOCS / WHOLE, commands_page()
    for name in PARTED:
        yield DOCS / name, with_parts((DOCS / name).read_text(encoding="utf-8"))


def main() -> int:
    """Write, or with `--check` name, the files that are not as the code is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is stale")
    check = parser.parse_args().check
    stale = [(path, text) for path, text in pages() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path, text in stale:
        if not check:
            path.write_text(text, encoding="utf-8")
        print(f"docs/{path.name}: {'not as the code is; run make docs' if check else 'written'}", file=sys.stderr)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
