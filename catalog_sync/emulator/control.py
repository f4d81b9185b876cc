"""The control plane: JSON over HTTP under `/_emulator/`, for tests and for people.

It has no password, so the emulator belongs on loopback.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from catalog_sync.emulator.answers import JSON_TYPE, Answer, write_json
from catalog_sync.emulator.clock import Clock, in_beijing, read_duration
from catalog_sync.emulator.door import APPID, Door
from catalog_sync.emulator.errors import BadOrder, Refusal
from catalog_sync.emulator.reading import Json, read_json
from catalog_sync.emulator.store import Record, Store
from catalog_sync.emulator.system import ControlRoute, Request
from catalog_sync.emulator.world import World

PREFIX = "/_emulator/"
NAMED_BY = ("goods_id", "product_id", "out_product_id", "name", "all")
OF_THE_COMMAND_LINE = {"verdict", "verdict_after", "latency_ms"}
"""Settings that a restarted emulator takes from its command line, not from its database."""


@dataclass(frozen=True, slots=True)
class Control:
    """Follows orders. `own` are those of the systems."""

    door: Door
    store: Store
    own: Mapping[tuple[str, str], ControlRoute]

    def answer(self, request: Request) -> Answer:
        """Follow one order: 200 and JSON, or 400 and what is wrong with it."""
        place = (request.method, request.path.removeprefix(PREFIX))
        try:
            return _say("200 OK", self._follow(place, request))
        except BadOrder as error:
            return _say("400 Bad Request", {"error": str(error)})

    def restore(self, records: Iterable[Record]) -> None:
        """Take back clock and settings of an earlier run."""
        for record in records:
            if record.kind == "setting" and record.value is not None:
                with suppress(BadOrder):  # a switch of a system that this run has not
                    self.door.settings.change({record.key: record.value["value"]})
            if record.kind == "clock" and record.value is not None:
                self.door.clock.ahead = record.value["ahead"]

    def _follow(self, place: tuple[str, str], request: Request) -> Json:
        if place in ORDERS:
            return ORDERS[place](self, _read(request, float))
        route = self.own.get(place)
        if route is None:
            known = sorted(f"{method} {PREFIX}{name}" for method, name in (*ORDERS, *self.own))
            raise BadOrder(f"no {request.method} {request.path}; there are {', '.join(known)}")
        return self.in_world(_read(request, Decimal), route.do)

    def in_world(self, order: Json, do: Callable[[World, Json, float], Json]) -> Json:
        """Do something in the world that the order names, under its lock."""
        world = self._world(order)
        now = self.door.clock.now()
        with world.lock:
            world.pass_time(now)
            try:
                return do(world, order, now)
            finally:
                world.commit()

    def _world(self, order: Json) -> World:
        appid = order.get("appid")
        worlds = list(self.door.worlds.all())
        if appid is None and len(worlds) == 1:
            return worlds[0]
        if not isinstance(appid, str) or not APPID.fullmatch(appid):
            raise BadOrder('which app? say "appid": letters, digits, _ and -')
        return self.door.worlds.of(appid)


def _read(request: Request, number: type[float] | type[Decimal]) -> Json:
    try:
        sent = read_json(request.body, number) if request.body else {}
    except Refusal:
        raise BadOrder("the body is not a JSON object") from None
    return {**request.query, **sent}


def _say(status: str, told: Json) -> Answer:
    return Answer(status, JSON_TYPE, write_json(told))


def _reset(control: Control, order: Json) -> Json:
    """Make everything as it was at the start; with an appid only that world is emptied."""
    control.door.worlds.empty(order.get("appid"))
    if order.get("appid") is None:
        control.door.settings.restart()
        control.door.faults.clear()
        control.door.calls.clear()
        control.door.clock.ahead = 0.0
    return {"reset": order.get("appid", "everything")}


def _show_world(control: Control, order: Json) -> Json:
    if order.get("appid"):
        return control.in_world(order, _world_as_json)
    return {"worlds": [control.in_world({"appid": world.appid}, _world_as_json) for world in control.door.worlds.all()]}


def _world_as_json(world: World, _order: Json, now: float) -> Json:
    return world.as_json(now)


def _judge(control: Control, order: Json) -> Json:
    named = [name for name in NAMED_BY if name in order]
    if len(named) != 1 or order.get("verdict") not in ("approve", "reject"):
        raise BadOrder(f'say "verdict": approve or reject, and one of {", ".join(NAMED_BY)}')
    whom = {named[0]: order[named[0]]}
    return control.in_world(order, lambda world, _, now: _judge_in(world, whom, order["verdict"], now))


def _judge_in(world: World, whom: Json, verdict: str, now: float) -> Json:
    judged = [id_ for part in world.parts.values() for id_ in part.judge(whom, verdict, now)]
    if not judged and "all" not in whom:
        raise BadOrder(f"nothing of {whom} is under review")
    return {"judged": judged}


def _move_clock(control: Control, order: Json) -> Json:
    try:
        control.door.clock.advance(read_duration(order.get("advance")))
    except ValueError as error:
        raise BadOrder(str(error)) from None
    control.store.save([Record("", "clock", "ahead", {"ahead": control.door.clock.ahead})])
    return _show_clock(control, order)


def _show_clock(control: Control, _order: Json) -> Json:
    clock: Clock = control.door.clock
    return {"now": clock.now(), "beijing_time": in_beijing(clock.now()), "ahead": clock.ahead}


def _order_faults(control: Control, order: Json) -> Json:
    control.door.faults.order(order.get("faults"))
    return control.door.faults.as_json()


def _clear_faults(control: Control, _order: Json) -> Json:
    control.door.faults.clear()
    return control.door.faults.as_json()


def _show_faults(control: Control, _order: Json) -> Json:
    return control.door.faults.as_json()


def _show_calls(control: Control, order: Json) -> Json:
    try:
        since = int(order.get("since", 0))
    except (TypeError, ValueError):
        raise BadOrder("since is the number of a call") from None
    return control.door.calls.as_json(order.get("appid"), order.get("path"), since)


def _clear_calls(control: Control, _order: Json) -> Json:
    control.door.calls.clear()
    return {"calls": [], "counts": {}}


def _show_settings(control: Control, _order: Json) -> Json:
    return control.door.settings.as_json()


def _change_settings(control: Control, order: Json) -> Json:
    control.door.settings.change(order)
    control.store.save(
        Record("", "setting", name, {"value": value})
        for name, value in order.items()
        if name not in OF_THE_COMMAND_LINE
    )
    return control.door.settings.as_json()


def _hand_token(control: Control, order: Json) -> Json:
    return control.in_world(order, _token_as_json)


def _token_as_json(world: World, _order: Json, now: float) -> Json:
    token = world.tokens.hand(now)
    return {"access_token": token.text, "expires_in": int(token.ends - now)}


def _show_health(_control: Control, _order: Json) -> Json:
    return {"ok": True}


ORDERS: Mapping[tuple[str, str], Callable[[Control, Json], Json]] = {
    ("GET", "health"): _show_health,
    ("POST", "reset"): _reset,
    ("GET", "world"): _show_world,
    ("POST", "verdict"): _judge,
    ("GET", "clock"): _show_clock,
    ("POST", "clock"): _move_clock,
    ("GET", "faults"): _show_faults,
    ("POST", "faults"): _order_faults,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "calls"): _show_calls,
    ("DELETE", "calls"): _clear_calls,
    ("GET", "settings"): _show_settings,
    ("POST", "settings"): _change_settings,
    ("POST", "token"): _hand_token,
}
