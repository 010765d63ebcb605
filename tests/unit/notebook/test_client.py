"""A service from Python does what this machine does: the same digest, tables and refusals."""

import builtins
import inspect
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

import genepool as gp
from genepool.errors import (
    ConfigError,
    DatasetNotFound,
    GenepoolError,
    Interrupted,
    InvalidCandles,
    JobConflict,
    RunBusy,
    RunExists,
    RunNotFound,
    ServiceUnavailable,
)
from genepool.notebook import client as notebook_client
from genepool.notebook.client_run import ServiceRun
from tests.fakes.programs import environment
from tests.fakes.service import QUICK, LiveService, live_service
from tests.fakes.tcp_proxy import TcpProxy

DATA = QUICK["data"]
RULES: dict[str, Any] = {
    **{name: value for name, value in QUICK.items() if name not in {"data", "strategies"}},
    "strategies": ["ema_crossover"],
    "progress": False,
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    with live_service(tmp_path_factory.mktemp("service")) as live:
        yield live


@pytest.fixture(scope="module")
def client(service: LiveService) -> Iterator[gp.Client]:
    with gp.Client(service.address, service.keys["admin"]) as opened:
        yield opened


@pytest.fixture(scope="module")
def bred(client: gp.Client) -> ServiceRun:
    return client.evolve(DATA, name="bred", **RULES)


def test_a_run_of_a_service_is_the_run_of_this_machine(bred: ServiceRun, tmp_path: Path) -> None:
    with mock.patch.dict(os.environ, environment(tmp_path)):
        here = gp.evolve(gp.read(DATA), mode="local", workers=1, **RULES)
    assert (bred.digest, bred.champion) == (here.digest, here.champion)
    assert bred.leaderboard.equals(here.leaderboard)
    assert "bred" in bred._repr_html_()
    assert bred.ladder is not None
    assert bred.ladder["sentence"] in repr(bred)


def test_every_rule_of_a_run_is_a_keyword_with_the_same_default_as_here() -> None:
    def keywords(function: Any) -> dict[str, Any]:  # noqa: ANN401 - any function
        found = inspect.signature(function).parameters.values()
        return {one.name: one.default for one in found if one.kind is one.KEYWORD_ONLY}

    apart = {"mode", "workers", "store"}
    rules = {name: default for name, default in keywords(gp.evolve).items() if name not in apart}
    assert rules.items() <= keywords(gp.Client.evolve).items()
    # A service counts in its own history.
    here = {name: default for name, default in keywords(gp.backtest).items() if name != "store"}
    assert here == keywords(gp.Client.backtest)


def test_a_report_is_downloaded_and_written_first_where_there_is_none(
    service: LiveService, client: gp.Client, bred: ServiceRun, tmp_path: Path
) -> None:
    written = service.settings.results / "bred.html"
    assert bred.report(tmp_path / "new" / "bred.html").read_bytes() == written.read_bytes()
    written.unlink()
    assert client.run("bred").report(tmp_path / "again.html").read_bytes() == written.read_bytes()


def test_a_backtest_is_that_of_this_machine(client: gp.Client) -> None:
    asked: dict[str, Any] = {"fast": 12, "slow": 48, "costs": gp.Costs(fee_bps=5), "candles": 3000}
    there = client.backtest("btcusd_1h", "ema_crossover", **asked)
    here = gp.backtest(gp.read("btcusd_1h"), "ema_crossover", **asked)
    assert there.document == here.document
    assert (repr(there), there._repr_html_()) == (repr(here), here._repr_html_())
    assert (there.genome, there.measures) == (here.genome, here.measures)


def test_a_file_is_sent_with_its_flags_and_bred_on_by_its_name(client: gp.Client, tmp_path: Path) -> None:
    sent = tmp_path / "prices.csv"
    frame = gp.read("btcusd_1h").frame.tail(1500).rename_axis("Opened at").reset_index()
    frame.to_csv(sent, index=False)
    asked: dict[str, Any] = {"symbol": "MINE", "column": {"time": "Opened at"}, "allow_zero_volume": True}
    kept = client.upload(sent, **asked)
    assert (kept["name"], kept["candles"]) == ("MINE_1h", 1500)
    assert {"btcusd_1h", "MINE_1h"} <= set(client.datasets().index)
    assert client.backtest("MINE_1h", "rsi_filter").document["symbol"] == "MINE"
    frame["high"] = 0.0
    frame.to_csv(sent, index=False)
    with pytest.raises(InvalidCandles, match=r"prices\.csv"):
        client.upload(sent, **{**asked, "symbol": "OTHER"})
    with pytest.raises(ConfigError, match=r"nowhere\.csv cannot be read"):
        client.upload(tmp_path / "nowhere.csv")
    with pytest.raises(ConfigError, match="no reading flag 'colour'"):
        client.upload(sent, colour=1)  # type: ignore[call-arg] # there is none


def test_a_run_is_stopped_named_noted_continued_and_deleted(client: gp.Client) -> None:
    run = client.evolve(DATA, name="long", wait=False, **{**RULES, "generations": 100_000})
    with pytest.raises(RunBusy):
        run.rename("later")
    with pytest.raises(JobConflict, match="already"):
        run.resume(progress=False)
    run.stop()
    with pytest.raises(Interrupted, match=r"client\.run\('long'\)\.resume\(\)"):
        run.wait(progress=False)
    assert run.state == "interrupted"
    done = run.document["generations"]
    run.rename("short").note("stopped by hand")
    assert client.runs().loc["short", "note"] == "stopped by hand"
    with pytest.raises(Interrupted):
        client.run("short").resume(generations=200_000, wait=False).stop().wait(progress=False)
    assert client.run("short").document["generations"] >= done
    client.run("short").delete()
    assert "short" not in client.runs().index


def test_an_interrupt_ends_the_waiting_alone(client: gp.Client) -> None:
    def interrupt(_job: Mapping[str, Any]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(Interrupted, match=r"run alone is still bred by the service: client\.run\('alone'\)"):
        client.evolve(DATA, name="alone", **{**RULES, "progress": interrupt})
    assert client.run("alone").wait(progress=False).state == "finished"


def test_lists_are_tables_the_newest_first(client: gp.Client, bred: ServiceRun) -> None:
    jobs = client.jobs(count=2)
    assert len(jobs) == 2
    assert jobs.index.is_monotonic_decreasing
    assert bred.run in client.runs().index


def test_a_list_is_read_page_after_page(
    client: gp.Client, bred: ServiceRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(client.runs().index)
    monkeypatch.setattr(notebook_client, "_PAGE", 1)
    assert list(client.runs().index) == whole
    assert list(client.runs(count=1).index) == whole[:1]
    assert bred.run in whole


REFUSED: Mapping[str, tuple[Any, type[GenepoolError], str]] = {
    "no such run": (lambda one: one.run("nowhere"), RunNotFound, "nowhere"),
    "no such candles": (lambda one: one.evolve("gold_1h"), DatasetNotFound, "gold_1h"),
    "a path of the server": (lambda one: one.evolve("/etc/passwd"), DatasetNotFound, "upload"),
    "no such seed": (lambda one: one.evolve(DATA, strategies=["crossing"]), ConfigError, "crossing"),
    "a strategy of one's own": (lambda one: one.evolve(DATA, strategies=[len]), ConfigError, "gp.evolve"),
    "candles in memory": (lambda one: one.evolve(gp.read(DATA)), ConfigError, "client.upload"),
    "a population of one": (lambda one: one.evolve(DATA, population_size=1), ConfigError, "population_size"),
    "a name that is taken": (lambda one: one.evolve(DATA, name="bred", **RULES), RunExists, "bred"),
    "too few candles": (
        lambda one: one.backtest("btcusd_1h", "ema_crossover", start="2030-01-01"),
        GenepoolError,
        "2030",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.usefixtures("bred")
def test_what_is_refused_there_raises_what_is_raised_here(client: gp.Client, what: str) -> None:
    ask, kind, words = REFUSED[what]
    with pytest.raises(kind, match=words):
        ask(client)


def test_a_key_with_a_narrow_scope_says_so(service: LiveService) -> None:
    with (
        gp.Client(service.address, service.keys["read"]) as reader,
        pytest.raises(ConfigError, match="has the scope read, and this takes run"),
    ):
        reader.evolve(DATA)


def test_a_service_that_was_there_is_waited_for_and_nothing_is_ordered_twice(service: LiveService) -> None:
    port = int(service.address.rpartition(":")[2])
    with TcpProxy("127.0.0.1", port) as proxy:
        with gp.Client(f"http://127.0.0.1:{proxy.port}", service.keys["run"]) as client:
            before = len(client.jobs(count=500))
            # The order reaches the service, and its answer is lost.
            proxy.cut_before_answer(0)
            run = client.evolve(DATA, wait=False, **RULES)
            proxy.refuse()
            back = threading.Timer(0.3, proxy.admit)
            back.start()
            assert client.run(run.run).run == run.run
            back.join()
            # Its events are cut while they are listened to.
            heard: list[str] = []

            def drop(job: Mapping[str, Any]) -> None:
                heard.append(job["state"])
                if len(heard) <= 2:
                    proxy.drop()

            assert run.wait(drop).state == "finished"
            assert len(client.jobs(count=500)) == before + 1
        with gp.Client(f"http://127.0.0.1:{proxy.port}", service.keys["run"], patience=0.2) as client:
            assert client.run(run.run).run == run.run
            proxy.refuse()
            with pytest.raises(ServiceUnavailable, match="does not answer"):
                client.runs()


def test_a_service_that_was_never_there_is_not_waited_for() -> None:
    with gp.Client("http://127.0.0.1:9", "gp_any") as client, pytest.raises(ServiceUnavailable, match=":9 "):
        client.runs()


def test_address_and_key_are_those_of_the_environment_unless_said(service: LiveService) -> None:
    said = {"GENEPOOL_SERVICE_URL": service.address, "GENEPOOL_SERVICE_KEY": service.keys["read"]}
    with mock.patch.dict(os.environ, said), gp.Client() as client:
        assert service.address in repr(client)
        assert service.keys["read"] not in repr(vars(client))
        client.runs()
    with (
        mock.patch.dict(os.environ, {"GENEPOOL_SERVICE_KEY": ""}),
        pytest.raises(ConfigError, match="genepool keys create"),
    ):
        gp.Client(service.address)


@pytest.mark.parametrize("address", ["ftp://here", "here", "http://[::1"])
def test_an_address_that_is_none_is_named(address: str) -> None:
    with pytest.raises(ConfigError, match="is no address of a service"):
        gp.Client(address, "gp_any").runs()


def test_a_key_that_would_travel_in_clear_is_told_of() -> None:
    with pytest.warns(UserWarning, match=r"travels to pool\.example in clear"):
        gp.Client("http://pool.example:8000", "gp_any").close()


@pytest.mark.parametrize("address", ["https://pool.example", "http://localhost:1", "http://[::1]:1"])
def test_one_that_does_not_is_not(address: str) -> None:
    gp.Client(address, "gp_any").close()


def test_without_httpx_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:  # noqa: ANN401 - as the real one
        if name == "httpx":
            raise ModuleNotFoundError("No module named 'httpx'", name="httpx")
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, "genepool.notebook.client_wire", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConfigError, match=r"needs httpx, .* pip install 'genepool\[client\]'"):
        gp.Client("https://pool.example", "gp_any")
