"""Metrics for Prometheus. Nothing registers itself anywhere: each command makes a registry of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from threading import Event, Thread

from catalog_sync.core.errors import CatalogSyncError, UsageError
from catalog_sync.fleet.figures import Figures, figures_of_all
from catalog_sync.fleet.target import Target
from catalog_sync.wiring import Settings

try:
    from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server, write_to_textfile
    from prometheus_client.core import GaugeMetricFamily, Metric
    from prometheus_client.registry import Collector
except ImportError:
    raise UsageError(
        "metrics need prometheus-client, which is not installed", hint="pip install 'catalog-sync[metrics]'"
    ) from None

_LEAST_REST, _REST = 60.0, 4.0
"""Between two rounds over the shops: at least so many seconds, and so many times what the round took."""

_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)


class Shops(Collector):
    """The numbers of shops as gauges, as they are when somebody asks."""

    def __init__(self, shops: Callable[[], Iterable[Figures]]) -> None:
        self._shops = shops

    def collect(self) -> Iterator[Metric]:
        """The gauges, one family after the other."""
        shops = list(self._shops())
        for name, text, labels, samples in _FAMILIES:
            family = GaugeMetricFamily(f"catalog_sync_{name}", text, labels=["shop", "app", *labels])
            for each in shops:
                for values, number in samples(each):
                    family.add_metric([each.shop, each.app, *values], number)
            yield family


_Samples = Callable[[Figures], Iterable[tuple[tuple[str, ...], float]]]


def _by_word(counts: Mapping[str, int]) -> Iterator[tuple[tuple[str, ...], float]]:
    return (((word,), count) for word, count in counts.items())


def _if_known(value: float | None) -> list[tuple[tuple[str, ...], float]]:
    return [] if value is None else [((), value)]


_FAMILIES: tuple[tuple[str, str, tuple[str, ...], _Samples], ...] = (
    ("shop_readable", "1 when the shop's catalogue and state can be read, else 0.", (),
     lambda each: [((), float(each.readable))]),
    ("items", "Items by review.", ("review",), lambda each: _by_word(each.reviews)),
    ("changes", "Changes that are left, by disposition.", ("disposition",), lambda each: _by_word(each.changes)),
    ("drift", "Items that others changed since our last write, by class.", ("class",),
     lambda each: _by_word(each.drift)),
    ("quota_limit", "Calls that a pool allows today.", ("pool",),
     lambda each: [((row.pool,), row.limit) for row in each.quota]),
    ("quota_used", "Calls of a pool that are used today.", ("pool",),
     lambda each: [((row.pool,), row.used) for row in each.quota]),
    ("hazards", "Guards that refuse what is left: a person must look.", (),
     lambda each: _if_known(each.hazards)),
    ("oldest_review_seconds", "How long the oldest review under way has taken; 0 when there is none.", (),
     lambda each: _if_known(each.oldest_review)),
    ("last_look_timestamp_seconds", "When the platform was last looked at.", (), lambda each: _if_known(each.seen_at)),
    ("last_success_timestamp_seconds", "When the last apply came to its end that left no item failed or in doubt.", (),
     lambda each: _if_known(each.succeeded_at)),
)  # fmt: skip


def write_metrics(path: str | None, shops: Iterable[Figures]) -> str:
    """The text of the metrics, written to the file, too, where one is named: whole or not at all. Raises
    `UsageError`."""
    from prometheus_client import generate_latest  # noqa: PLC0415 - beside its use

    # A shop that the fleet's file lists twice is told once: with one series twice, collectors refuse the whole file.
    known = tuple({(each.shop, each.app): each for each in shops}.values())
    registry = CollectorRegistry()
    registry.register(Shops(lambda: known))
    if path is not None:
        try:
            write_to_textfile(path, registry)
        except OSError:
            hint = "check the folder, its mode and its disk"
            raise UsageError(f"--out cannot be written: {path}", hint=hint) from None
    return generate_latest(registry).decode()


class Meter:
    """What a worker measures: its calls, the shops that it did, and in a thread of its own, round by round, how all
    shops stand by their states: also those that another worker did."""

    def __init__(self, shops: Callable[[], Iterable[Target]], common: Settings) -> None:
        self.registry = CollectorRegistry()
        self._targets, self._common = shops, common
        self._known: dict[str, Figures] = {}
        self._stopped = Event()
        labels = ("call", "outcome")
        self._calls = Counter("catalog_sync_calls", "Calls to the platform.", labels, registry=self.registry)
        self._seconds = Histogram(
            "catalog_sync_call_seconds", "How long calls took.", ("call",), buckets=_SECONDS, registry=self.registry
        )
        self._done = Counter("catalog_sync_shops_done", "Shops that were done.", ("ended",), registry=self.registry)
        self.registry.register(Shops(lambda: tuple(self._known.values())))

    def call_ended(self, call: str, outcome: str, seconds: float) -> None:
        """A call to the platform ended."""
        self._calls.labels(call, outcome).inc()
        self._seconds.labels(call).observe(seconds)

    def shop_ended(self, ended: str) -> None:
        """A shop was done."""
        self._done.labels(ended).inc()

    def serve(self, host: str, port: int) -> int:
        """Listen, and begin with the rounds; the port. Raises `UsageError` where it cannot listen."""
        try:
            self._server = start_http_server(port, host, self.registry)[0]
        except OSError as error:
            what = (error.strerror or "it cannot").lower()
            raise UsageError(f"cannot listen on {host}:{port}: {what}", hint="name another --metrics-port") from None
        Thread(target=self._rounds, name="metrics", daemon=True).start()
        return int(self._server.server_port)

    def look(self) -> None:
        """One round over the shops. Those that the fleet's file no longer has are forgotten."""
        known = {}
        targets = tuple(self._targets())
        with closing(figures_of_all(targets, self._common)) as told:
            for target, (each, _) in zip(targets, told, strict=True):
                if self._stopped.is_set():
                    return
                known[target.name] = self._known[target.name] = each
        self._known = known

    def stop(self) -> None:
        """Listen no more, and begin no more rounds."""
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def _rounds(self) -> None:
        while not self._stopped.is_set():
            began = time.monotonic()
            try:
                self.look()
            except CatalogSyncError:
                self._known = {}  # the fleet's file cannot be read: absent tells that better than old figures
            self._stopped.wait(rest_after(time.monotonic() - began))


def rest_after(seconds: float) -> float:
    """Seconds to rest after a round that took so many: a worker's own work needs its room, however many the shops."""
    return max(_LEAST_REST, _REST * seconds)
