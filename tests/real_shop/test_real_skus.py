"""The real shop's SKUs, 122 of 120 products: from a CSV file to an equal store and an empty plan, and again a season
later. The data is not part of this repository, see `test_real_shop`.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import requests

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.mini_store.emulator import SYSTEM

from .test_real_shop import APP, DATA, draw_cover, run

SKUS = DATA / "litemall-skus.csv"
HEADINGS = ("商品编号", "SKU编号", "售价", "市场价", "库存", "规格图", "商家编码", "规格")
Row = dict[str, str]

pytestmark = pytest.mark.skipif(not SKUS.exists(), reason=f"the real shop's SKUs are not there: {SKUS}")


def sku_of(row: Row) -> Row:
    """A row of our catalogue for one of the shop; its picture is drawn, for a link elsewhere is refused."""
    specifications: list[str] = json.loads(row["specifications"])
    names = ("规格", "颜色")
    return {
        "商品编号": row["goods_id"],
        "SKU编号": f"sku-{row['sku_id']}",
        "售价": row["price"],
        "市场价": f"{Decimal(row['price']) * 5 / 4:.2f}",
        "库存": row["stock"],
        "规格图": f"thumbs/{row['sku_id']}.png" if row["pic_url"] else "",
        "商家编码": f"LM{row['sku_id']}",
        "规格": "; ".join(f"{name}={value}" for name, value in zip(names, specifications, strict=False)),
    }


class Store:
    """The catalogue in a folder of its own, and the Mini Store that it is applied to."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        with SKUS.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.rows = {each["SKU编号"]: each for each in map(sku_of, rows)}
        (folder / "thumbs").mkdir()
        for row in rows:
            draw_cover(folder / "thumbs" / f"{row['sku_id']}.png", int(row["sku_id"]))
        for goods_id, name in {row["goods_id"]: row["goods_name"] for row in rows}.items():
            self.order("spu", out_product_id=goods_id, title=name)
        (folder / "catalog.yaml").write_text(f"version: 1\napp: {APP}\ninclude: [skus.csv]\n", encoding="utf-8")

    def order(self, name: str, **order: object) -> None:
        requests.post(f"{self.url}/_emulator/{name}", json={"appid": APP, **order}, timeout=10).raise_for_status()

    def write(self) -> None:
        with (self.folder / "skus.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, HEADINGS)
            writer.writeheader()
            writer.writerows(self.rows.values())

    def run(self, *arguments: str, code: int = 0) -> str:
        return run(self.folder, self.url, *arguments, code=code)

    def summary(self, *arguments: str, code: int = 0) -> dict[str, int]:
        told = json.loads(self.run(*arguments, "--format", "json", code=code))["summary"]
        return {name: count for name, count in told.items() if count}

    def calls(self) -> dict[str, int]:
        """How often each call came since the emulator began."""
        told = requests.get(f"{self.url}/_emulator/calls", params={"appid": APP}, timeout=10).json()
        counts = told["counts"].items()
        return {path.removeprefix("/product/"): count for path, count in counts if path.startswith("/product/")}

    def platform(self) -> dict[str, object]:
        """What customers see: by out_sku_id the product and every field, the picture by its bytes. The draft is the
        same, but for its stock, which a write of the stock alone does not touch."""
        world = requests.get(f"{self.url}/_emulator/world", params={"appid": APP}, timeout=10).json()
        pictures = world["store_pictures"]
        found: dict[str, object] = {}
        for product in world["products"]:
            assert (product["status"], product["edit_status"]) == (5, 4)
            for sku in product["skus"]:
                online, draft = sku["online"], sku["draft"]
                assert {**online, "stock_num": 0} == {**draft, "stock_num": 0}
                found[sku["out_sku_id"]] = (product["out_product_id"], {
                    **online, "thumb_img": pictures.get(online["thumb_img"], online["thumb_img"]),
                })  # fmt: skip
        return found

    def desired(self) -> dict[str, object]:
        """What customers should see."""
        return {key: (row["商品编号"], self._fields(row)) for key, row in self.rows.items()}

    def _fields(self, row: Row) -> dict[str, object]:
        picture = self.folder / row["规格图"]
        pairs = [pair.split("=", 1) for pair in row["规格"].split("; ")]
        return {
            "thumb_img": hashlib.sha256(picture.read_bytes()).hexdigest() if row["规格图"] else "",
            "sale_price": int(Decimal(row["售价"]) * 100),
            "market_price": int(Decimal(row["市场价"]) * 100),
            "stock_num": int(row["库存"]),
            "sku_code": row["商家编码"],
            "barcode": "",
            "sku_attrs": [{"attr_key": key, "attr_value": value} for key, value in pairs],
            "status": 5,
        }


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with EmulatorServer(create_app([SYSTEM])) as server:
        yield Store(tmp_path, server.url)


def test_the_real_skus_follow_their_catalogue(store: Store) -> None:
    store.write()
    assert store.run("validate") == "catalog.yaml: valid\n"
    assert store.summary("apply", "--yes") == {"applied": 242, "remaining": 120}
    first = store.calls()
    assert {name: first[name] for name in ("sku/add", "spu/listing")} == {"sku/add": 122, "spu/listing": 120}
    store.order("verdict", all=True, verdict="approve")
    assert store.platform() == store.desired()
    store.run("plan", "--detailed-exitcode")

    keys = [key for key, row in store.rows.items() if row["商品编号"] != "1181000"]
    for key in keys[:20]:
        store.rows[key]["售价"] = f"{Decimal(store.rows[key]['售价']) * 9 / 10:.2f}"
    for key in keys[15:30]:
        store.rows[key]["库存"] = "0" if key == keys[15] else str(int(store.rows[key]["库存"]) + 7)
    for key in keys[30:40]:
        store.rows[key]["规格"] = f"规格=新{store.rows[key]['规格'].removeprefix('规格=')}"
    store.rows[keys[40]]["规格图"] = store.rows[keys[41]]["规格图"]
    gone = store.rows.pop("sku-5")
    store.rows["sku-new"] = gone | {
        "SKU编号": "sku-new",
        "商家编码": "LMNEW",
        "规格": "规格=1.8m床垫*1+枕头*2; 颜色=雾蓝",
    }
    store.write()
    changed = {"add": 1, "update": 30, "resubmit": 23, "delete": 1, "unchanged": 188, "ready": 55}
    assert store.summary("plan", "--detailed-exitcode", code=2) == changed
    assert store.summary("apply", "--yes") == {"applied": 55, "remaining": 12}
    second = store.calls()
    assert {name: second[name] - first.get(name, 0) for name in second if "get" not in name} == {
        "img/upload": 0, "sku/add": 1, "sku/update": 11, "sku/update_price": 20, "sku/del": 1, "stock/update": 15,
        "spu/listing": 12,
    }  # fmt: skip
    store.order("verdict", all=True, verdict="approve")
    assert store.platform() == store.desired()
    assert (
        store.run("plan", "--detailed-exitcode").splitlines()[-1] == "No changes. The platform matches the catalogue."
    )
