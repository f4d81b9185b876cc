"""The door of the platform: who may call, what a call costs, and which fault hits it."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from catalog_sync.emulator.answers import Answer, plain, refused, success
from catalog_sync.emulator.calls import Calls, Seen, body_to_keep, without_secrets
from catalog_sync.emulator.clock import Clock
from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.faults import Fault, Faults
from catalog_sync.emulator.quota import exhausted, too_frequent
from catalog_sync.emulator.reading import read_json
from catalog_sync.emulator.settings import Settings
from catalog_sync.emulator.system import Call, Request, Route
from catalog_sync.emulator.tokens import LONGEST_TOKEN, refuse_unless_shaped
from catalog_sync.emulator.world import World, Worlds

APPID = re.compile(r"[A-Za-z0-9_-]{1,64}")
HTML = "<html><head><title>502</title></head><body><center>upstream</center></body></html>"
CUT_BODY = '{"errcode":-1,"errmsg":"system error"}'


@dataclass(frozen=True, slots=True)
class Door:
    """Answers the platform's own calls. `closing` is set when the server stops: nothing sleeps longer."""

    clock: Clock
    settings: Settings
    faults: Faults
    calls: Calls
    worlds: Worlds
    routes: Mapping[str, Route]
    closing: threading.Event

    def answer(self, request: Request) -> Answer:
        """Answer one call and record it."""
        self.closing.wait(self.settings["latency_ms"] / 1000)
        route = self.routes.get(request.path)
        if route is None:
            answer = plain("404 Not Found", "Not Found")
            self._record(self.calls.number(), request, "", answer, None)
            return answer
        number = self.calls.number()
        appid = self._app_of(route, request)
        fault = self.faults.take(route.name, appid)
        answer = self._faulted(route, request, fault)
        self._record(number, request, appid, answer, fault)
        return answer

    def _record(self, number: int, request: Request, appid: str, answer: Answer, fault: Fault | None) -> None:
        status = None if answer.cut == "before" else int(answer.status[:3])
        query = without_secrets(dict(request.query))
        body = body_to_keep(request.body, request.content_type)
        kind = None if fault is None else fault.kind
        now = self.clock.now()
        self.calls.add(
            Seen(number, now, appid, request.method, request.path, query, body, status, answer.errcode, kind)
        )

    def _app_of(self, route: Route, request: Request) -> str:
        if route.opened_by_token:
            return self.worlds.app_of(request.query.get("access_token", ""))
        if request.method == "GET":
            return request.query.get("appid", "")
        try:
            return str(read_json(request.body).get("appid", ""))
        except Refusal:
            return ""

    def _faulted(self, route: Route, request: Request, fault: Fault | None) -> Answer:
        if fault is None or fault.bends:
            return self._carry_out(route, request, fault)
        if fault.kind in BEFORE:
            BEFORE[fault.kind](self, request, fault)
            return self._carry_out(route, request, None)
        name = fault.kind.removesuffix("_after")
        done = self._carry_out(route, request, None) if fault.kind.endswith("_after") else None
        return SPOIL[name](self, fault, route, done)

    def _carry_out(self, route: Route, request: Request, bend: Fault | None) -> Answer:
        now = self.clock.now()
        try:
            told = self._let_in(route, request, bend, now)
        except Refusal as refusal:
            return refused(refusal, now, self.settings)
        return success(told, self.settings)

    def _let_in(self, route: Route, request: Request, bend: Fault | None, now: float) -> dict[str, object]:
        if request.method != route.method:
            raise self._wrong_method(route)
        world = self._open(route, request)
        with world.lock:
            world.pass_time(now)
            if route.opened_by_token:
                text = request.query["access_token"]
                world.tokens.refuse_unless_valid(text, now, self.settings["superseded_token_code"])
            try:
                return self._charged(route, Call(request, world, now, self.settings, bend))
            finally:
                world.commit()

    def _open(self, route: Route, request: Request) -> World:
        appid = self._app_of(route, request)
        if route.opened_by_token:
            text = request.query.get("access_token", "")
            if route.refuse_long_token and len(text) > LONGEST_TOKEN:
                raise Refusal(*route.refuse_long_token)
            refuse_unless_shaped(text)
            if not appid:
                raise Refusal(40001, "invalid credential, access_token is invalid or not latest")
        elif not appid:
            raise Refusal(41002, "appid missing")
        elif not APPID.fullmatch(appid):
            raise Refusal(40013, "invalid appid")
        return self.worlds.of(appid)

    def _charged(self, route: Route, call: Call) -> dict[str, object]:
        quota = call.world.quota
        if not route.pool:
            return route.answer(call)
        quota.refuse_unless_room(route.pool, call.now)
        if self.settings["refused_calls_charged"]:
            quota.charge(route.pool, route.path, call.now)
            return route.answer(call)
        told = route.answer(call)
        quota.charge(route.pool, route.path, call.now)
        return told

    def _wrong_method(self, route: Route) -> Refusal:
        if route.refuse_method is not None:
            return Refusal(*route.refuse_method(self.settings))
        code, wanted = (43001, "GET") if route.method == "GET" else (43002, "POST")
        return Refusal(code, f"require {wanted} method")

    def refuse(self, refusal: Refusal) -> Answer:
        """Write a refusal at the emulator's time."""
        return refused(refusal, self.clock.now(), self.settings)


def _kill_token(door: Door, request: Request, _fault: Fault) -> None:
    text = request.query.get("access_token", "")
    world = door.worlds.find(door.worlds.app_of(text))
    if world is not None:
        with world.lock:
            world.tokens.kill(text)


def _be_late(door: Door, _request: Request, fault: Fault) -> None:
    door.closing.wait(fault.takes["seconds"])


BEFORE: Mapping[str, Callable[[Door, Request, Fault], None]] = {"stale_token": _kill_token, "late": _be_late}

Spoil = Callable[[Door, Fault, Route, Answer | None], Answer]


def _busy(door: Door, _fault: Fault, _route: Route, _done: Answer | None) -> Answer:
    return door.refuse(Refusal(-1, "system error"))


def _drop(_door: Door, _fault: Fault, _route: Route, done: Answer | None) -> Answer:
    return replace(done or plain("200 OK", ""), cut="before")


def _half_body(_door: Door, _fault: Fault, _route: Route, done: Answer | None) -> Answer:
    return replace(done or plain("200 OK", CUT_BODY), cut="halfway")


def _slow(door: Door, fault: Fault, _route: Route, done: Answer | None) -> Answer:
    return replace(done or door.refuse(Refusal(-1, "system error")), wait=fault.takes["seconds"])


def _errcode(door: Door, fault: Fault, _route: Route, _done: Answer | None) -> Answer:
    return door.refuse(Refusal(int(fault.takes["code"]), fault.takes["errmsg"]))


def _quota(door: Door, _fault: Fault, route: Route, _done: Answer | None) -> Answer:
    return door.refuse(exhausted(route.pool, door.settings))


SPOIL: Mapping[str, Spoil] = {
    "busy": _busy,
    "drop": _drop,
    "half_body": _half_body,
    "http_503": lambda *_: plain("503 Service Unavailable", "Service Unavailable"),
    "http_404": lambda *_: plain("404 Not Found", "Not Found"),
    "garbage": lambda *_: plain("200 OK", HTML, "text/html"),
    "slow": _slow,
    "errcode": _errcode,
    "quota": _quota,
    "minute_limit": lambda door, *_: door.refuse(too_frequent()),
}
