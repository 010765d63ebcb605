"""Where a run goes: the sentence is right, and no user waits long for what is not there."""

import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any, cast

import pytest

from genepool.adapters.local.machine import Machine
from genepool.bootstrap import placement
from genepool.bootstrap.placement import check_reachable, place, progress_of
from genepool.errors import ServiceUnavailable
from genepool.evolution.settings import EvolutionSettings
from genepool.pool.planning import Plan
from genepool.settings import Settings

LITTLE, MUCH = 100, 10_000_000


def a_plan(evaluations: int) -> Plan:
    """Return as much of a plan as the decision reads."""
    settings = EvolutionSettings(population_size=100, generations=1, evaluations=evaluations)
    plain = SimpleNamespace(
        spec=SimpleNamespace(settings=settings),
        strategies={"rsi": SimpleNamespace(learning=False)},
        problem=SimpleNamespace(candles=range(5_000)),
    )
    return cast("Plan", plain)


@contextmanager
def coordinator(page: bytes | Callable[[str], bytes], length: int | None = None) -> Iterator[str]:
    """Serve a page for every path, or as a path says; yield where."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = page if isinstance(page, bytes) else page(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(length or len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:  # type: ignore[explicit-override] # Python 3.11 has none
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def granting(cpus: int, history: str = "") -> bytes:
    return json.dumps({"run": None, "state": "idle", "cpus": cpus, "history": history}).encode()


@pytest.fixture
def nobody() -> str:
    """Return an address at which no server listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return f"http://127.0.0.1:{port}"


def test_local_asks_nobody() -> None:
    chosen = place("local", 2, Settings(service_url="http://192.0.2.1:8000"), a_plan(MUCH))
    assert (chosen.site, chosen.workers, chosen.sentence) == ("here", 2, "local, 2 workers")


def test_auto_gives_much_work_to_an_idle_coordinator_and_says_why() -> None:
    with coordinator(granting(9)) as url:
        chosen = place("auto", 2, Settings(service_url=url), a_plan(MUCH))
    assert chosen.site == "coordinator"
    assert chosen.sentence == (
        f"distributed, by the coordinator at {url}, 9 CPUs at present: "
        "about 750 s of work here, and the cluster grants 9 CPUs"
    )


def test_auto_keeps_little_work_here_and_says_why() -> None:
    with coordinator(granting(9)) as url:
        chosen = place("auto", 2, Settings(service_url=url), a_plan(LITTLE))
    assert chosen.sentence == "local, 2 workers, because about 0 s of work is too little for a cluster"


def test_a_search_that_is_made_often_is_as_much_work_as_a_long_one() -> None:
    with coordinator(granting(48)) as address:
        settings = Settings(service_url=address)
        once, often = (place("auto", 1, settings, a_plan(20_000), "", many) for many in (1, 99))
    assert (once.site, often.site) == ("here", "coordinator")


def test_auto_stays_here_when_the_cluster_grants_nothing() -> None:
    with coordinator(granting(0)) as url:
        chosen = place("auto", 2, Settings(service_url=url), a_plan(MUCH))
    assert chosen.sentence == "local, 2 workers, because the cluster grants no CPU at present"


def test_auto_without_any_cluster_says_which_setting_would_name_one() -> None:
    chosen = place("auto", 1, Settings(service_url="", ray_address=""), a_plan(MUCH))
    assert chosen.sentence == "local, 1 worker, because no cluster is configured (GENEPOOL_RAY_ADDRESS)"


def test_auto_with_an_unreachable_coordinator_stays_here_at_once(nobody: str) -> None:
    began = time.monotonic()
    chosen = place("auto", 2, Settings(service_url=nobody), a_plan(MUCH))
    assert time.monotonic() - began < 1.0
    assert chosen.sentence == (
        f"local, 2 workers, because no coordinator answers at {nobody} (GENEPOOL_SERVICE_URL)"
    )


def test_a_coordinator_that_accepts_and_says_nothing_costs_one_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genepool.bootstrap.placement._PATIENCE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        chosen = place("auto", 2, Settings(service_url=url), a_plan(MUCH))
    assert chosen.site == "here"
    assert time.monotonic() - began < 0.39


def test_insisting_on_a_coordinator_that_is_not_there_says_what_to_do(nobody: str) -> None:
    with pytest.raises(ServiceUnavailable, match="run with --mode local or --mode auto"):
        check_reachable("distributed", Settings(service_url=nobody))


def test_distributed_shows_what_the_coordinator_grants() -> None:
    with coordinator(granting(1)) as url:
        check_reachable("distributed", Settings(service_url=url))
        chosen = place("distributed", None, Settings(service_url=url), a_plan(LITTLE))
    assert chosen.sentence == f"distributed, by the coordinator at {url}, 1 CPU at present"


THERE = "  docker compose exec genetic-pool genepool evolve --seed 3"


def test_a_coordinator_of_another_history_would_never_take_the_run_up() -> None:
    with coordinator(granting(9, "theirs")) as url:
        settings = Settings(service_url=url)
        with pytest.raises(ServiceUnavailable) as refused:
            check_reachable("distributed", settings, "ours", THERE)
        chosen = place("auto", 2, settings, a_plan(MUCH), "ours")
    assert str(refused.value) == (
        f"the coordinator at {url} works on another history than this command, so it would never take this "
        f"run up: give the run to it with\n{THERE}\nin the folder of the stack, or run here with --mode local"
    )
    assert chosen.sentence == (
        f"local, 2 workers, because the coordinator at {url} works on another history than this command"
    )


@pytest.mark.parametrize(("theirs", "ours"), [("same", "same"), ("", "ours"), ("theirs", "")])
def test_a_coordinator_of_the_same_history_or_of_one_that_nobody_names_is_taken(
    theirs: str, ours: str
) -> None:
    with coordinator(granting(9, theirs)) as url:
        check_reachable("distributed", Settings(service_url=url), ours, THERE)
        assert place("distributed", None, Settings(service_url=url), a_plan(LITTLE), ours).site == (
            "coordinator"
        )


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def test_beside_a_stack_that_no_setting_names_it_is_said_where_to_run() -> None:
    with coordinator(granting(9, "theirs")) as url:
        settings = Settings(service_url="", ray_address="", service_port=port_of(url))
        with pytest.raises(
            ServiceUnavailable, match=f"the coordinator at {url} works on another history"
        ) as no:
            check_reachable("distributed", settings, "ours", THERE)
        assert THERE in str(no.value)
        with pytest.raises(ServiceUnavailable, match=f"set GENEPOOL_SERVICE_URL={url}"):
            check_reachable("distributed", settings, "theirs", THERE)


def test_another_program_on_that_port_is_no_stack() -> None:
    with coordinator(b'{"state": "well"}') as url:
        settings = Settings(service_url="", ray_address="", service_port=port_of(url))
        with pytest.raises(ServiceUnavailable, match="no cluster is configured"):
            check_reachable("distributed", settings, "ours", THERE)


def test_a_slash_behind_the_address_changes_nothing() -> None:
    def exact(path: str) -> bytes:
        return granting(4) if path == "/progress" else b""

    with coordinator(exact) as url:
        assert progress_of(Settings(service_url=f"{url}/")) is not None


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"\xff"], ids=["empty", "list", "page", "bytes"])
def test_a_server_that_is_no_coordinator_counts_as_none(body: bytes) -> None:
    with coordinator(body) as url:
        assert progress_of(Settings(service_url=url)) is None


def test_an_answer_that_breaks_off_counts_as_none() -> None:
    with coordinator(granting(4), length=10_000) as url:
        assert progress_of(Settings(service_url=url)) is None


@pytest.mark.parametrize("address", ["coordinator", "http://coordinator:eight", "http://[", "http://a b/"])
def test_an_address_that_is_none_is_no_crash(address: str) -> None:
    chosen = place("auto", 1, Settings(service_url=address), a_plan(MUCH))
    assert "no coordinator answers" in chosen.sentence


def test_a_proxy_for_the_way_out_is_not_asked(monkeypatch: pytest.MonkeyPatch, nobody: str) -> None:
    monkeypatch.setenv("http_proxy", nobody)
    with coordinator(granting(4)) as url:
        assert progress_of(Settings(service_url=url)) is not None


def test_a_cluster_without_ray_installed_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: Any = sys.modules
    for name in [name for name in installed if name.startswith("genepool.adapters.ray")]:
        monkeypatch.delitem(installed, name)
    monkeypatch.setitem(installed, "ray", None)
    settings = Settings(service_url="", ray_address="auto")
    chosen = place("auto", 1, settings, a_plan(MUCH))
    assert chosen.sentence == (
        "local, 1 worker, because a cluster needs Ray, which is not installed: "
        "pip install 'genepool[platform]'"
    )
    with pytest.raises(ServiceUnavailable, match="pip install"):
        check_reachable("distributed", settings)


def of_cores(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    """Have this machine look as if it had so many cores."""
    machine = Machine(cores, 2**40, None)
    monkeypatch.setattr(placement, "read_machine", lambda: machine)


@pytest.mark.parametrize(("cores", "workers"), [(1, 1), (2, 2), (4, 3), (8, 6), (16, 12)])
def test_three_quarters_of_a_machine_work_unless_its_user_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, cores: int, workers: int
) -> None:
    of_cores(monkeypatch, cores)
    chosen = place("local", None, Settings(cpu_budget=None), a_plan(MUCH))
    assert (chosen.share, chosen.workers, chosen.most_workers) == (0.75, workers, cores)
    assert chosen.sentence == f"local, {workers} worker{'s' * (workers > 1)} on 75 % of the CPUs"


def test_workers_that_were_asked_for_run_at_full_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    of_cores(monkeypatch, 4)
    for asked, settings in ((3, Settings(cpu_budget=50)), (None, Settings(cpu_budget=None, cpu_threads=3))):
        chosen = place("local", asked, settings, a_plan(MUCH))
        assert (chosen.share, chosen.workers, chosen.sentence) == (None, 3, "local, 3 workers")


@pytest.mark.parametrize(("percent", "share", "workers"), [(25, 0.25, 1), (50, 0.5, 2), (100, 1.0, 3)])
def test_a_setting_names_the_share(
    monkeypatch: pytest.MonkeyPatch, percent: int, share: float, workers: int
) -> None:
    of_cores(monkeypatch, 4)
    chosen = place("local", None, Settings(cpu_budget=percent), a_plan(MUCH))
    assert (chosen.share, chosen.workers) == (share, workers)
