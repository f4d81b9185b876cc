"""Raw calls of the platform, for tests: what goes over the wire, nothing checked."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import requests
from PIL import Image

GOODS = "/wxaapi/broadcast/goods"
STATUS = "/wxa/business/getgoodswarehouse"
Json = dict[str, Any]


def picture(width: int = 300, height: int = 300, kind: str = "PNG", colour: int = 0x336699) -> bytes:
    """Make a picture."""
    buffer = BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, kind)
    return buffer.getvalue()


class Wire:
    """One client of one app. Every call gives the JSON that came back."""

    def __init__(self, url: str, appid: str = "wx0123456789abcdef") -> None:
        self.url = url
        self.appid = appid
        self.session = requests.Session()
        self.session.trust_env = False
        self.token = ""

    def control(self, name: str, method: str = "POST", /, **order: Any) -> Json:
        """Give the control plane an order that must succeed; the app is ours unless told."""
        response = self.session.request(method, f"{self.url}/_emulator/{name}", json=order, timeout=20)
        assert response.status_code == 200, response.text
        told: Json = response.json()
        return told

    def settings(self, **changed: Any) -> None:
        """Turn switches."""
        self.control("settings", **changed)

    def fault(self, path: str, kind: str, **takes: Any) -> None:
        """Order one fault."""
        self.control("faults", faults=[{"path": path, "kind": kind, **takes}])

    def world(self) -> Json:
        """See the world of our app."""
        return self.control("world", "GET", appid=self.appid)

    def moves_to(self, hour: int, minute: int = 0) -> None:
        """Move the clock on to this time of day in Beijing; a token may end on the way."""
        now = datetime.fromisoformat(self.control("clock", "GET")["beijing_time"])
        wait = (now.replace(hour=hour, minute=minute, second=0) - now) % timedelta(days=1)
        self.control("clock", advance=f"{wait.total_seconds()}s")
        self.fetch_token()

    def verdict(self, verdict: str, **whom: Any) -> Json:
        """Play the reviewer."""
        return self.control("verdict", appid=self.appid, verdict=verdict, **whom)

    def raw(self, method: str, path: str, **sent: Any) -> requests.Response:
        """Send anything, under our token."""
        params = {"access_token": self.token, **sent.pop("params", {})}
        return self.session.request(method, self.url + path, params=params, timeout=20, **sent)

    def post(self, path: str, body: Json) -> Json:
        """Send a JSON body."""
        told: Json = self.raw("POST", path, json=body).json()
        return told

    def fetch_token(self) -> Json:
        """Fetch a token and use it from now on."""
        told = self.sign_in("GET", "/cgi-bin/token")
        self.token = told.get("access_token", self.token)
        return told

    def sign_in(self, method: str, path: str, **changed: Any) -> Json:
        """Ask for a token; `changed` replaces what is sent, None leaves it out."""
        sent = {"grant_type": "client_credential", "appid": self.appid, "secret": "s3cret", **changed}
        sent = {name: value for name, value in sent.items() if value is not None}
        where = {"params": sent} if method == "GET" else {"json": sent}
        told: Json = self.session.request(method, self.url + path, timeout=20, **where).json()  # type: ignore[arg-type]
        return told

    def upload(self, content: bytes | None = None, filename: str = "cover.png", **params: str) -> Json:
        """Upload a picture."""
        files = {"media": (filename, picture() if content is None else content)}
        told: Json = self.raw("POST", "/cgi-bin/media/upload", params={"type": "image", **params}, files=files).json()
        return told

    def info(self, **changed: Any) -> Json:
        """Write the goodsInfo of a good item with a fresh cover; None leaves a field out."""
        info = {"name": "白瓷马克杯", "priceType": 1, "price": 129.5, "url": "pages/item/detail?id=7001", **changed}
        if "coverImgUrl" not in info:
            info["coverImgUrl"] = self.upload()["media_id"]
        return {name: value for name, value in info.items() if value is not None}

    def add(self, **changed: Any) -> Json:
        """Add an item."""
        return self.post(f"{GOODS}/add", {"goodsInfo": self.info(**changed)})

    def update(self, goods_id: int, **changed: Any) -> Json:
        """Update an item."""
        return self.post(f"{GOODS}/update", {"goodsInfo": {"goodsId": goods_id, **changed}})

    def withdraw(self, goods_id: int, audit_id: int) -> Json:
        """Withdraw an item from review."""
        return self.post(f"{GOODS}/resetaudit", {"goodsId": goods_id, "auditId": audit_id})

    def audit(self, goods_id: int) -> Json:
        """Submit an item again."""
        return self.post(f"{GOODS}/audit", {"goodsId": goods_id})

    def delete(self, goods_id: int) -> Json:
        """Delete an item."""
        return self.post(f"{GOODS}/delete", {"goodsId": goods_id})

    def status(self, *goods_ids: int) -> Json:
        """Read items by id."""
        return self.post(STATUS, {"goods_ids": list(goods_ids)})

    def list(self, status: int, offset: int = 0, **params: Any) -> Json:
        """Read a page of the items of one status."""
        query = {"offset": offset, "status": status, **params}
        told: Json = self.raw("GET", f"{GOODS}/getapproved", params=query).json()
        return told
