"""A real Chromium for the pages: the machine's own, nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, expect, sync_playwright

from catalog_sync.core.plandoc import PlanDocument
from catalog_sync.report.face import Faces
from catalog_sync.report.html import plan_html

CHROMIUM = os.environ.get("CATALOG_SYNC_TEST_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

_NONE = "no Chromium here: install chromium, or name one in CATALOG_SYNC_TEST_CHROMIUM"


class Reader:
    """A page that is open, and everything that it should not have done."""

    def __init__(self, page: Page, size: int) -> None:
        self.page = page
        self.size = size
        self.said: list[str] = []
        self.fetched: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(dialog.message))
        page.on("request", lambda request: self.fetched.append(request.url))

    def shows(self, addresses: Sequence[str] | int) -> None:
        """The addresses of the changes that are shown, or how many; a click may reach the page a moment later."""
        shown = self.page.locator(".change .about code")
        if isinstance(addresses, int):
            expect(shown).to_have_count(addresses)
        else:
            expect(shown).to_have_text(addresses)

    def tells(self, words: str) -> None:
        """What the live region says."""
        expect(self.page.get_by_role("status")).to_have_text(words)

    def follow(self, leading: Locator) -> None:
        """Click what leads to another page, until that is there with its style: blocks are lines before it, too."""
        with self.page.expect_navigation():
            leading.click()

    def press(self, name: str, group: str) -> None:
        """Press a button of a filter."""
        self.page.get_by_role("group", name=group).get_by_role("button", name=name).click()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip(_NONE)
    expect.set_options(timeout=30_000)  # a busy machine is no defect of a page
    with sync_playwright() as playwright:
        try:
            # Without the sandbox: it needs rights that root in a container does not have, and the pages are our own.
            opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        except Error:
            if "CATALOG_SYNC_TEST_CHROMIUM" in os.environ:
                raise
            pytest.skip(f"{CHROMIUM} does not start: name another in CATALOG_SYNC_TEST_CHROMIUM")
        yield opened
        opened.close()


Opener = Callable[..., Reader]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Opens a plan as a person does, from a file, on this width; checks in the end that it was quiet and alone."""
    readers = []

    def open_(
        shown: PlanDocument,
        faces: Faces | None = None,
        *,
        width: int = 1280,
        scheme: Literal["light", "dark"] = "light",
        script: bool = True,
    ) -> Reader:
        file = tmp_path / "plan.html"
        file.write_text(plan_html(shown, faces), encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        reader = Reader(context.new_page(), file.stat().st_size)
        readers.append(reader)
        reader.page.goto(file.as_uri())
        return reader

    yield open_
    for reader in readers:
        assert reader.said == []
        assert [url for url in reader.fetched if not url.startswith(("file:", "data:"))] == []
        assert sum(url.startswith("file:") for url in reader.fetched) == 1
        reader.page.context.close()
