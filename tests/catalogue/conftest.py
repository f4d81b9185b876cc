"""A shop's folder on disk, and what reading its catalogue says."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from catalog_sync.catalogue.loader import Loaded, read
from catalog_sync.core.model import Catalogue, Item
from catalog_sync.providers.live_goods.section import GoodsSection
from catalog_sync.providers.mini_store.section import ProductsSection
from catalog_sync.report.diagnostics import diagnostic_lines

Content = str | bytes


def picture(width: int = 300, height: int = 300, kind: str = "PNG", mode: str = "RGB") -> bytes:
    """A plain picture of this size and format."""
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, kind)
    return out.getvalue()


class Shop:
    """The current folder, with a cover in it, where catalogues are written and read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write({"covers/a.png": picture()})

    def write(self, files: Mapping[str, Content]) -> None:
        """Write files; a text as UTF-8, its line ends as they are."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def read(self, files: Mapping[str, Content] | Content, path: str = "catalog.yaml", **how: bool) -> Loaded:
        """Write the files (or only the catalogue) and read the catalogue."""
        self.write(files if isinstance(files, Mapping) else {path: files})
        return read(path, [GoodsSection(), ProductsSection()], c_parser=how.get("c_parser", True))

    def lines(self, files: Mapping[str, Content] | Content, path: str = "catalog.yaml", **how: bool) -> list[str]:
        """What reading says, as `validate` prints it."""
        return diagnostic_lines(self.read(files, path, **how).diagnostics)

    def right(self, files: Mapping[str, Content] | Content) -> Catalogue:
        """The catalogue, which must be right and raise no warning."""
        catalogue, diagnostics = self.read(files)
        assert diagnostic_lines(diagnostics) == []
        assert catalogue is not None
        return catalogue

    def items(self, files: Mapping[str, Content] | Content) -> dict[str, Item]:
        """The items of a right catalogue by key."""
        return {item.key: item for item in self.right(files).items}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    root = tmp_path / "shop"
    root.mkdir()
    monkeypatch.chdir(root)
    return Shop(root)
