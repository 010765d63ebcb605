"""A local HTTP server that speaks Hyperliquid's public answers, and can be told to misbehave."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from typing_extensions import override

HOUR = 3_600_000
# Hyperliquid stamps a payment some milliseconds after the hour.
LATE = 31
# Status and body of an answer that takes the place of the true one.
Misbehaviour = tuple[int, str]
RATE_LIMITED: Misbehaviour = (429, "null")


def price(hour: int) -> float:
    """Return the price at the open of an hour."""
    return 100 + hour * 37 % 101 / 8


def rate(hour: int) -> float:
    """Return the funding rate charged at the open of an hour."""
    return (hour % 7 - 3) * 0.0000125


@dataclass
class Hyperliquid:
    """What the server knows and does.

    Parameters
    ----------
    now
        The present in milliseconds.
    retained
        Candles that it still has, the running one included.
    missing
        Hours that it has no candle for.
    misbehave
        Given the number of the request from 0 and its body; returns what to answer instead, or None.
    """

    now: int
    retained: int = 5_000
    missing: frozenset[int] = frozenset()
    misbehave: Callable[[int, dict[str, Any]], Misbehaviour | None] = lambda _number, _body: None
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def count(self, kind: str) -> int:
        """Return how many requests of a type came."""
        return sum(body["type"] == kind for body in self.asked)

    def answer(self, body: dict[str, Any]) -> object:
        """Return what Hyperliquid would."""
        return getattr(self, f"_{body['type']}")(body)

    def _spotMeta(self, _body: dict[str, Any]) -> object:  # noqa: N802 - Hyperliquid's name
        token = {"name": "USDC", "szDecimals": 8, "weiDecimals": 8, "index": 0, "tokenId": "0x6d"}
        return {"tokens": [token], "universe": []}

    def _metaAndAssetCtxs(self, _body: dict[str, Any]) -> object:  # noqa: N802 - Hyperliquid's name
        universe = [{"name": name, "szDecimals": 5, "maxLeverage": 40} for name in ("BTC", "ETH")]
        context = {"funding": "0.0000125", "markPx": "100.5", "midPx": "100.5", "oraclePx": "100.4"}
        return [{"universe": universe}, [context, context]]

    def _candleSnapshot(self, body: dict[str, Any]) -> object:  # noqa: N802 - Hyperliquid's name
        asked, last = body["req"], self.now // HOUR
        first = max(-(-asked["startTime"] // HOUR), last - self.retained + 1)
        hours = range(first, min(asked["endTime"] // HOUR, last) + 1)
        return [self._candle(asked["coin"], hour) for hour in hours if hour not in self.missing]

    def _candle(self, coin: str, hour: int) -> dict[str, Any]:
        start, end = price(hour), price(hour + 1)
        stamps = {"t": hour * HOUR, "T": (hour + 1) * HOUR - 1, "s": coin, "i": "1h", "n": 46}
        prices = {"o": start, "c": end, "h": max(start, end) + 0.5, "l": min(start, end) - 0.5, "v": 1.5}
        return stamps | {name: str(value) for name, value in prices.items()}

    def _fundingHistory(self, body: dict[str, Any]) -> object:  # noqa: N802 - Hyperliquid's name
        last = min(body.get("endTime", self.now), self.now)
        hours = range(-(-(body["startTime"] - LATE) // HOUR), (last - LATE) // HOUR + 1)
        return [
            {
                "coin": body["coin"],
                "fundingRate": f"{rate(hour):.8f}",
                "premium": "0.0003",
                "time": hour * HOUR + LATE,
            }
            for hour in hours[:500]
        ]


@contextmanager
def serving(exchange: Hyperliquid) -> Iterator[Hyperliquid]:
    """Serve an exchange on a free local port while the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            instead = exchange.misbehave(len(exchange.asked), body)
            exchange.asked.append(body)
            status, text = instead or (200, json.dumps(exchange.answer(body)))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    exchange.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield exchange
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def milliseconds() -> int:
    """Return the real present."""
    return time.time_ns() // 1_000_000
