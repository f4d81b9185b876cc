"""`python -m benchmarks [--quick] [--seed N] [--out FOLDER] [CASE ...]`: measure, print a line a row, keep the result.

Needs nothing but this project's environment; a peer that is not to be had is skipped, and the result says why.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import plot
from benchmarks.cases import CASES, Bench
from benchmarks.goods import input_digest
from benchmarks.measuring import Failed, Row, machine
from benchmarks.peers import peer_versions

RESULTS = Path("benchmarks/results")
_PACKAGES = ("ruamel.yaml", "ruamel.yaml.clib", "pydantic", "pydantic-core", "sqlalchemy", "requests", "click")


def main() -> None:
    """Measure the chosen cases, all of them when none is named."""
    options = argparse.ArgumentParser(prog="python -m benchmarks")
    options.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    options.add_argument("--quick", action="store_true", help="small sizes, three pairs: under three minutes")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--out", type=Path, default=RESULTS, metavar="FOLDER", help=f"default: {RESULTS}")
    given = options.parse_args()
    if unknown := set(given.cases) - CASES.keys():
        options.error(f"no case {', '.join(sorted(unknown))}; there are {', '.join(CASES)}")
    given.out.mkdir(parents=True, exist_ok=True)
    failed = _measure(given.cases or list(CASES), given.seed, given.out, quick=given.quick)
    if failed:
        raise SystemExit(f"Failed: {', '.join(failed)}")


def _measure(cases: list[str], seed: int, out: Path, *, quick: bool) -> list[str]:
    """Measure; what is known is written after each case, so that one that fails costs no other. The failed ones."""
    rows: list[Row] = []
    skipped: list[str] = []
    failed: list[str] = []

    def skip(reason: str) -> None:
        skipped.append(reason)
        print(f"Skipped: {reason}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), seed, quick, skip)
        for case in cases:
            try:
                for row in CASES[case](bench):
                    rows.append(row)
                    print(row.line(), flush=True)
            except Failed as reason:
                failed.append(case)
                skip(f"{case} failed: {reason}")
            _write(out, rows, skipped, seed)
    print(f"Written: {out}/result.json")
    return failed


def _write(folder: Path, rows: list[Row], skipped: list[str], seed: int) -> None:
    document = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": machine(),
        "load": os.getloadavg(),
        "versions": {**{name: version(name) for name in _PACKAGES}, **peer_versions()},
        "seed": seed,
        "input_digest": input_digest(seed),
        "rows": [row.document() for row in rows],
        "skipped": skipped,
    }
    (folder / "result.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if plot.can_be_drawn(rows):
        (folder / "performance.svg").write_text(plot.draw(rows), "utf-8")


def _commit() -> str:
    told = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return told.stdout.strip()


if __name__ == "__main__":
    main()
