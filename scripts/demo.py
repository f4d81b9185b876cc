"""The life of a catalogue, shown against the emulator. `make demo` runs it.

Copies the example catalogue into a folder, starts the emulator, and does what a shop does: plan, apply, wait for the
reviewer, edit, plan and apply again. Each step says what happens and why, shows the command and its output, and checks
both. Needs no account and no network; ends what it started, however it ends.
"""

from __future__ import annotations

import argparse
import difflib
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
APP = "wx0123456789abcdef"
"""The appid of the example catalogue."""

SECRET = "made-up-for-the-demo"  # noqa: S105 - the emulator takes any

MARK = ".made-by-the-demo"
"""This file in a folder says that the folder may be emptied."""

PATIENCE = 60.0
"""Seconds that a command, or the start of the emulator, may take before the demo gives up."""

LOOK_EVERY = 0.1
"""Seconds between two looks at a running program, and at whether somebody told the demo to stop."""

COLUMNS = 100

PRODUCT = "T-100"
UNREVIEWED = "旅行茶具便携套装"
REJECTED = "中秋茶礼礼盒"
APPROVED = (
    "甜白瓷三才盖碗",
    "龙泉青瓷品茗杯对装",
    "龙泉青瓷一壶两杯套装",
    "宜兴紫砂西施壶",
    "明前西湖龙井",
    "福鼎老白茶饼350克",
    "竹制干泡茶盘",
    "铸铁煮茶壶",
    "桂花乌龙茶",
    "武夷岩茶肉桂",
)
"""The reviewer's first verdicts, by the names in the example catalogue: one not yet, one no, the others yes."""


class DemoFailed(Exception):
    """Something did not happen as it should."""


class Stopped(Exception):
    """A signal told the demo to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class Watch:
    """Notes a signal, and raises `Stopped` where the demo can end: a program just started is never lost sight of."""

    def __init__(self) -> None:
        self._number = 0

    def begin(self) -> None:
        """Note the signals by which a person, a system or a closed terminal ends a program."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def look(self) -> None:
        """Stop if told to."""
        if self._number:
            raise Stopped(self._number)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._number = number


class Edit(NamedTuple):
    """A change of one place of a file, as a person makes it."""

    file: str
    old: str
    new: str


class Screen:
    """What the person sees."""

    def __init__(self, *, colour: bool) -> None:
        self.colour = colour
        self.step = 0

    def heading(self, title: str, why: str) -> None:
        """A step's title, and what it is about."""
        self.step += 1
        print()
        print(self._paint("1", f"== {self.step}. {title} =="))
        self.paragraph(why)

    def paragraph(self, text: str) -> None:
        """Text of a few sentences."""
        print(textwrap.fill(text, COLUMNS, break_on_hyphens=False, break_long_words=False))

    def command(self, text: str) -> None:
        """A command, as one would type it."""
        print()
        print(self._paint("1;36", f"$ {text}"))

    def output(self, lines: Sequence[str]) -> None:
        """What a program printed."""
        for line in lines:
            print(f"  {line}".rstrip())

    def difference(self, lines: Sequence[str]) -> None:
        """A diff: red what goes, green what comes."""
        for line in lines:
            code = {"-": "31", "+": "32"}.get(line[:1], "2")
            print(f"  {self._paint(code, line)}")

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text


class Demo:
    """The folder, the platform and the screen of one demo, and what a person does with them."""

    def __init__(self, folder: Path, port: int, screen: Screen, watch: Watch) -> None:
        self.screen = screen
        self._folder = folder
        self._port = port
        self._watch = watch
        self._environment = _environment(screen, port)
        self._last_plan: list[str] = []

    def run(self, command: str, *, last: Sequence[str], code: int = 0) -> None:
        """Run `catalog-sync` with this command; the ends of its last lines and its exit code are as named."""
        self.screen.command(f"catalog-sync {command}")
        process = _start(shlex.split(command), self._folder, self._environment, subprocess.PIPE)
        lines = _output(process, self._watch).splitlines()
        self.screen.output(self._without_known_plan(lines))
        if process.returncode != 0:
            self.screen.output([f"(exit code {process.returncode})"])
        if command.startswith("plan"):
            self._last_plan = lines
        _check(command, process.returncode, lines, code, last)

    def edit(self, *edits: Edit) -> None:
        """Edit files of the catalogue, and show the difference."""
        names = list(dict.fromkeys(edit.file for edit in edits))
        before = {name: self._read(name) for name in names}
        for edit in edits:
            self._replace(edit)
        self.screen.command(f"$EDITOR {' '.join(names)}")
        for name in names:
            self.screen.difference(_difference(name, before[name], self._read(name)))

    def make_product(self, title: str) -> None:
        """Somebody makes the product of the example catalogue in the Mini Store."""
        order = {"appid": APP, "out_product_id": PRODUCT, "title": title}
        self.screen.command(f"curl -d '{json.dumps(order, ensure_ascii=False)}' \\\n    {_EMULATOR}/spu")
        self._told([self._order("spu", order)])

    def approve(self, names: Sequence[str]) -> None:
        """The reviewer approves the goods of these names."""
        rows = textwrap.wrap(" ".join(names), COLUMNS // 2 - 12)  # a Chinese character takes two columns
        loop = " \\\n      ".join(rows)
        self.screen.command(f"for name in {loop}; do\n    {_verdict_command('approve', '$name')}; done")
        self._told([self._judge({"name": name, "verdict": "approve"}) for name in names])

    def approve_product(self) -> None:
        """The reviewer approves the draft of the product."""
        order = {"out_product_id": PRODUCT, "verdict": "approve"}
        self.screen.command(f"curl -d '{json.dumps(order)}' {_VERDICT}")
        self._told([self._judge(order)])

    def reject(self, name: str) -> None:
        """The reviewer rejects the goods of this name."""
        self.screen.command(_verdict_command("reject", name))
        self._told([self._judge({"name": name, "verdict": "reject"})])

    def approve_all(self) -> None:
        """The reviewer approves whatever is under review."""
        self.screen.command(f"""curl -d '{{"all": true, "verdict": "approve"}}' {_VERDICT}""")
        self._told([self._judge({"all": True, "verdict": "approve"})])

    def _judge(self, order: Mapping[str, object]) -> str:
        """One order to the emulator's reviewer, and the answer."""
        return self._order("verdict", order)

    def _order(self, name: str, order: Mapping[str, object]) -> str:
        """One order to the emulator, and the answer."""
        self._watch.look()
        body = json.dumps(order).encode()
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            connection.request("POST", f"/_emulator/{name}", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException) as error:
            raise DemoFailed(f"the emulator did not answer ({error})") from None
        finally:
            connection.close()
        if answer.status != 200:
            raise DemoFailed(f"the emulator refused the order: {text}")
        return text

    def _told(self, answers: Sequence[str]) -> None:
        self.screen.output(textwrap.wrap(" ".join(answers), COLUMNS - 2, break_on_hyphens=False))

    def _without_known_plan(self, lines: list[str]) -> list[str]:
        """`apply` shows the plan before it begins; one that was just shown is not worth a second page."""
        known = len(self._last_plan)
        if not known or lines[:known] != self._last_plan or len(lines) == known:
            return lines
        return [f"(the plan again, {known} lines)", *lines[known:]]

    def _read(self, name: str) -> str:
        return (self._folder / name).read_text(encoding="utf-8")

    def _replace(self, edit: Edit) -> None:
        text = self._read(edit.file)
        if text.count(edit.old) != 1:
            raise DemoFailed(f"{edit.file} holds {edit.old!r} {text.count(edit.old)} times, not once")
        (self._folder / edit.file).write_text(text.replace(edit.old, edit.new), encoding="utf-8")


_EMULATOR = "$CATALOG_SYNC_API_BASE/_emulator"
_VERDICT = f"{_EMULATOR}/verdict"


def _verdict_command(verdict: str, name: str) -> str:
    order = json.dumps({"name": name, "verdict": verdict}, ensure_ascii=False)
    quoted = json.dumps(order, ensure_ascii=False) if "$" in name else f"'{order}'"
    return f"curl -d {quoted} {_VERDICT}"


def _difference(name: str, before: str, after: str) -> list[str]:
    """The lines that changed, under the file's name."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [name, *(line for line in lines if not line.startswith(("---", "+++", "@@")))]


def _check(command: str, code: int | None, lines: Sequence[str], wanted: int, last: Sequence[str]) -> None:
    """The exit code, and that the last lines hold what they should."""
    if code != wanted:
        raise DemoFailed(f"`catalog-sync {command}` ended with exit code {code}, not {wanted}")
    ends = [_plain(line) for line in lines[-len(last) :]]
    if len(ends) != len(last) or not all(part in line for part, line in zip(last, ends, strict=True)):
        raise DemoFailed(f"`catalog-sync {command}` should end with {' / '.join(last)!r}, not {' / '.join(ends)!r}")


def _plain(line: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", line)


def _start(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], output: int
) -> subprocess.Popen[str]:
    """Start the program of this checkout, out of reach of the terminal's Ctrl-C: the demo ends it, in order."""
    return subprocess.Popen(
        [sys.executable, "-m", "catalog_sync", *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )


def _output(process: subprocess.Popen[str], watch: Watch) -> str:
    """What a program prints until its end. It is ended when the demo is told to stop, or loses its patience."""
    give_up = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < give_up:
            watch.look()
            try:
                return process.communicate(timeout=LOOK_EVERY)[0]
            except subprocess.TimeoutExpired:
                continue
        raise DemoFailed(f"the command took more than {PATIENCE:.0f} seconds")
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """See to it that a program has ended."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment(screen: Screen, port: int = 0) -> dict[str, str]:
    """The person's environment, without settings of their own shop and with those of the demo's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CATALOG_SYNC_")}
    path = os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH"))))
    return kept | {
        "CATALOG_SYNC_API_BASE": _url(port),
        "CATALOG_SYNC_SECRET": SECRET,
        "CATALOG_SYNC_LANG": "en",
        "PYTHONPATH": path,
        "PYTHONUTF8": "1",
        ("FORCE_COLOR" if screen.colour else "NO_COLOR"): "1",
    }


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


@contextmanager
def emulator(folder: Path, screen: Screen, watch: Watch) -> Iterator[int]:
    """The platform, from here to the end of the block: its port."""
    log = folder / "emulator.log"
    with log.open("w", encoding="utf-8") as file:
        arguments = ["emulator", "--port", "0", "--db", "platform.db"]
        process = _start(arguments, folder, _environment(screen), file.fileno())
        try:
            yield _port(process, log, watch)
        finally:
            _end(process)


def _port(process: subprocess.Popen[str], log: Path, watch: Watch) -> int:
    """Wait for the line by which the emulator says that it is ready."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and process.poll() is None:
        watch.look()
        found = re.search(r"^Emulator listening on http://127\.0\.0\.1:(\d+)\n", log.read_text("utf-8"), re.MULTILINE)
        if found:
            return int(found[1])
        time.sleep(LOOK_EVERY)
    raise DemoFailed(f"the emulator did not start: {log.read_text('utf-8').strip() or 'it said nothing'}")


def prepare(folder: Path) -> None:
    """A fresh folder with the example catalogue. Raises `DemoFailed` rather than empty somebody else's folder."""
    if folder.exists() and not folder.is_dir():
        raise DemoFailed(f"{folder} is not a folder")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise DemoFailed(f"{folder} holds files that are not the demo's; move them away, or name another --folder")
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "examples").mkdir(parents=True)
    (folder / MARK).write_text("The demo made this folder, and empties it when it runs again.\n", encoding="utf-8")
    shutil.copy(ROOT / "catalog.example.yaml", folder / "catalog.yaml")
    shutil.copytree(ROOT / "covers", folder / "covers")
    for name in ("gifts.yaml", "autumn.csv"):
        shutil.copy(ROOT / "examples" / name, folder / "examples")


def check_catalogue(demo: Demo) -> None:
    """A catalogue is checked before anything else."""
    demo.screen.heading(
        "Check the catalogue",
        "Twelve goods of a tea shop: eight in catalog.yaml, two in an included YAML file, two in a CSV file; and a "
        "product of the Mini Store, the platform's other shop system, with two SKUs. "
        "`validate` checks names, prices, pages and covers. It needs no secret and no network, so it suits every pull "
        "request.",
    )
    demo.run("validate", last=["catalog.yaml: valid"])


def make_product(demo: Demo) -> None:
    """The product whose SKUs the catalogue has."""
    demo.screen.heading(
        "Make the product",
        "Products of the Mini Store are made in its console, with title, pictures and category; catalog-sync keeps "
        "their SKUs. Here it is an order to the emulator. Live goods need nothing of the kind.",
    )
    demo.make_product("手绘茶杯")


def plan_first(demo: Demo) -> None:
    """The first plan: everything is new."""
    demo.screen.heading(
        "Plan",
        "The shop is empty, so everything is to be added: each cover is uploaded, and each item submitted for review. "
        "The item with a deadline goes first, then those with a priority. SKUs go into their product's draft, which is "
        "submitted once, after all of them. A plan changes nothing.",
    )
    demo.run("plan", last=["Plan: 14 to add, 0 to update, 1 to resubmit, 0 to replace, 0 to delete."])


def apply_first(demo: Demo) -> None:
    """The first apply."""
    demo.screen.heading(
        "Apply",
        "Without --yes it would ask first. Every call is written down before it is sent: the platform keeps no key of "
        "ours, and an id that got lost would leave an item that nobody knows. All twelve goods and the product remain, "
        "for their review.",
    )
    demo.run("apply --yes", last=["Applied: 15 · Failed: 0 · In doubt: 0 · Skipped: 0 · Remaining: 13"])


def review_first(demo: Demo) -> None:
    """The reviewer approves most, rejects one and leaves one."""
    demo.screen.heading(
        "The platform's reviewer decides",
        f"On the real platform this takes hours or days. Here it is an order to the emulator: ten goods and "
        f"the product are approved, {REJECTED} (gift-box) is rejected, and {UNREVIEWED} (travel-set) is still under "
        "review.",
    )
    demo.approve(APPROVED)
    demo.approve_product()
    demo.reject(REJECTED)
    demo.run("status", last=["13 of 15 items"])


def edit_catalogue(demo: Demo) -> None:
    """Seven edits, one of each kind."""
    demo.screen.heading(
        "Seven edits, of which the platform allows six",
        "A price and a name of approved goods, a name of goods under review, a name of rejected goods, and one item "
        "less; a price and an attribute of SKUs that are on sale.",
    )
    demo.edit(
        Edit("catalog.yaml", "name: 甜白瓷三才盖碗 ", "name: 甜白瓷手绘盖碗 "),
        Edit("catalog.yaml", "price: 268 ", "price: 238 "),
        Edit("catalog.yaml", "sale_price: 59.00 ", "sale_price: 55.00 "),
        Edit("catalog.yaml", "釉色: 甜白", "釉色: 月白"),
        Edit("examples/gifts.yaml", REJECTED, "中秋茶叶礼盒"),
        Edit("examples/gifts.yaml", UNREVIEWED, "旅行快客茶具套装"),
        Edit(
            "examples/autumn.csv",
            "rock-tea,武夷岩茶肉桂,../covers/rock-tea.png,2,98,268,pages/goods/detail?id=3002,\n",
            "",
        ),
    )


def plan_edits(demo: Demo) -> None:
    """What the rules make of the edits."""
    demo.screen.heading(
        "Plan again: each edit takes the way that the review rules leave",
        "white-tea-cake is approved: its price changes at once. gift-box was rejected: changed and submitted again. "
        "travel-set is under review: withdrawn, changed, submitted again. rock-tea is deleted. gaiwan-white is "
        "approved, and its name is locked: the plan holds it back and says why, instead of failing half-way. The SKU "
        "T-100-BLUE changes its price at once; T-100-WHITE is changed in the draft of T-100, which is submitted again, "
        "while customers go on buying from the copy that is online. "
        "With --detailed-exitcode, 2 means that there is a difference.",
    )
    demo.run(
        "plan --detailed-exitcode",
        code=2,
        last=["Plan: 0 to add, 2 to update, 4 to resubmit, 0 to replace, 1 to delete.", "Blocked: 1"],
    )


def apply_edits(demo: Demo) -> None:
    """All but one of the edits go through."""
    demo.screen.heading(
        "Apply what is allowed",
        "Seven changes go through, the submission of the draft among them. Four items remain: two goods and the "
        "product are under review again, and one is held back.",
    )
    demo.run("apply --yes", last=["Applied: 7 · Failed: 0 · In doubt: 0 · Skipped: 0 · Remaining: 4"])


def review_again(demo: Demo) -> None:
    """The reviewer approves what was submitted; what is held is held."""
    demo.screen.heading("The reviewer approves", "All that was submitted is approved; the locked name still differs.")
    demo.approve_all()
    demo.run("status", last=["13 of 14 items"])


def put_back(demo: Demo) -> None:
    """The edit that the platform does not allow is taken back."""
    demo.screen.heading(
        "Decide about the locked name",
        "`locked_change: replace` would add the bowl anew under its new name, for a new review, and delete the old "
        "one. This shop would rather keep on selling the old one, and takes the edit back.",
    )
    demo.edit(Edit("catalog.yaml", "name: 甜白瓷手绘盖碗 ", "name: 甜白瓷三才盖碗 "))


def finish(demo: Demo) -> None:
    """Nothing is left."""
    demo.screen.heading("The result", "Everything is approved and as the catalogue says: the exit code is 0 again.")
    demo.run("status", last=["14 of 14 items"])
    demo.run("plan --detailed-exitcode", last=["No changes. The platform matches the catalogue."])


STEPS: Sequence[Callable[[Demo], None]] = (
    check_catalogue,
    make_product,
    plan_first,
    apply_first,
    review_first,
    edit_catalogue,
    plan_edits,
    apply_edits,
    review_again,
    put_back,
    finish,
)


def play(folder: Path, screen: Screen, watch: Watch) -> None:
    """The whole demo."""
    began = time.monotonic()
    prepare(folder)
    with emulator(folder, screen, watch) as port:
        screen.paragraph(
            f"A shop in {_short(folder)}/, and the platform as an emulator at {_url(port)}. Nothing leaves this "
            "machine. Every command below runs in that folder, with:"
        )
        print(f"  export CATALOG_SYNC_API_BASE={_url(port)} CATALOG_SYNC_SECRET={SECRET}")
        demo = Demo(folder, port, screen, watch)
        for step in STEPS:
            step(demo)
    _goodbye(folder, port, screen, time.monotonic() - began)


def _goodbye(folder: Path, port: int, screen: Screen, seconds: float) -> None:
    print()
    screen.paragraph(
        f"That was the life of a catalogue, in {seconds:.0f} seconds. The emulator is stopped. {_short(folder)}/ stays "
        "for a look: the edited catalogue, and in .catalog-sync/ what is known of the platform. To play on:"
    )
    home = shlex.quote(str(Path(sys.executable).parent))
    print(f"  cd {_short(folder)}; PATH={home}:$PATH; export CATALOG_SYNC_API_BASE={_url(port)} CATALOG_SYNC_SECRET=x")
    print(f"  catalog-sync emulator --db platform.db --port {port} &  # the same platform; edit, plan, apply; kill %1")
    print("  catalog-sync init -f my-shop.yaml  # begin a catalogue of your own")


def _short(folder: Path) -> str:
    """The folder as seen from where the person stands."""
    here = Path.cwd()
    return shlex.quote(str(folder.relative_to(here) if folder.is_relative_to(here) else folder))


def _wants_colour() -> bool:
    """NO_COLOR, then FORCE_COLOR, then whether this is a terminal that can."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def main() -> int:
    """Run the demo; its exit code is 0 when everything went as it should."""
    parser = argparse.ArgumentParser(description="Show the life of a catalogue against the emulator.")
    parser.add_argument("--folder", type=Path, default=ROOT / "demo", help="where to play; emptied (default: demo/)")
    folder = parser.parse_args().folder.resolve()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True, errors="replace")
    screen, watch = Screen(colour=_wants_colour()), Watch()
    watch.begin()
    try:
        play(folder, screen, watch)
    except DemoFailed as failure:
        where = f" in step {screen.step}" if screen.step else ""
        print(f"\nThe demo failed{where}: {failure}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: the last flush must not fail
        return 1
    except Stopped as stopped:
        print("\nStopped. The emulator is stopped too.", file=sys.stderr)
        return 128 + stopped.number
    return 0


if __name__ == "__main__":
    sys.exit(main())
