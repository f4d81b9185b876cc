"""`dump`: whatever the platform shows becomes a catalogue whose plan is empty, and rows that read back equal."""

from __future__ import annotations

import io
import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme
from PIL import Image

from catalog_sync.catalogue.fetch import CoverFetcher
from catalog_sync.catalogue.loader import load
from catalog_sync.providers import PROVIDERS
from tests.cli.conftest import APP, CATALOGUE, Command, Platform

ADOPTED = "No changes. The platform matches the catalogue."

HOSTILE = (
    "茶杯: 三只", "# 茶杯三只", "茶杯 #三只", " 茶杯三只", "茶杯三只 ", "!!str 茶杯", "*茶杯三只", "&茶杯三只",
    "- 茶杯三只", "? 茶杯三只", "null", "~茶杯三只", "123456", "1e3000", "'茶杯三只", '"茶杯三只"', "@茶杯三只",
    "{茶杯三只}", "[茶杯三只]", "|茶杯三只", "茶杯\\n三只", "👨‍👩‍👧茶杯三只", "=1+1+茶杯", "+86茶杯三只", "-茶杯三只",
    "'=茶杯三只", "茶,杯;三\"只", "&amp;茶杯三只", "＝茶杯三只", "a\u00a0茶杯", "\u200b茶杯三只", "%茶杯三只",
    "yes: no", "--- 茶杯", "茶杯三只 '", "<b>茶杯三只", "::error::茶杯",
)  # fmt: skip


def _goods(name: str, number: int, **more: Any) -> dict[str, Any]:
    return {
        "name": name, "price": 99.5, "priceType": 1, "url": f"pages/item?id={number}&from=a", "audit_status": 2, **more
    }  # fmt: skip


def _made(platform: Platform, goods: list[dict[str, Any]]) -> list[int]:
    made: list[int] = platform.order("goods", appid=APP, goods=goods)["goods_ids"]
    return made


def _edit(platform: Platform, goods_id: int, **fields: object) -> None:
    body = {"appid": APP, "goods_id": goods_id, **fields}
    requests.patch(f"{platform.url}/_emulator/goods", json=body, timeout=10).raise_for_status()


def _plan_ends(command: Command, *, with_: str = "") -> str:
    lines = [line for line in command("plan").out.splitlines() if line]
    assert any(with_ in line for line in lines)
    return lines[-1]


@pytest.mark.parametrize("text_on_read", ["as_sent", "normalised"])
def test_a_dump_of_anything_has_an_empty_plan(
    command: Command, folder: Path, platform: Platform, text_on_read: str
) -> None:
    (folder / "catalog.yaml").unlink()
    platform.order("settings", text_on_read=text_on_read)
    prices = [{"priceType": 3, "price": 199, "price2": 150.5}, {"priceType": 2, "price": 0.01, "price2": 0.29}]
    goods = [_goods(name, number) for number, name in enumerate(HOSTILE)]
    goods += [_goods("龙井茶具套装", 1000 + number, **each) for number, each in enumerate(prices)]
    goods.append(_goods("别家的茶具", 2000, thirdPartyAppid="wxfedcba9876543210"))
    ids = _made(platform, goods)
    assert command("dump").err.startswith("Error: which app?")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CATALOG_SYNC_APPID", APP)
        dumped = command("dump")
    assert (dumped.code, dumped.err) == (0, "")
    (folder / "catalog.yaml").write_text(dumped.out, encoding="utf-8")
    plan = command("plan", "--format", "json").document
    assert [(each["action"], each["steps"]) for each in plan["changes"]] == [("adopt", [])] * len(ids)
    assert command("apply", "--yes").code == 0
    assert command("plan", "--detailed-exitcode")[:2] == (0, f"{ADOPTED}\n")
    assert command("dump").out == dumped.out  # the keys are the bound ones now
    if text_on_read == "as_sent":
        names = {item.values[0] for item in load("catalog.yaml", [each.section for each in PROVIDERS.values()]).items}
        assert names >= {name.strip() for name in HOSTILE} - {"&amp;茶杯三只", "a\u00a0茶杯"}


def test_the_text(command: Command, folder: Path, platform: Platform) -> None:
    command("apply", "--yes")
    platform.order("verdict", appid=APP, name="TIT茶杯一号", verdict="approve")
    platform.order("verdict", appid=APP, name="龙井茶具套装", verdict="reject")
    (cup,) = [each["goods_id"] for each in _world(platform) if each["name"] == "TIT茶杯一号"]
    (tea,) = [each["goods_id"] for each in _world(platform) if each["name"] == "龙井茶具套装"]
    (new,) = _made(platform, [_goods("新来的: 茶具", 3)])
    bad = _made(platform, [_goods("换\x07行 # 的茶具", 4)])[0]
    console = platform.order(
        "console_goods", appid=APP, name="手工\ngoods: 茶", price=5, priceType=1, url="pages/a", coverImgUrl="x"
    )["goods_id"]
    ended = command("dump", "--include-console")
    assert (
        ended.err == f"Warning: {bad} cannot be listed: name: must not hold control characters (换\\x07行 # 的茶具).\n"
    )
    entries = {
        cup: f"  # {cup}, approved\n  tit-cup:\n    name: TIT茶杯一号\n    cover: keep\n    price: 99.50\n"
        "    url: pages/index/index?id=51\n",
        tea: f"  # {tea}, rejected; it stays so until it is edited\n  tea-set:\n    name: 龙井茶具套装\n"
        "    cover: keep\n    priceType: 3\n    price: 199.00\n    price2: 150.50\n    url: pages/item/item?id=52\n",
        new: f"  # {new}, approved\n  goods-{new}:\n    name: '新来的: 茶具'\n    cover: keep\n    price: 99.50\n"
        "    url: pages/item?id=3&from=a\n",
    }
    keys = {cup: "tit-cup", tea: "tea-set", new: f"goods-{new}"}
    assert ended.out.split("\n", 2)[2] == (
        f"version: 1\napp: {APP}\n\ngoods:\n"
        + "".join(entries[each] for each in sorted(entries))
        + "\nadopt:\n"
        + "".join(f"  {keys[each]}: {each}\n" for each in sorted(keys))
        + f"\n# Not listed above, for a catalogue cannot say it:\n# goods:\n#   # {bad}, approved\n"
        f"#   # name: must not hold control characters (换\\x07行 # 的茶具)\n#   goods-{bad}:\n"
        f"#     name: '换\\x07行 # 的茶具'\n#     cover: keep\n#     price: 99.50\n#     url: pages/item?id=4&from=a\n"
        f"\n# Made in the console: the API may not touch them.\n# goods:\n#   # {console}, approved\n"
        f"#   goods-{console}:\n#     name: '手工 goods: 茶'\n#     cover: keep\n#     price: 5.00\n"
        "#     url: pages/a\n"
    )
    (folder / "catalog.yaml").write_text(ended.out, encoding="utf-8")
    assert command("validate").code == 0


def _world(platform: Platform) -> list[dict[str, Any]]:
    goods: list[dict[str, Any]] = requests.get(f"{platform.url}/_emulator/world?appid={APP}", timeout=10).json()[
        "goods"
    ]
    return goods


def test_what_others_did_meanwhile_makes_no_difference(command: Command, folder: Path, platform: Platform) -> None:
    platform.order("settings", text_on_read="normalised")
    more = CATALOGUE.replace("    url: pages/index", "    protect: true\n    url: pages/index")
    (folder / "catalog.yaml").write_text(more.replace("TIT茶杯一号", "TIT茶杯 & 茶托"), encoding="utf-8")
    command("apply", "--yes")
    platform.approve()
    command("apply", "--yes")
    first = next(each["goods_id"] for each in _world(platform) if each["name"].startswith("TIT"))
    _edit(platform, first, name="别人改的 & 茶具", price=12.3)
    dumped = command("dump").out
    assert "    protect: true\n" in dumped
    (folder / "catalog.yaml").write_text(dumped, encoding="utf-8")
    assert _plan_ends(command) == ADOPTED
    platform.order("faults", faults=[{"path": "list", "kind": "lost_row", "row": 0, "counted": True, "times": 99}])
    ended = command("dump", "--settle-after", "0s")
    assert (ended.code, ended.out) == (1, "")
    assert "a catalogue that lacks items deletes them" in ended.err


def test_a_replacement_under_way_is_what_is_dumped(command: Command, folder: Path, platform: Platform) -> None:
    policy = CATALOGUE.replace("goods:", "policy: {locked_change: replace_after_approval}\ngoods:")
    (folder / "catalog.yaml").write_text(policy, encoding="utf-8")
    command("apply", "--yes")
    platform.approve()
    (folder / "catalog.yaml").write_text(policy.replace("TIT茶杯一号", "TIT茶杯二号"), encoding="utf-8")
    command("apply", "--yes")
    dumped = command("dump").out
    assert ("TIT茶杯二号" in dumped, "TIT茶杯一号" in dumped) == (True, False)
    (folder / "catalog.yaml").write_text(dumped, encoding="utf-8")
    plan = command("plan", "--format", "json").document
    assert [(each["action"], each["disposition"]) for each in plan["changes"]] == [("replace", "waiting")]


def test_what_is_bound_and_cannot_be_said_is_forgotten_not_deleted(
    command: Command, folder: Path, platform: Platform
) -> None:
    command("apply", "--yes")
    platform.approve()
    cup = min(each["goods_id"] for each in _world(platform) if each["name"].startswith("TIT"))
    _edit(platform, cup, name="别人\x07改的茶具")
    ended = command("dump")
    assert ended.err.startswith(f"Warning: {cup} cannot be listed: name: must not hold control characters")
    assert "\nremoved:\n  - tit-cup\n" in ended.out
    (folder / "catalog.yaml").write_text(ended.out, encoding="utf-8")
    plan = command("plan", "--format", "json").document
    assert [(each["address"], each["action"], each["steps"]) for each in plan["changes"]] == [
        ("goods.tit-cup", "forget", [])
    ]


def test_an_empty_library(command: Command, folder: Path) -> None:
    ended = command("dump")
    assert ended.out.endswith(f"version: 1\napp: {APP}\n\ngoods: {{}}\n")
    assert command("dump", "--format", "csv").out.count("\r\n") == 1
    assert command("dump", "--format", "jsonl").out == ""


# ---- covers


class _Site(ThreadingHTTPServer):
    """A picture host: what it serves by path."""

    daemon_threads = True
    files: dict[str, bytes]


class _Handler(BaseHTTPRequestHandler):
    server: _Site

    def do_GET(self) -> None:
        content = self.server.files.get(self.path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Site]:
    """covers.example, and a real fetcher that finds it."""
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("covers.example").configure_cert(tls)
    server = _Site(("127.0.0.1", 0), _Handler)
    server.files = {}
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    fetcher = CoverFetcher(
        frozenset({"covers.example"}), tls=trusting, resolver=lambda _host, _port: ["127.0.0.1"],
        port=server.server_port,
    )  # fmt: skip
    monkeypatch.setattr("catalog_sync.cli.dump.cover_fetcher", lambda: fetcher)
    yield server
    server.shutdown()
    server.server_close()


def _picture(side: int, kind: str, colour: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, kind)
    return out.getvalue()


def test_covers_are_saved_beside_the_catalogue(command: Command, folder: Path, platform: Platform, site: _Site) -> None:
    command("apply", "--yes")
    platform.approve()
    bound = {each["name"]: each["goods_id"] for each in _world(platform)}
    own = (folder / "covers" / "cup.png").read_bytes()
    site.files = {
        "/own": own,
        "/jpeg": _picture(100, "JPEG"),
        "/large": _picture(400, "PNG"),
        "/page": b"<html>",
    }
    _edit(platform, bound["TIT茶杯一号"], coverImgUrl="http://covers.example/own")
    _edit(platform, bound["龙井茶具套装"], coverImgUrl="https://covers.example/jpeg")
    covers = ("http://covers.example/jpeg", "http://covers.example/large", "http://covers.example/page",
              "http://covers.example/none", "ftp://covers.example/jpeg", "http://127.0.0.1:1/x")  # fmt: skip
    goods = [_goods(f"茶具{n}号", n, coverImgUrl=link) for n, link in enumerate(covers)]
    ids = _made(platform, goods)
    (folder / "saved").mkdir()
    (folder / "saved" / f"goods-{ids[0]}.jpg").write_bytes(b"mine")
    ended = command("dump", "--covers", "saved")
    assert ended.code == 0
    assert [line.partition(": ")[2] for line in ended.err.splitlines()] == [
        f"it is too large for a cover (400 x 400, {len(site.files['/large'])} bytes).",
        "it must be PNG, JPEG or GIF, found something else.",
        "covers.example answered HTTP 404.",
        "127.0.0.1: covers are fetched by https on port 443 only.",
    ]
    assert (folder / "saved" / f"goods-{ids[0]}.jpg").read_bytes() == b"mine"
    assert (folder / "saved" / f"goods-{ids[0]}-2.jpg").read_bytes() == site.files["/jpeg"]
    assert sorted(path.name for path in (folder / "saved").iterdir()) == sorted(
        [f"goods-{ids[0]}.jpg", f"goods-{ids[0]}-2.jpg", "tea-set.jpg", "tit-cup.png"]
    )
    assert f"cover: saved/goods-{ids[0]}-2.jpg\n" in ended.out
    assert "cover: saved/tit-cup.png\n" in ended.out  # the very bytes that were sent
    assert "  # the platform's picture: saved/tea-set.jpg\n  tea-set:\n" in ended.out
    assert command("dump", "--covers", "saved").out == ended.out  # what is there already is taken
    (folder / "catalog.yaml").write_text(ended.out, encoding="utf-8")
    assert command("apply", "--yes").code == 0
    assert command("plan").out == f"{ADOPTED}\n"
    outside = command("dump", "--covers", "../saved")
    assert outside.err.startswith("Error: --covers must lie in the catalogue's folder\n")


# ---- rows


@pytest.mark.parametrize("headings", ["fields", "zh"])
@pytest.mark.parametrize("format_", ["csv", "jsonl"])
def test_a_catalogue_as_rows_reads_back_equal(command: Command, folder: Path, format_: str, headings: str) -> None:
    entries: dict[str, dict[str, Any]] = {f"k{number}": {"name": name} for number, name in enumerate(HOSTILE)}
    entries["every.field"] = {
        "name": "龙井茶具", "priceType": 3, "price2": "88.01", "thirdPartyAppid": "wxfedcba9876543210", "priority": -3,
        "needed_by": "2026-12-01T20:00:00.250000+08:00", "protect": True, "locked_change": "replace",
        "cover": "https://covers.example/a.png?x=1,2",
    }  # fmt: skip
    goods = {
        key: {"cover": "covers/cup.png", "price": "99.5", "url": f"pages/{key}?a=1&b=2", **entry}
        for key, entry in entries.items()
    }
    text = f"version: 1\napp: {APP}\ngoods: {json.dumps(goods, ensure_ascii=False)}\n"
    (folder / "catalog.yaml").write_text(text, encoding="utf-8")
    sections = [each.section for each in PROVIDERS.values()]
    before = load("catalog.yaml", sections)
    ended = command("dump", "--catalogue", "--format", format_, "--headings", headings)
    assert (ended.code, ended.err) == (0, "")
    (folder / f"rows.{format_}").write_bytes(ended.out.encode())
    (folder / "catalog.yaml").write_text(f"version: 1\napp: {APP}\ninclude: [rows.{format_}]\n", encoding="utf-8")
    after = load("catalog.yaml", sections)
    assert after.digest == before.digest
    assert [item.key for item in after.items] == [item.key for item in before.items]


def test_a_spreadsheet_opens_it_right(command: Command, platform: Platform) -> None:
    _made(platform, [_goods(name, number) for number, name in enumerate(HOSTILE)])
    out = command("dump", "--format", "csv", "--headings", "zh").out
    assert out.startswith(
        "\ufeff商品编号,商品名称,商品封面,价格类型,价格,价格2,商品路径,小程序appid,优先级,截止时间,保护,锁定后修改\r\n"
    )
    cells = [cell for line in out.split("\r\n") for cell in line.replace('"', "").split(",")]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r＝＋－＠"))]
    assert "'=1+1+茶杯" in cells
    assert "99.50" in cells


WRONG = {
    ("--catalogue",): "--catalogue gives rows of what is there already",
    ("--catalogue", "--format", "csv", "--covers", "x"): "--catalogue gives rows of what is there already",
    ("--include-console", "--format", "csv"): "--include-console writes comments, which rows do not have",
}


@pytest.mark.parametrize(("words", "message"), WRONG.items(), ids=map(" ".join, WRONG))
def test_what_does_not_go_together(command: Command, words: tuple[str, ...], message: str) -> None:
    ended = command("dump", *words)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"Error: {message}\n")
