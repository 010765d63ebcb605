"""What a store keeps in memory of the runs that it has read."""

import threading
from contextlib import suppress
from pathlib import Path

import pytest

from genepool.adapters.store import embedded_url, open_store, reading
from genepool.evolution.population import Population
from tests.fakes.histories import a_history, a_spec


def test_readers_on_several_threads_see_each_generation_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(embedded_url(tmp_path / "h.sqlite"))
    store.create(a_spec())
    for record in a_history():
        store.record("first", record)
    together, answers, read = threading.Barrier(2, timeout=0.3), list[list[Population]](), reading.populations

    def slow(*what: object) -> list[Population]:
        found = read(*what)  # type: ignore[arg-type] # passed on as they came
        with suppress(threading.BrokenBarrierError):
            together.wait()
        return found

    monkeypatch.setattr(reading, "populations", slow)
    threads = [threading.Thread(target=lambda: answers.append(store.populations("first"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(answer) for answer in answers] == [3, 3]
    store.close()


def test_only_the_latest_run_is_kept_in_memory(tmp_path: Path) -> None:
    store = open_store(embedded_url(tmp_path / "h.sqlite"))
    for number in range(5):
        store.create(a_spec(f"run-{number}"))
        store.record(f"run-{number}", a_history()[0])
        assert len(store.populations(f"run-{number}")) == 1
    assert len(store._recalls) == 1
    store.close()
