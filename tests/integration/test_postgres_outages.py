"""Nothing recorded is lost or doubled, however the connection or the server breaks off."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import count

import numpy as np
import pytest

from genepool.adapters.store import SqlStore, open_sql_store, upgrade_layout
from genepool.errors import StoreAway
from genepool.history import GenerationRecord
from tests.fakes.forms import LONG
from tests.fakes.histories import a_generation, a_genome, a_history, a_result, a_spec
from tests.fakes.postgres import count_rows, docker, durable_server, migrated_database, postgres_server
from tests.fakes.recorded import populations
from tests.fakes.tcp_proxy import TcpProxy

KILLS = 8 if LONG else 4
TABLES = ("generations", "lineage", "individuals", "evaluations", "ledger", "genomes")


@pytest.fixture
def database() -> Iterator[str]:
    with migrated_database() as name:
        yield name


@pytest.fixture
def proxy() -> Iterator[TcpProxy]:
    with TcpProxy("127.0.0.1", postgres_server().port) as made:
        yield made


def counts(database: str) -> list[object]:
    with closing(postgres_server().connect(database)) as raw:
        return [count_rows(raw, table) for table in TABLES]


def test_a_server_that_is_away_is_said_to_be_and_found_again(database: str, proxy: TcpProxy) -> None:
    with closing(open_sql_store(postgres_server().url(database, proxy.port))) as store:
        store.create(a_spec())
        proxy.refuse()
        with pytest.raises(StoreAway, match=r"on 127\.0\.0\.1:\d+ does not answer .* check that its server"):
            store.summaries()
        proxy.admit()
        assert len(store.summaries()) == 1


def test_connections_that_broke_meanwhile_are_replaced_in_silence(database: str, proxy: TcpProxy) -> None:
    with closing(open_sql_store(postgres_server().url(database, proxy.port))) as store:
        store.create(a_spec())
        proxy.drop()
        assert len(store.summaries()) == 1


@pytest.mark.slow
def test_a_store_can_be_closed_while_its_server_is_frozen(database: str, proxy: TcpProxy) -> None:
    store = open_sql_store(postgres_server().url(database, proxy.port))
    store.create(a_spec())
    store.claim("first")
    proxy.freeze()
    began = time.monotonic()
    store.close()
    assert time.monotonic() - began < 10


@pytest.mark.slow
def test_a_lost_acknowledgement_costs_nothing_wherever_it_is_lost(proxy: TcpProxy) -> None:
    with (
        migrated_database() as database,
        closing(open_sql_store(postgres_server().url(database, proxy.port))) as store,
    ):
        for number in count():
            # Rows that no other run shares: each must be there once.
            run, before = f"run-{number}", a_generation(0, 20 * number)
            following = a_generation(1, 20 * number + 10, before=before.population)
            store.create(a_spec(run))
            store.claim(run)
            store.record(run, before)
            proxy.cut_before_answer(number)
            with suppress(StoreAway):
                store.record(run, following)
            if not proxy.cut:
                break
            store.record(run, following)
            store.record(run, following)
            assert counts(database) == [rows * (number + 1) for rows in (2, 8, 8, 8, 8, 8)]
            assert populations(store, run) == [before.population, following.population]
    assert number > 8


@pytest.mark.slow
def test_a_commit_whose_acknowledgement_was_lost_is_a_commit(database: str, proxy: TcpProxy) -> None:
    with closing(open_sql_store(postgres_server().url(database, proxy.port))) as store:
        store.create(a_spec())
        store.record("first", a_history(1)[0])
        said = _answers_of(proxy, store, a_history(2)[1])
    with (
        migrated_database() as other,
        closing(open_sql_store(postgres_server().url(other, proxy.port))) as store,
    ):
        store.create(a_spec())
        store.record("first", a_history(1)[0])
        # All but the last byte of the last answer, the one to COMMIT.
        proxy.cut_after(sum(said) - 1)
        with pytest.raises(StoreAway):
            store.record("first", a_history(2)[1])
        assert counts(other)[0] == 2
        store.record("first", a_history(2)[1])
        assert counts(other)[0] == 2


def test_writers_that_share_genomes_wait_for_each_other_and_never_in_a_ring(database: str) -> None:
    url = postgres_server().url(database)
    genomes = [a_genome(number) for number in range(60)]

    def write(number: int) -> None:
        rng = np.random.default_rng(number)
        with closing(open_sql_store(url)) as store:
            for round_number in range(5):
                order = rng.permutation(len(genomes))
                store.remember(f"{round_number:016d}", [a_result(genomes[place]) for place in order])

    with closing(open_sql_store(url)) as store:
        for round_number in range(5):
            store.create(a_spec(f"run-{round_number}", problem_digest=f"{round_number:016d}"))
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(write, range(4)))
        assert store.trials("d" * 64) == 60


def test_runs_that_breed_the_same_genomes_are_recorded_side_by_side(database: str) -> None:
    url = postgres_server().url(database)
    history = a_history(6)

    def breed(number: int) -> None:
        with closing(open_sql_store(url)) as store:
            store.create(a_spec(f"run-{number}"))
            store.claim(f"run-{number}")
            for record in history:
                store.record(f"run-{number}", record)
            store.finish(f"run-{number}", "finished", "abc")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(breed, range(4)))
    with closing(open_sql_store(url)) as store:
        assert [summary.generations for summary in store.summaries()] == [6] * 4
        assert store.trials("d" * 64) == 24


@pytest.mark.slow
def test_a_reader_of_a_run_that_is_written_sees_whole_generations(database: str) -> None:
    url = postgres_server().url(database)
    history = a_history(40)
    with closing(open_sql_store(url)) as store, ThreadPoolExecutor(1) as threads:
        store.create(a_spec())
        writing = threads.submit(_record_all, store, history)
        with closing(open_sql_store(url)) as reader:
            while not writing.done():
                seen = populations(reader, "first")
                assert seen == [record.population for record in history[: len(seen)]]
        writing.result()


@pytest.mark.slow
@pytest.mark.chaos
def test_what_was_acknowledged_is_there_after_the_server_was_killed() -> None:
    rng = np.random.default_rng(11)
    with durable_server() as server:
        url = server.url("genepool")
        upgrade_layout(url)
        acknowledged: list[GenerationRecord] = []
        ending = threading.Event()
        with closing(open_sql_store(url)) as store, ThreadPoolExecutor(1) as threads:
            store.create(a_spec())
            store.claim("first")
            writing = threads.submit(_write_on, store, acknowledged, ending)
            for _ in range(KILLS):
                time.sleep(rng.uniform(0.1, 0.8))
                docker("kill", "--signal", "KILL", server.container)
                docker("start", server.container)
                server.wait()
            ending.set()
            writing.result(60)
        with closing(open_sql_store(url, owner="checker")) as checker:
            stored = populations(checker, "first")
        assert [record.population for record in acknowledged] == stored[: len(acknowledged)]
        assert len(acknowledged) <= len(stored) <= len(acknowledged) + 1
        assert len(acknowledged) > KILLS


def _record_all(store: SqlStore, history: list[GenerationRecord]) -> None:
    for record in history:
        store.record("first", record)


def _write_on(store: SqlStore, acknowledged: list[GenerationRecord], ending: threading.Event) -> None:
    while not ending.is_set():
        number = len(acknowledged)
        record = a_generation(number, 4 * number)
        try:
            store.record("first", record)
        except StoreAway:
            ending.wait(0.05)
        else:
            acknowledged.append(record)


def _answers_of(proxy: TcpProxy, store: SqlStore, record: GenerationRecord) -> list[int]:
    """Return the sizes of what the server says while a generation is recorded."""
    proxy.count_answers()
    store.record("first", record)
    return list(proxy.answers)
