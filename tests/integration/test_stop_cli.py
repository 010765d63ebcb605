"""``genepool stop``, and a coordinator that never takes a run up."""

import json
import signal
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.api.plain_pages import plain_pages
from genepool.api.server import serving
from genepool.history import RunState
from tests.fakes.histories import a_history, a_spec
from tests.fakes.programs import SMALL_RUN, here, start, wait_for

IDLE = {"run": None, "state": "idle", "cpus": 2}


def history(folder: Path) -> SqlStore:
    return open_sql_store(embedded_url(folder / "home" / "genepool.sqlite"))


def recorded(folder: Path, name: str, state: RunState | None) -> None:
    """Leave a run of two generations in this state, queued for None."""
    with closing(history(folder)) as store:
        store.create(replace(a_spec(), run=name))
        store.claim(name)
        for record in a_history()[:2]:
            store.record(name, record)
        store.finish(name, state or "queued", "abc" if state == "finished" else None)


class TestStop:
    def test_a_queued_run_is_taken_out_at_once(self, tmp_path: Path) -> None:
        recorded(tmp_path, "first", None)
        done = here(tmp_path, "stop", "latest", "--json")
        assert done.document == {
            "run": "first",
            "before": "queued",
            "state": "interrupted",
            "generations": 2,
            "resume": "genepool evolve --resume first",
        }
        assert "run first waits in the queue: it is taken out" in done.err

    @pytest.mark.parametrize("state", ["finished", "interrupted", "failed"])
    def test_a_run_that_has_ended_is_left_as_it_is(self, tmp_path: Path, state: RunState) -> None:
        recorded(tmp_path, "first", state)
        done = here(tmp_path, "stop", "first")
        assert done.code == 2
        assert f"run first has ended already: it is {state}" in done.err
        with closing(history(tmp_path)) as store:
            assert store.state("first") == state

    def test_a_run_that_nobody_knows_is_refused(self, tmp_path: Path) -> None:
        assert here(tmp_path, "stop", "nobody").code == 2

    def test_a_run_that_does_not_end_in_time_is_named_and_will_end(self, tmp_path: Path) -> None:
        with closing(history(tmp_path)) as owner:
            owner.create(a_spec())
            owner.claim("first")
            done = here(tmp_path, "stop", "first", "--wait", "0.3")
            assert done.code == 4
            assert "run first has not ended within 0.3 s" in done.err
            assert owner.stop_requested("first")
            assert here(tmp_path, "stop", "first", "--wait", "0").code == 0

    @pytest.mark.slow
    def test_a_run_in_another_terminal_ends_and_the_printed_command_resumes_it(self, tmp_path: Path) -> None:
        process = start(tmp_path, *SMALL_RUN, "--generations", "1000")
        wait_for(process, '"generation": 1,')
        done = here(tmp_path, "stop", "small")
        _, err = process.communicate(timeout=60)
        assert done.code == 0, done.err
        assert "run small ends with the batches that are running" in done.out
        assert "resume it with\n  genepool evolve --resume small" in done.out
        assert process.returncode == 130
        assert "run small is stopped" in err

    @pytest.mark.slow
    def test_resuming_takes_back_a_stop_that_a_dead_process_left_behind(self, tmp_path: Path) -> None:
        process = start(tmp_path, *SMALL_RUN, "--generations", "30")
        wait_for(process, '"generation": 0,')
        process.send_signal(signal.SIGSTOP)
        here(tmp_path, "stop", "small", "--wait", "0")
        process.kill()
        process.communicate(timeout=60)
        done = here(
            tmp_path, "evolve", "--resume", "small", "--mode", "local", "--workers", "1", "--no-report"
        )
        assert done.code == 0, done.err


@pytest.fixture
def coordinator(request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield where an idle coordinator answers, that says what the test is parametrised with."""
    told: dict[str, Any] = {**IDLE, **getattr(request, "param", {})}
    pages = Starlette(routes=plain_pages(lambda: b"", lambda: told, dict))
    with serving(pages, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


DISTRIBUTED = ("evolve", "--mode", "distributed", "--generations", "2", "--name", "mine", "--no-report")


class TestDistributedOnTheHost:
    @pytest.mark.parametrize("coordinator", [{"history": "the stack's"}], indirect=True)
    def test_it_says_at_once_where_to_run_and_records_nothing(
        self, tmp_path: Path, coordinator: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GENEPOOL_SERVICE_URL", coordinator)
        done = here(tmp_path, *DISTRIBUTED)
        assert done.code == 4
        command = (
            "docker compose exec genetic-pool genepool evolve --generations 2 --mode distributed --name mine "
            "--no-report"
        )
        assert f"\n  {command}\n" in done.err
        with closing(history(tmp_path)) as store:
            assert store.summaries() == []

    @pytest.mark.parametrize("coordinator", [{"history": "the stack's"}], indirect=True)
    def test_candles_of_this_side_are_taken_there_first(
        self, tmp_path: Path, coordinator: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GENEPOOL_SERVICE_URL", coordinator)
        (tmp_path / "my prices.csv").write_text("")
        done = here(tmp_path, *DISTRIBUTED, "--data", "my prices.csv", "--output", "here")
        lines = [line.strip() for line in done.err.splitlines() if "docker compose" in line]
        assert lines[0].startswith("docker compose exec -T genetic-pool sh -c 'mkdir -p data && cat > ")
        assert lines[0].endswith(" < 'my prices.csv'")
        assert "--data 'data/my prices.csv'" in lines[1]
        assert "--output" not in lines[1]

    def test_a_coordinator_that_never_takes_the_run_up_is_left(
        self, tmp_path: Path, coordinator: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GENEPOOL_SERVICE_URL", coordinator)
        monkeypatch.setenv("GENEPOOL_QUEUE_SECONDS", "0.1")
        done = here(tmp_path, *DISTRIBUTED)
        assert done.code == 4
        assert "genepool evolve --resume mine --mode local" in done.err
        assert "genepool stop mine" in done.err
        with closing(history(tmp_path)) as store:
            assert store.state("mine") == "queued"
        assert here(tmp_path, "stop", "mine").code == 0


def test_the_coordinator_names_the_history_that_a_command_beside_it_sees(tmp_path: Path) -> None:
    with closing(history(tmp_path)) as one, closing(history(tmp_path)) as same:
        assert one.identity() == same.identity() != ""
    with closing(history(tmp_path / "else")) as other:
        assert other.identity() != one.identity()


def test_a_market_without_a_latin_letter_goes_all_the_way(tmp_path: Path) -> None:
    prices = [f"{1_600_000_000 + 3_600 * k},{100 + k % 7},{109},{90},{101 + k % 5},5" for k in range(2_600)]
    (tmp_path / "prices.csv").write_text("\n".join(["date,open,high,low,close,volume", *prices]))
    assert (
        here(tmp_path, "data", "import", "prices.csv", "--symbol", "比特币", "--market", "crypto").code == 0
    )
    small = ("--population-size", "6", "--generations", "1", "--workers", "1", "--strategies", "rsi_filter")
    evolved = here(tmp_path, "evolve", "--data", "比特币_1h", *small, "--mode", "local", "--json").document
    assert evolved["run"].startswith("比特币-1h-")
    assert Path(evolved["report"]).name == f"{evolved['run']}.html"
    shown = here(tmp_path, "show", "比特币", "--json").document
    assert json.dumps(shown["spec"]["symbol"], ensure_ascii=False) == '"比特币"'
