"""Made-up goods, the same for the same seed: as a catalogue in each of its forms, and as the state and the last
observation that an apply and an approval of all of them leave."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from catalog_sync.core.journal import Amendment
from catalog_sync.core.model import Address, AuditStatus, Binding, Copy, Observation, Remote, Values
from catalog_sync.core.ports import Holder
from catalog_sync.state.opening import open_state

APP = "wx0123456789abcdef"
FILES = 10
"""How many files the catalogue of several files has."""

_HEAD = f"version: 1\napp: {APP}\n"


class Goods(NamedTuple):
    """One item; prices in fen."""

    key: str
    name: str
    cover: str
    url: str
    price_type: int
    price: int
    price2: int | None

    @property
    def values(self) -> Values:
        """In the order of live goods."""
        return self.name, self.cover, self.url, "", self.price_type, self.price, self.price2

    @property
    def fields(self) -> Iterator[tuple[str, str]]:
        """The fields as a catalogue spells them."""
        yield from (("name", self.name), ("cover", self.cover), ("url", self.url))
        yield from (("priceType", str(self.price_type)), ("price", yuan(self.price)))
        if self.price2 is not None:
            yield "price2", yuan(self.price2)


def yuan(fen: int) -> str:
    """An amount as catalogues and the platform have it."""
    return f"{fen // 100}.{fen % 100:02d}"


def make(number: int, seed: int, *, changed: bool) -> Goods:
    """The item of a number. When `changed`, every hundredth has another price than it was sent with."""
    chance = zlib.crc32(f"{seed}:{number}".encode())
    price = 1_00 + chance % 1_999_00
    kind = 1 + number % 3
    price2 = {1: None, 2: price + 5_00, 3: price - 50}[kind]
    if changed and number % 100 == 0:
        price, price2 = price + 1, None if price2 is None else price2 + 1
    name = (
        f"{'青白紫龙金'[chance % 5]}{'瓷陶木竹'[chance // 5 % 4]}{'茶具花瓶果盘'[chance // 20 % 3 * 2 :][:2]}{number}"
    )
    cover, url = f"https://example.com/covers/{number}.png", f"pages/goods/detail?id={number}"
    return Goods(f"item-{number}", name, cover, url, kind, price, price2)


def many(count: int, seed: int, *, changed: bool = True) -> Iterator[Goods]:
    """The first `count` of them."""
    return (make(number, seed, changed=changed) for number in range(count))


def write_yaml(folder: Path, count: int, seed: int) -> Path:
    """One YAML file."""
    path = folder / "catalog.yaml"
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{_HEAD}goods:\n")
        file.writelines(_block(each) for each in many(count, seed))
    return path


def write_files(folder: Path, count: int, seed: int) -> Path:
    """A YAML file that includes others, which have the goods."""
    parts = folder / "parts"
    parts.mkdir()
    goods = list(many(count, seed))
    for number in range(FILES):
        with (parts / f"{number}.yaml").open("w", encoding="utf-8") as file:
            file.write("goods:\n")
            file.writelines(_block(each) for each in goods[number::FILES])
    return _head(folder, "parts/*.yaml")


def write_rows(folder: Path, count: int, seed: int) -> Path:
    """A YAML file that includes one of JSON Lines, which has the goods."""
    with (folder / "goods.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(_row(each) for each in many(count, seed))
    return _head(folder, "goods.jsonl")


FORMS: dict[str, Callable[[Path, int, int], Path]] = {"yaml": write_yaml, "files": write_files, "jsonl": write_rows}
"""Writes a catalogue into a folder: how many goods, the seed. Gives the file to name to the program."""


def _head(folder: Path, include: str) -> Path:
    path = folder / "catalog.yaml"
    path.write_text(f"{_HEAD}include:\n  - {include}\n", encoding="utf-8")
    return path


def _block(goods: Goods) -> str:
    return f"  {goods.key}:\n" + "".join(f"    {name}: {text}\n" for name, text in goods.fields)


def _row(goods: Goods) -> str:
    numbers = {"priceType", "price", "price2"}
    spelt = (
        f'"{name}": {text if name in numbers else json.dumps(text, ensure_ascii=False)}' for name, text in goods.fields
    )
    return f'{{"key": "{goods.key}", {", ".join(spelt)}}}\n'


def write_drafts(folder: Path, count: int) -> Path:
    """Goods that are nowhere yet, each with a picture file of its own."""
    (folder / "covers").mkdir()
    with (folder / "catalog.yaml").open("w", encoding="utf-8") as file:
        file.write(f"{_HEAD}goods:\n")
        for number in range(count):
            (folder / "covers" / f"{number}.png").write_bytes(_picture(number))
            file.write(f"  new-{number}:\n    name: 新品茶具{number}\n    cover: covers/{number}.png\n")
            file.write(f"    url: pages/new?id={number}\n    price: 9.90\n")
    return folder / "catalog.yaml"


def _picture(number: int) -> bytes:
    """A PNG of 30 x 30 pixels whose colour is the number."""
    row = b"\0" + struct.pack(">I", number)[1:] * 30
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 30, 30, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * 30)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def shown(number: int, goods: Goods) -> Values:
    """The values as the platform shows them: a picture under its own address."""
    return goods.name, f"http://mmbiz.example/{number}/0", *goods.values[2:]


def write_state(path: Path, origin: str, count: int, seed: int) -> None:
    """What an apply and an approval of all goods leave behind, before any of them was changed."""
    with open_state(f"sqlite:///{path}", origin=origin, app=APP) as store:
        lease = store.acquire(Holder("benchmark", "here", os.getpid(), "benchmark"), time.time())
        store.amend(Amendment(put=tuple(_bindings(count, seed))), lease.epoch)
        remotes = {
            number + 1: Remote(number + 1, AuditStatus.APPROVED, shown(number, each), ours=True)
            for number, each in enumerate(many(count, seed, changed=False))
        }
        store.record_observation("goods", Observation(remotes, taken_at=time.time()))
        store.record_reads({"list": 1}, date(2026, 1, 1))
        store.release(lease)


def _bindings(count: int, seed: int) -> Iterator[Binding]:
    for number, each in enumerate(many(count, seed, changed=False)):
        sent = each.values
        copy = Copy(number + 1, 3_000_000_000 + number, sent, sent, shown(number, each), (None,) * len(sent), 1.0)
        yield Binding(Address(f"goods.{each.key}"), copy)


def input_digest(seed: int) -> str:
    """What the goods are made of: equal where two results were measured over the same ones."""
    sha = hashlib.sha256()
    for changed in (False, True):
        sha.update("".join(_row(each) for each in many(1_000, seed, changed=changed)).encode())
    return f"sha256:{sha.hexdigest()}"
