"""What clients of the service cost a run: its pace with 200 listeners and 46 requests a second, and without.

The service is a process of its own on a folder of its own, or the one that `--service` and `--key` name, such
as the stack's. Runs are bred one after the other, every second one while clients ask. Their costs differ by
less than a millionth of a basis point, so that none finds its genomes scored already, and they breed much the
same. The clients take their share of this machine too.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.page import write

LISTENERS = 200
# One address may ask 50 times a second, and this program looks after the run too.
REQUESTS_A_SECOND = 46
CONNECTIONS = 10
RUN = {"data": "btcusd_1h", "seed": 7}


class Service:
    """A service that answers, and a key of it.

    Parameters
    ----------
    host, port, key
        Where, and with what.
    """

    def __init__(self, host: str, port: int, key: str) -> None:
        self.host = host
        self.port = port
        self.key = key

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - any document
        """Return the document of a route."""
        request = urllib.request.Request(
            f"http://{self.host}:{self.port}{path}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own address
            return json.load(answer)


@contextmanager
def served(folder: Path) -> Iterator[Service]:
    """Yield a service on a folder of its own."""
    places = {"GENEPOOL_HOME": str(folder / "home"), "GENEPOOL_RESULTS": str(folder / "results")}
    environment = {**os.environ, **places}
    program = [sys.executable, "-m", "genepool"]
    made = subprocess.run([*program, "keys", "create", "--scope", "admin"], env=environment, check=True,
                          capture_output=True, text=True)  # fmt: skip
    words = [*program, "serve", "--port", "0", "--no-browser"]
    with subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Service("127.0.0.1", _port_of(process), made.stdout.strip())
        finally:
            process.terminate()


def _port_of(process: "subprocess.Popen[str]") -> int:
    for line in process.stderr or ():
        if "coordinator_ready" in line:
            return int(json.loads(line)["port"])
    raise RuntimeError("the service did not start")


def seconds_of(service: Service, number: int, size: tuple[int, int]) -> float:
    """Order a run of some individuals and generations, and return what its generations took."""
    # A name and a fee that no run had before: a service that is measured again knows the earlier ones.
    name, fee = f"pace-{os.getpid()}-{number}", 5 + (os.getpid() * 1_000 + number) * 1e-9
    shape = {"population_size": size[0], "generations": size[1]}
    service.ask("/v1/runs", {**RUN, **shape, "name": name, "fee_bps": fee})
    while service.ask("/v1/runs?count=1")["runs"][0]["state"] != "finished":
        time.sleep(0.5)
    page = service.ask(f"/v1/runs/{name}/generations?count=500")
    # The first one compiles and warms up.
    return sum(float(one["seconds"]) for one in page["generations"][1:])


async def crowd(service: Service, over: asyncio.Event) -> int:
    """Listen with many connections, ask with a few, and return how many requests were answered."""
    listening = [asyncio.create_task(_listen(service, over)) for _ in range(LISTENERS)]
    asking = [asyncio.create_task(_ask(service, over)) for _ in range(CONNECTIONS)]
    answered = sum(await asyncio.gather(*asking))
    await asyncio.gather(*listening)
    return answered


def _head(service: Service, path: str) -> bytes:
    lines = (f"GET {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {service.key}")
    return "\r\n".join([*lines, "", ""]).encode()


async def _listen(service: Service, over: asyncio.Event) -> None:
    # Idle: of a run that nothing happens to.
    reader, writer = await asyncio.open_connection(service.host, service.port)
    writer.write(_head(service, "/v1/events?run=nobody"))
    reading = asyncio.create_task(_read_all(reader))
    await over.wait()
    reading.cancel()
    writer.close()


async def _read_all(reader: asyncio.StreamReader) -> None:
    while await reader.read(65_536):
        pass


async def _ask(service: Service, over: asyncio.Event) -> int:
    reader, writer = await asyncio.open_connection(service.host, service.port)
    answered, pause = 0, CONNECTIONS / REQUESTS_A_SECOND
    while not over.is_set():
        began = time.monotonic()
        writer.write(_head(service, "/v1/jobs?count=5"))
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.decode().lower().split("\r\n") if "content-length" in line)
        await reader.readexactly(int(length.partition(":")[2]))
        answered += 1
        await asyncio.sleep(max(0.0, pause - (time.monotonic() - began)))
    writer.close()
    return answered


async def beside_a_crowd(service: Service, number: int, size: tuple[int, int]) -> tuple[float, float]:
    """Return what a run's generations took beside clients, and requests a second that were answered."""
    over, began = asyncio.Event(), time.monotonic()
    crowding = asyncio.create_task(crowd(service, over))
    await asyncio.sleep(1)
    took = await asyncio.to_thread(seconds_of, service, number, size)
    over.set()
    answered = await crowding
    return took, answered / (time.monotonic() - began)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--population-size", type=int, default=500)
    parser.add_argument("--generations", type=int, default=10)
    parser.add_argument("--service", metavar="URL", help="a service that runs, instead of one of our own")
    parser.add_argument("--key", default="", help="an admin key of it")
    parser.add_argument("--dry-run", action="store_true", help="print the table, leave the page alone")
    asked = parser.parse_args()
    size = (asked.population_size, asked.generations)
    alone, beside, rates = [], [], []
    with tempfile.TemporaryDirectory() as folder, found(asked.service, asked.key, Path(folder)) as service:
        seconds_of(service, 0, (size[0], 2))
        for pair in range(asked.pairs):
            alone.append(seconds_of(service, 2 * pair + 1, size))
            took, rate = asyncio.run(beside_a_crowd(service, 2 * pair + 2, size))
            beside.append(took)
            rates.append(rate)
    section = page(size, alone, beside, rates)
    print(section)
    if not asked.dry_run:
        write("bench-service-stack" if asked.service else "bench-service", section)


@contextmanager
def found(url: str | None, key: str, folder: Path) -> Iterator[Service]:
    """Yield the service of an address, or one of our own."""
    if url is None:
        with served(folder) as service:
            yield service
    else:
        at = urlsplit(url)
        yield Service(at.hostname or "127.0.0.1", at.port or 80, key)


def page(size: tuple[int, int], alone: list[float], beside: list[float], rates: list[float]) -> str:
    """Return the section."""
    ratio = statistics.median(beside) / statistics.median(alone)
    crowded = f"{LISTENERS} listeners, {statistics.median(rates):.0f} requests a second"
    runs = f"medians of {len(alone)} runs each, in turn, of {size[0]} x {size[1]} on {RUN['data']}"
    rows = [
        f"`make bench-service` on {datetime.now(UTC):%Y-%m-%d}: {runs}.",
        "",
        "| clients | seconds of the generations |",
        "| --- | ---: |",
        f"| none | {statistics.median(alone):.2f} |",
        f"| {crowded} | {statistics.median(beside):.2f} ({ratio - 1:+.1%}) |",
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    main()
