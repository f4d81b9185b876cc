"""The platform for benchmarks, in a process of its own: `python -m benchmarks.lean_platform --goods 1000 --latency 50`.

It keeps goods and answers at once, or after a set latency, and counts calls. It checks nothing, so that what is
measured is the program and not its test double: the emulator takes ten times as long for each call.

`GET /benchmark/calls` tells the calls by path, with the instants of the first arrival and the last answer;
`POST /benchmark/forget` drops the counts and what was written, and takes a new latency from its body, in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from benchmarks import goods

LIST = "/wxaapi/broadcast/goods/getapproved"
STATUS = "/wxa/business/getgoodswarehouse"
ADD = "/wxaapi/broadcast/goods/add"
UPDATE = "/wxaapi/broadcast/goods/update"
AUDIT = "/wxaapi/broadcast/goods/audit"
WITHDRAW = "/wxaapi/broadcast/goods/resetaudit"
DELETE = "/wxaapi/broadcast/goods/delete"
UPLOAD = "/cgi-bin/media/upload"
QUOTA = "/cgi-bin/openapi/quota/get"
TOKEN = "/cgi-bin/stable_token"  # noqa: S105 - a path


class Shelf:
    """All goods as the list shows them: JSON text by id, one dictionary a status."""

    def __init__(self, count: int, seed: int) -> None:
        self._first = {
            number + 1: _spelt(number + 1, each) for number, each in enumerate(goods.many(count, seed, changed=False))
        }
        self.restore()

    def restore(self) -> None:
        """Show what was there at first, all of it approved."""
        self._by_status: list[dict[int, str]] = [{}, {}, dict(self._first), {}]
        self._in_order: list[list[str] | None] = [None] * 4
        self._next = len(self._first) + 1

    def put(self, status: int, goods_id: int, text: str) -> None:
        """Show goods in a status, and in no other."""
        for number, shelf in enumerate(self._by_status):
            if shelf.pop(goods_id, None) is not None:
                self._in_order[number] = None
        self._by_status[status][goods_id] = text
        self._in_order[status] = None

    def page(self, status: int, offset: int, limit: int) -> bytes:
        """One page of the list."""
        shown = self._in_order[status]
        if shown is None:
            shown = self._in_order[status] = list(self._by_status[status].values())
        some = ",".join(shown[offset : offset + limit])
        return f'{{"errcode":0,"errmsg":"ok","total":{len(shown)},"goods":[{some}]}}'.encode()

    def look_up(self, ids: list[int]) -> bytes:
        """Goods by id, with their status."""
        found = [
            f'{shelf[each][:-1]},"audit_status":{status}}}'
            for each in ids
            for status, shelf in enumerate(self._by_status)
            if each in shelf
        ]
        return f'{{"errcode":0,"errmsg":"ok","total":{len(found)},"goods":[{",".join(found)}]}}'.encode()

    def add(self, info: dict[str, Any]) -> int:
        """Take new goods, under review from the start."""
        goods_id, self._next = self._next, self._next + 1
        self.put(1, goods_id, json.dumps({"goodsId": goods_id, "thirdPartyTag": 1, "coverImgUrl": "x", **info}))
        return goods_id


def _spelt(goods_id: int, each: goods.Goods) -> str:
    name, cover, url, *_ = goods.shown(goods_id - 1, each)
    price2 = "0" if each.price2 is None else goods.yuan(each.price2)
    return (
        f'{{"goodsId":{goods_id},"coverImgUrl":"{cover}","name":"{name}","price":{goods.yuan(each.price)},'
        f'"url":"{url}","priceType":{each.price_type},"price2":{price2},"thirdPartyTag":1,"thirdPartyAppid":""}}'
    )


class Platform:
    """Answers calls and counts them."""

    def __init__(self, shelf: Shelf, latency: float) -> None:
        self.latency = latency
        self._shelf = shelf
        self._calls: dict[str, list[float]] = {}
        self._ways: dict[str, Callable[[dict[str, str], bytes], bytes]] = {
            LIST: lambda query, _body: shelf.page(int(query["status"]), int(query["offset"]), int(query["limit"])),
            STATUS: lambda _query, body: shelf.look_up(json.loads(body)["goods_ids"]),
            ADD: lambda _query, body: _created(shelf.add(json.loads(body)["goodsInfo"])),
            UPDATE: lambda _query, _body: _done(),
            AUDIT: lambda _query, _body: _done(auditId=7),
            WITHDRAW: lambda _query, _body: _done(),
            DELETE: lambda _query, _body: _done(),
            UPLOAD: lambda _query, _body: _done(type="image", media_id=f"m{time.monotonic_ns()}"),
            QUOTA: lambda _query, _body: b'{"errcode":76021,"errmsg":"cgi_path not found"}',
            TOKEN: lambda _query, _body: b'{"access_token":"none-is-needed","expires_in":7200}',
        }

    def answer(self, target: str, body: bytes) -> tuple[bytes, float]:
        """The answer to a call and the seconds after which it is due."""
        parts = urlsplit(target)
        if parts.path == "/benchmark/calls":
            return json.dumps(self._calls).encode(), 0.0
        if parts.path == "/benchmark/forget":
            self._calls.clear()
            self._shelf.restore()
            self.latency = float(body) / 1000
            return b"{}", 0.0
        now = time.time()
        count, first, _last = self._calls.get(parts.path, [0, now, now])
        self._calls[parts.path] = [count + 1, first, now + self.latency]
        return self._ways[parts.path](dict(parse_qsl(parts.query)), body), self.latency


def _done(**told: object) -> bytes:
    return json.dumps({"errcode": 0, "errmsg": "ok", **told}).encode()


def _created(goods_id: int) -> bytes:
    return _done(goodsId=goods_id, auditId=5_000_000_000 + goods_id)


class _Connection(asyncio.Protocol):
    """One kept-alive connection, one call at a time."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self._received = b""
        told, latency = self._platform.answer(head.split(b" ", 2)[1].decode(), body)
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(told) + told
        asyncio.get_running_loop().call_later(latency, self._write, answer)

    def _write(self, answer: bytes) -> None:
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.write(answer)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def _serve(platform: Platform, port: int) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(platform), "127.0.0.1", port)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def main() -> None:
    """Serve until killed; the first line of output is the address."""
    options = argparse.ArgumentParser()
    options.add_argument("--goods", type=int, default=0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--latency", type=float, default=0.0, metavar="MILLISECONDS")
    options.add_argument("--port", type=int, default=0, help="0 takes a free one")
    given = options.parse_args()
    asyncio.run(_serve(Platform(Shelf(given.goods, given.seed), given.latency / 1000), given.port))


if __name__ == "__main__":
    main()
