"""The pages as a person opens them, and what they refuse; each fetches nothing from outside and says no error."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page

from tests.cli.conftest import Command, Platform
from tests.fleet.conftest import app_of, fleet_of, target
from tests.report.conftest import Reader

from .conftest import Serve

HOSTILE = '<script>alert(1)</script>"&\u202e</title><img src=x onerror=alert(2)>'


def seen(command: Command, folder: Path, platform: Platform) -> None:
    """North under review, south approved and then edited by others, west never looked at and a broken one."""
    (folder / "broken").mkdir()
    (folder / "broken" / "catalog.yaml").write_text("version: 1\ngoods: [\n", encoding="utf-8")
    shops = [target(name, at, labels=f"{{region: {name}}}") for at, name in enumerate(("north", "south", "west"))]
    (folder / "fleet.yaml").write_text(fleet_of(*shops, target("broken", 9)), encoding="utf-8")
    for name in ("north", "south"):
        assert command("fleet", "apply", "--yes", "--select", f"region={name}", "--actor", HOSTILE).code == 0
    platform.order("verdict", appid=app_of(1), all=True, verdict="approve")
    goods = requests.get(f"{platform.url}/_emulator/world?appid={app_of(1)}", timeout=10).json()["goods"]
    for name in ("别人改的名字", HOSTILE[:14]):
        command("fleet", "status", "--select", "region=south")
        body = {"appid": app_of(1), "goods_id": goods[0]["goods_id"], "name": name}
        requests.patch(f"{platform.url}/_emulator/goods", json=body, timeout=10).raise_for_status()
    command("fleet", "status", "--select", "region=south")


def opened(browser: Browser, width: int) -> Reader:
    context = browser.new_context(viewport={"width": width, "height": 900})
    return Reader(context.new_page(), 0)


def kept(folder: Path) -> dict[Path, bytes]:
    """All files, but what SQLite makes to read beside others."""
    files = [each for each in folder.rglob("*") if each.is_file() and not each.name.endswith(("-wal", "-shm"))]
    return {each: each.read_bytes() for each in files}


def fits(page: Page) -> bool:
    """Nothing stands out to the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", [1280, 390])
def test_a_person_goes_from_all_shops_to_a_plan(
    browser: Browser, command: Command, folder: Path, platform: Platform, serve: Serve, width: int
) -> None:
    seen(command, folder, platform)
    before = kept(folder)
    url = serve()
    reader = opened(browser, width)
    page = reader.page
    page.goto(url)
    assert page.get_by_role("heading", level=1).inner_text() == "4 shops"
    assert page.locator(".mood").all_inner_texts() == ["under review", "drifted", "never looked at", "cannot be read"]
    assert fits(page)
    page.get_by_label("Name, appid or label").fill("region=south")
    reader.follow(page.get_by_role("button", name="Search"))
    reader.follow(page.get_by_role("link", name="south", exact=True))
    assert page.get_by_role("heading", level=1).inner_text() == "south"
    assert page.locator(".drift li").count() == 1
    drifted = page.locator(".drift").inner_text()
    assert re.fullmatch(r"goods\.cup-\d <script>alert\( edited by others\nname: 青瓷茶杯\d号 <script>alert\(", drifted)
    assert page.locator(".runs tbody tr").count() == 1
    assert page.locator(".runs bdi").first.inner_text() == HOSTILE.replace("\u202e", "\\u202e")
    assert "submit 2 of 500 today, 498 left" in page.locator(".chart figcaption").all_inner_texts()
    assert fits(page)
    reader.follow(page.get_by_role("link", name="The whole plan"))
    assert page.locator("h1 strong").inner_text() == "Unsafe: apply refuses this plan."
    assert fits(page)
    page.goto(f"{url}/shops/broken")
    assert page.get_by_role("heading", level=1).inner_text() == "the catalogue has 1 error"
    assert [each for each in reader.said if "503" not in each] == []
    assert {re.sub(r"(?<=:)\d+", "PORT", each.split("/")[2]) for each in reader.fetched if each[:5] != "data:"} == {
        "127.0.0.1:PORT"
    }
    assert "made-up" not in page.content()
    page.context.close()
    assert kept(folder) == before


def test_a_run_that_came_to_nothing_is_told_so(
    command: Command, folder: Path, platform: Platform, serve: Serve
) -> None:
    assert command("fleet", "apply", "--yes").code == 0
    platform.order("faults", faults=[{"path": "*", "kind": "errcode", "code": 48001, "times": 99}])
    assert command("fleet", "apply", "--yes").code == 1
    assert command("state", "rm", "goods.cup-1", "-f", "north/catalog.yaml").code == 0
    page = requests.get(f"{serve()}/shops/north", timeout=20).text
    rows = re.findall(r'<tr class="(\w*)">.+?"What"><div>(.+?)</div>.+?"Came of it"><div>(.*?)</div>', page, re.DOTALL)
    assert [(bad, *(re.sub("<.+?>", "", each) for each in words)) for bad, *words in rows] == [
        ("", "state rm", ""),
        ("bad", "fleet apply", "did not come to its end (auth_failed)"),
        ("", "fleet apply", "2 applied · 2 remaining"),
    ]


REFUSED = [
    (None, "GET", "/", {"Host": "shops.example"}, 400),
    (None, "GET", "/", {"Host": "localhost:8080"}, 200),
    (None, "GET", "/", {"Host": "[::1]:8080"}, 200),
    (None, "GET", "/", {"Host": "127.0.0.2:8080"}, 200),
    (None, "GET", "/", {"Host": "127.0.0.1.nip.example"}, 400),
    (None, "POST", "/", {}, 405),
    (None, "OPTIONS", "/shops/north", {}, 405),
    (None, "HEAD", "/shops/north", {}, 200),
    (None, "GET", "/shops/nowhere", {}, 404),
    (None, "GET", "/shops/..%2f..%2ffleet.yaml", {}, 404),
    (None, "GET", "/?page=9999999999&q=%00", {}, 200),
    ("X-Forwarded-User", "GET", "/", {}, 403),
    ("X-Forwarded-User", "GET", "/web.css", {}, 403),
    ("X-Forwarded-User", "GET", "/", {"X-Forwarded-User": ""}, 403),
    ("X-Forwarded-User", "GET", "/", {"X_Forwarded_User": "li"}, 403),
    ("X-Forwarded-User", "GET", "/", {"X-Forwarded-User": "li", "Host": "shops.example"}, 200),
]


def test_who_may_see_what(command: Command, serve: Serve) -> None:
    urls = {header: serve(header) for header in (None, "X-Forwarded-User")}
    for header, method, path, headers, code in REFUSED:
        answer = requests.request(method, f"{urls[header]}{path}", headers=headers, timeout=20)
        assert (method, path, headers, answer.status_code) == (method, path, headers, code)
        told = answer.headers
        assert told["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'none'"
        )
        assert (told["Cache-Control"], told["X-Content-Type-Options"]) == ("no-store", "nosniff")
        assert "Set-Cookie" not in told
    told = requests.get(f"{urls[None]}/shops/north/plan", timeout=20).headers
    assert re.fullmatch(
        r"default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; img-src data:; base-uri 'none'; "
        r"form-action 'none'; frame-ancestors 'none'",
        told["Content-Security-Policy"],
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"X-Forwarded-User: li", b"200"),
        (b"X-Forwarded-User : li", b"400"),
        (b"X-Forwarded-User\t: li", b"400"),
        (b"X-Forwarded-User\x0b: li", b"400"),
        (b"X-Forwarded-User\x00: li", b"400"),
        (b": li", b"400"),
        (b"X_Forwarded_User: li", b"403"),
    ],
)
def test_a_header_whose_name_is_none_is_no_header(command: Command, serve: Serve, line: bytes, code: bytes) -> None:
    """A proxy that takes the header away takes away what is called so, to the letter."""
    host, port = serve("X-Forwarded-User").removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: shops.example\r\n" + line + b"\r\nConnection: close\r\n\r\n")
        assert connection.makefile("rb").readline().split()[1] == code


def test_what_serve_refuses(command: Command, folder: Path) -> None:
    def first(*words: str) -> str:
        ended = command("serve", *words)
        assert (ended.code, ended.out) == (1, "")
        return ended.err.splitlines()[0]

    assert first("--host", "192.0.2.1") == "Error: the pages are for this machine only, not for 192.0.2.1"
    assert first("--auth-header", "X_User") == "Error: --auth-header takes the name of a header (found 'X_User')"
    for sent in ("Cookie", "X-Forwarded-For", "DNT", "if-none-match"):
        told = f"Error: --auth-header {sent}: browsers send that, or proxies set it for everybody"
        assert first("--auth-header", sent) == told
    assert first("--host", "192.0.2.1", "--auth-header", "X-User") == ("Error: cannot listen on 192.0.2.1:8080")
    (folder / "fleet.yaml").unlink()
    assert first("--port", "0") == "fleet.yaml:1:1: the file does not exist"
