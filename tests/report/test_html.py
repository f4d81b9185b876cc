"""The HTML page in a real Chromium: what a person finds, presses, hears and prints, and that it fetches nothing.

Each page is also checked, when its test ends, for an error, a dialog, and a request to anything but its own file.
"""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import expect

from catalog_sync.catalogue.thumbnails import BUDGET
from catalog_sync.core.plandoc import ObservationDocument, PlanDocument
from catalog_sync.report.face import Face, Faces, web_link
from catalog_sync.report.html import plan_html
from catalog_sync.report.width import safe
from tests.report.conftest import Opener
from tests.report.plans import HOSTILE, faces, hostile, market

MOST_BYTES = 8_000_000
MOST_MILLISECONDS = 100

MEASURE = """word => {
    const search = document.getElementById("search");
    const took = [];
    for (let round = 0; round < 25; round += 1) {
        search.value = "";
        search.dispatchEvent(new Event("input"));
        search.value = word;
        const began = performance.now();
        search.dispatchEvent(new Event("input"));
        document.body.getBoundingClientRect();
        took.push(performance.now() - began);
    }
    return Math.min(...took);
}"""


def jpeg(colour: str, more: bytes = b"") -> str:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "JPEG")
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue() + more).decode()}"


def with_pictures(shown: Faces) -> Faces:
    """As many different pictures as a page has room for."""
    room = BUDGET
    pictured = dict(shown)
    for at, (address, face) in enumerate(shown.items()):
        picture = jpeg("red", str(at).encode().ljust(1800, b"."))
        room -= len(picture)
        if room < 0:
            break
        pictured[address] = replace(face, pictures=(picture,))
    return pictured


def test_what_a_person_sees_first(opened: Opener) -> None:
    page = opened(market()).page
    verdict = "Plan: 1 to add, 1 to update, 0 to resubmit, 0 to replace, 1 to delete."
    assert page.title() == f"{verdict} wx0123456789abcdef"
    assert page.get_by_role("heading", level=1).inner_text() == verdict
    assert page.locator(".counts").inner_text().split("\n")[:3] == ["Ready", "4", "apply does this now"]
    assert [page.locator(mark).count() for mark in ("header", "main", "aside", "footer", "[role=search]")] == [1] * 5
    assert page.get_by_role("region").evaluate_all("all => all.map(each => each.querySelector('h2').innerText)") == [
        "Held back: a person must act", "Changes", "Deferred work by day", "Quota", "Warnings",
        "Where this plan comes from",
    ]  # fmt: skip
    assert page.get_by_role("img", name="submissions, 2026-11-21: 1 used, 1 planned, 1 in reserve, 0 left of 3").count()
    assert page.locator(".timeline li").all_inner_texts() == [
        "2026-11-21\n4 changes\nAdd 1 · Update 1 · Delete 1 · Move 1",
        "2026-11-22\n2 changes\nAdd 1 · Replace 1",
    ]
    assert page.locator(".warnings").inner_text().startswith("goods.tray It looks like goods.leaving")


def test_a_change_shows_both_sides(opened: Opener) -> None:
    reader = opened(market(), {"goods.tit-cup": Face("TIT茶杯", link="https://mmbiz.example/cup")})
    change = reader.page.get_by_role("listitem").filter(has_text="TIT茶杯")
    assert change.get_by_role("row").all_inner_texts() == ["Field\tNow\tAfter", "price\t99.50\t89.00"]
    assert change.get_by_role("heading").inner_text() == "~ Update TIT茶杯"
    assert change.get_by_text("Held back: name. Approved goods may only change price").count() == 1
    assert change.get_by_text("Note: the reviewer dislikes blanks").count() == 1
    assert change.get_by_role("link").get_attribute("href") == "https://mmbiz.example/cup"


def test_search_and_filters(opened: Opener) -> None:
    reader = opened(market())
    search = reader.page.get_by_role("searchbox", name="Search")
    reader.tells("Changes: 8.")
    for word, expected in {
        "茶壶": ["goods.replaced", "goods.pot"],
        "GOODS.TEA": ["goods.tea-set"],
        "ｐｏｔ": ["goods.pot"],  # full-width, as a Chinese keyboard types it
        "51": ["goods.tit-cup"],
        "locked_when": ["goods.tit-cup", "goods.pot"],
        "replaced 茶": ["goods.replaced"],
    }.items():
        search.fill(word)
        reader.shows(expected)
    search.fill("nothing is called so")
    reader.shows([])
    reader.tells("No change matches. 8 in all.")
    reader.page.get_by_role("button", name="Clear search and filters").click()
    reader.shows(8)
    reader.press("Add", "Action")
    reader.shows(["goods.tray", "goods.tea-set"])
    reader.press("Replace", "Action")
    reader.shows(["goods.tray", "goods.tea-set", "goods.replaced", "goods.pot"])
    reader.press("Deferred", "State")
    reader.shows(["goods.tea-set", "goods.replaced"])
    reader.tells("2 of 8 changes match.")
    search.fill("茶壶")
    reader.shows(["goods.replaced"])


def test_the_system_is_a_filter(opened: Opener) -> None:
    reader = opened(hostile(15))
    reader.press("Mini Store SKUs", "System")
    reader.shows(["goods.item-0", "goods.item-7", "goods.item-14"])


def test_holds_lead_to_their_items(opened: Opener) -> None:
    reader = opened(market())
    reader.page.get_by_role("button", name="Show 2 locked_when_approved").click()
    reader.shows(["goods.tit-cup", "goods.pot"])
    expect(reader.page.locator("#changes")).to_be_focused()


def test_the_keyboard_does_everything(opened: Opener) -> None:
    reader = opened(market())
    keyboard = reader.page.keyboard
    keyboard.press("Tab")
    expect(reader.page.locator(".skip")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(reader.page.locator("#search")).to_be_focused()
    expect(reader.page.locator("#search")).to_have_css("outline-style", "solid")
    keyboard.type("goods.t")
    reader.shows(["goods.tray", "goods.tit-cup", "goods.tea-set"])
    keyboard.press("Tab")
    for key, pressed, count in (("Space", "true", 2), ("Enter", "false", 3)):
        keyboard.press(key)
        expect(reader.page.locator("button:focus")).to_have_attribute("aria-pressed", pressed)
        reader.shows(count)


def test_hostile_names_are_text(opened: Opener) -> None:
    shown = hostile(len(HOSTILE))
    named = replace(shown, actor=HOSTILE[3], run_url="javascript:alert(3)", app=HOSTILE[4], warnings=market().warnings)
    names = faces(named)
    reader = opened(replace(named, observation=ObservationDocument(False, True, HOSTILE[4])), names)
    shown_names = reader.page.locator(".change .name").all_text_contents()
    assert shown_names[:-1] == [safe(each) for each in HOSTILE[:-1]]
    assert shown_names[-1] == "龙" * 1000 + "… (2,000 more characters)"
    assert reader.page.locator("script").count() == 2
    assert reader.page.locator("img, .facts a").count() == 0
    assert reader.page.locator(".facts").inner_text().split("\n")[1] == HOSTILE[4]


def test_a_runner_that_sees_the_page_obeys_nothing_in_it() -> None:
    shown = hostile(len(HOSTILE))
    html = plan_html(replace(shown, actor=HOSTILE[10], commit=HOSTILE[10]), faces(shown))
    assert "##[" not in html
    assert not [line for line in html.splitlines() if line.lstrip().startswith("::")]


def test_pictures_are_in_the_file(opened: Opener) -> None:
    before, after = jpeg("red"), jpeg("blue")
    pictured = {"goods.tray": Face("竹茶盘", (before, after)), "goods.pot": Face("壶", (before,), left_out=True)}
    page = opened(market(), pictured).page
    assert [each.get_attribute("alt") for each in page.get_by_role("img").all() if each.get_attribute("alt")] == [
        "Cover of 竹茶盘", "Cover of 竹茶盘, as it is uploaded", "Cover of 壶",
    ]  # fmt: skip
    assert page.locator("figcaption").all_inner_texts() == ["file", "as uploaded"]
    assert page.locator("img").evaluate_all("all => all.map(each => each.naturalWidth)") == [8, 8, 8]
    assert page.get_by_text("Covers of 1 changes are left out").count() == 1
    assert plan_html(market(), pictured).count(before) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_can_be_read(opened: Opener, scheme: Literal["light", "dark"]) -> None:
    reader = opened(hostile(200), width=375, scheme=scheme)
    assert reader.page.evaluate("document.documentElement.scrollWidth") == 375
    assert reader.page.evaluate(LEAST_CONTRAST) >= 4.5


LEAST_CONTRAST = """() => {
    const parse = text => text.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
        .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
    const ground = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = parse(getComputedStyle(at).backgroundColor);
            if (colour.length < 4 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    const contrast = element => {
        const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
    };
    const tells = element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const told = [...document.querySelectorAll("body *")].filter(each => each.getClientRects().length && tells(each));
    return Math.min(...told.map(contrast));
}"""


def test_without_its_script_the_summary_is_there_and_says_so(opened: Opener) -> None:
    page = opened(market(), script=False).page
    assert page.locator(".counts").is_visible()
    assert page.get_by_text("The list of changes needs JavaScript").is_visible()
    assert not page.get_by_role("searchbox").is_visible()


def test_paper_has_every_change_that_matches(opened: Opener) -> None:
    reader = opened(hostile(250))
    reader.shows(50)
    reader.tells("50 of 250 changes shown.")
    reader.page.get_by_role("button", name="Show 50 more").click()
    reader.shows(100)
    reader.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    reader.shows(250)
    reader.page.emulate_media(media="print")
    assert not reader.page.locator(".tools").is_visible()
    reader.page.evaluate("dispatchEvent(new Event('afterprint'))")
    reader.shows(50)


def test_ten_thousand_changes_are_searched_at_once(opened: Opener) -> None:
    shown = hostile(10_000)
    reader = opened(shown, with_pictures(faces(shown)))
    assert 0.8 * MOST_BYTES < reader.size < MOST_BYTES
    reader.tells("50 of 10,000 changes shown.")
    assert reader.page.evaluate(MEASURE, "item-9") < MOST_MILLISECONDS
    reader.tells("1,111 of 10,000 changes match, 50 shown.")
    assert reader.page.evaluate(MEASURE, "") < MOST_MILLISECONDS


def test_equal_plans_make_equal_pages() -> None:
    shown: PlanDocument = hostile(30)
    assert plan_html(shown, faces(shown)) == plan_html(hostile(30), faces(shown))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', plan_html(shown))
    assert policy is not None
    assert "unsafe" not in policy[1]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://mmbiz.example/cup?a=1", "https://mmbiz.example/cup?a=1"),
        ("http://mmbiz.example/cup", "http://mmbiz.example/cup"),
        ("javascript:alert(1)", ""),
        ("https://例え.example/", ""),
        ("https://a.example/\n", ""),
        ("https://a.example/" + "a" * 2000, ""),
    ],
)
def test_what_may_become_a_link(text: str, link: str) -> None:
    assert web_link(text) == link
