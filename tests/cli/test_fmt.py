"""`fmt` on the command line: which files, which exit code, and that a file is replaced as a whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import CATALOGUE, Command

GOODS = """\
goods:
    more:
        name:  更多的茶杯   # why
        cover: ../covers/cup.png
        price: 5
        url: pages/a
"""

TIDY = """\
goods:
  more:
    name: 更多的茶杯        # why
    cover: ../covers/cup.png
    price: 5
    url: pages/a
"""


@pytest.fixture
def included(folder: Path) -> Path:
    """A file that the catalogue includes, beside rows."""
    (folder / "goods").mkdir()
    (folder / "goods" / "more.yaml").write_text(GOODS, encoding="utf-8")
    rows = "key,name,cover,price,url\nrow,第一行的茶杯,../covers/cup.png,5,pages/row\n"
    (folder / "goods" / "rows.csv").write_text(rows, encoding="utf-8")
    (folder / "catalog.yaml").write_text(f"include: [goods/*]\n{CATALOGUE}", encoding="utf-8")
    return folder / "goods" / "more.yaml"


def test_the_catalogue_and_what_it_includes(command: Command, included: Path) -> None:
    digest = command("plan", "--format", "json").document["catalogue"]["digest"]
    listed = "goods/more.yaml\n"
    error = "Error: 1 file is not formatted\nHint: `catalog-sync fmt` formats them\n"
    assert command("fmt", "--check") == (1, listed, error)
    told = command("fmt", "--check", "--format", "json")
    assert (told.code, told.document["changed"], told.document["error"]["code"]) == (
        1, ["goods/more.yaml"], "check_failed",
    )  # fmt: skip
    assert included.read_text(encoding="utf-8") == GOODS
    included.chmod(0o640)
    assert command("fmt") == (0, "Formatted: goods/more.yaml\n", "")
    assert (included.read_text(encoding="utf-8"), included.stat().st_mode & 0o777) == (TIDY, 0o640)
    assert command("fmt") == (0, "2 files are formatted.\n", "")
    assert command("fmt", "--check", "--format", "json").document == {
        "format_version": "1.0", "files": ["catalog.yaml", "goods/more.yaml"], "changed": [],
    }  # fmt: skip
    assert command("plan", "--format", "json").document["catalogue"]["digest"] == digest


def test_files_by_name_and_through_a_link(command: Command, folder: Path, included: Path) -> None:
    (folder / "link.yaml").symlink_to(included)
    assert command("fmt", "link.yaml", "goods/rows.csv") == (0, "Formatted: link.yaml\n", "")
    assert (folder / "link.yaml").is_symlink()
    assert included.read_text(encoding="utf-8") == TIDY
    assert sorted(each.name for each in included.parent.iterdir()) == ["more.yaml", "rows.csv"]


def test_one_wrong_file_and_nothing_is_written(command: Command, folder: Path, included: Path) -> None:
    (folder / "goods" / "wrong.yaml").write_text("goods:\n  a: [\n", encoding="utf-8")
    ended = command("fmt")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "goods/wrong.yaml:3:1: a list or mapping is not closed, or a value is missing (end of line)\n"
        "Error: the catalogue has 1 error\nHint: nothing was written\n"
    )
    assert included.read_text(encoding="utf-8") == GOODS
    told = command("fmt", "goods/wrong.yaml", "nope.yaml", "--format", "json").document["error"]
    assert (told["code"], [each["code"] for each in told["diagnostics"]]) == (
        "catalogue_invalid", ["syntax", "file_missing"],
    )  # fmt: skip
    assert command("fmt", "-f", "nope.yaml").code == 1
