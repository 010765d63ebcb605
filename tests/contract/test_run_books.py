"""What every history promises those who look through many runs, name them, and throw them away."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import pytest
from sqlalchemy import func, select, update

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.adapters.store.dialect import engine_of
from genepool.adapters.store.tables import evaluations, ledger, metadata, runs
from genepool.errors import RunBusy, RunExists, RunNotFound
from genepool.history import RunFilter, RunSpec, RunState, leaderboard
from genepool.jobs import NewJob
from genepool.robustness.ledger import KnownMarket
from tests.fakes.histories import a_dynasty, a_generation, a_history, a_spec
from tests.fakes.postgres import history_url
from tests.fakes.recorded import newborn

Opener = Callable[[], SqlStore]


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield embedded_url(folder / "h.sqlite")
    else:
        with history_url() as url:
            yield url


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with database(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def opened(url: str) -> Iterator[Opener]:
    with ExitStack() as held:

        def opener() -> SqlStore:
            store = open_sql_store(url)
            held.callback(store.close)
            return store

        yield opener


@pytest.fixture
def store(opened: Opener) -> SqlStore:
    return opened()


def bred(store: SqlStore, spec: RunSpec, first: int = 0, state: RunState = "finished", size: int = 4) -> None:
    """Record a run of one generation, its newborn numbered from ``first``."""
    store.create(spec)
    store.claim(spec.run)
    store.record(spec.run, a_generation(0, first, size))
    store.finish(spec.run, state, "abc" if state == "finished" else None)


def names(store: SqlStore, asked: RunFilter) -> list[str]:
    """Return all names, read two a page."""
    found, after = list[str](), None
    while True:
        page = store.book.page(asked, after, 2)
        found += [summary.spec.run for summary in page.summaries]
        after = page.next
        if after is None:
            assert len(found) == page.total
            return found


class TestPages:
    @pytest.fixture(autouse=True)
    def _five(self, store: SqlStore) -> None:
        for number, (name, symbol) in enumerate(
            {"ant": "BTC/USDT", "Bee": "ETHUSD", "cow": "BTCUSD", "dog": "ÄRZTE", "eel": "ETHUSD"}.items()
        ):
            if name == "dog":
                store.create(a_spec(name, symbol=symbol, objective="calmar"))
            else:
                bred(store, a_spec(name, symbol=symbol), 10 * number)
        store.book.note("cow", "100% of Größe_1")

    @pytest.mark.parametrize("descending", [True, False])
    def test_they_hold_every_run_once_in_the_order_asked(self, store: SqlStore, descending: bool) -> None:
        summaries = {summary.spec.run: summary for summary in store.summaries()}
        keys: dict[str, Callable[[str], float | str | None]] = {
            "best_fitness": lambda run: summaries[run].best_fitness,
            "evaluations": lambda run: summaries[run].evaluations,
            "name": lambda run: run,
            "score": lambda run: score_of(store, run),
        }
        newest_first = ["eel", "dog", "cow", "Bee", "ant"]
        for sort, key in keys.items():
            known = [run for run in newest_first if key(run) is not None]
            ordered = sorted(known, key=key, reverse=descending)  # type: ignore[arg-type] # without None
            if descending:
                ordered = sorted(known, key=lambda run: rank(key, run, known))
            lacking = [run for run in newest_first if key(run) is None]
            asked = RunFilter(sort=sort, descending=descending)  # type: ignore[arg-type] # one of them
            assert names(store, asked) == [*ordered, *lacking], sort
        started = newest_first if descending else newest_first[::-1]
        assert names(store, RunFilter(descending=descending)) == started

    def test_their_lines_are_those_of_the_whole_list(self, store: SqlStore) -> None:
        assert list(store.book.page(RunFilter()).summaries) == store.summaries()
        assert [store.book.summary(one.spec.run) for one in store.summaries()] == store.summaries()

    def test_a_run_whose_job_has_not_ended_waits_for_it(self, store: SqlStore) -> None:
        store.jobs.submit(NewJob("evolve", {}, run="dog"))
        assert store.book.summary("dog").state == "queued"
        assert names(store, RunFilter(states=("queued",))) == ["dog"]
        assert names(store, RunFilter(states=("interrupted",))) == []
        assert store.jobs.take({"evolve"}) is not None
        assert [one.state for one in store.summaries() if one.spec.run == "dog"] == ["queued"]

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            (RunFilter(states=("running", "failed")), []),
            (RunFilter(states=("finished",), symbol="btc"), ["cow", "ant"]),
            (RunFilter(states=("interrupted",)), ["dog"]),
            (RunFilter(symbol="ärz"), ["dog"]),
            (RunFilter(symbol="C/U"), ["ant"]),
            (RunFilter(objective="calmar"), ["dog"]),
            (RunFilter(text="BE"), ["Bee"]),
            (RunFilter(text="größe"), ["cow"]),
            (RunFilter(text="0%"), ["cow"]),
            (RunFilter(text="e_1"), ["cow"]),
            (RunFilter(text="%t"), []),
        ],
    )
    def test_filters_leave_out_what_does_not_fit(
        self, store: SqlStore, asked: RunFilter, expected: list[str]
    ) -> None:
        assert names(store, asked) == expected

    def test_a_page_begins_behind_a_run_that_is_gone_meanwhile(self, store: SqlStore) -> None:
        page = store.book.page(RunFilter(sort="name", descending=False), None, 2)
        store.book.delete("ant")
        assert [one.spec.run for one in page.summaries] == ["Bee", "ant"]
        rest = store.book.page(RunFilter(sort="name", descending=False), page.next, 9)
        assert [one.spec.run for one in rest.summaries] == ["cow", "dog", "eel"]

    def test_champions_are_the_first_of_the_leaderboards(self, store: SqlStore) -> None:
        found = store.book.champions(["ant", "dog", "eel", "nobody"])
        assert found.keys() == {"ant", "eel"}
        for run, champion in found.items():
            assert champion == leaderboard(one for _, one in newborn(store, run))[0]


def score_of(store: SqlStore, run: str) -> float | None:
    board = leaderboard(one for _, one in newborn(store, run))
    return board[0].evaluation.selection_score if board else None


def rank(key: Callable[[str], float | str | None], run: str, runs: list[str]) -> tuple[int, int]:
    """Return a run's place, the highest first, equal ones in the order given."""
    ahead = [other for other in runs if key(other) > key(run)]  # type: ignore[operator] # as above
    return len(ahead), runs.index(run)


class TestRunsThatHaveNotEnded:
    """What is counted when a run ends is what is counted before."""

    def test_a_run_is_found_by_what_it_has_so_far(self, store: SqlStore) -> None:
        store.create(a_spec())
        store.claim("first")
        seen = []
        for record in a_history():
            store.record("first", record)
            before = store.book.page(RunFilter(sort="score")).summaries[0], champion(store)
            store.finish("first", "interrupted", None)
            ended = store.book.page(RunFilter(sort="score")).summaries[0], champion(store)
            assert (before[0].evaluations, before[0].best_fitness) == (
                ended[0].evaluations,
                ended[0].best_fitness,
            )
            assert before[1] == ended[1]
            seen.append(ended[0].evaluations)
            store.claim("first")
        assert seen == [4, 8, 12]

    def test_a_run_that_ended_is_counted_no_more_until_it_is_bred_again(
        self, store: SqlStore, url: str
    ) -> None:
        records = a_history(2)
        store.create(a_spec())
        store.claim("first")
        store.record("first", records[0])
        store.finish("first", "interrupted", None)
        engine = engine_of(url, 5.0)
        with engine.begin() as connection:
            connection.execute(update(runs).values(evaluated=123))
        engine.dispose()
        assert store.book.summary("first").evaluations == 123
        store.claim("first")
        store.record("first", records[1])
        assert store.book.summary("first").evaluations == 8


def champion(store: SqlStore) -> str:
    return store.book.champions(["first"])["first"].genome.fingerprint


class TestNotes:
    def test_a_note_is_there_until_it_is_another(self, store: SqlStore) -> None:
        store.create(a_spec())
        assert store.book.summary("first").note == ""
        for text in ("it is 'quoted' \n and long", ""):
            store.book.note("first", text)
            assert [one.note for one in store.summaries()] == [text]

    def test_there_is_none_on_a_run_that_is_not_there(self, store: SqlStore) -> None:
        for ask in (store.book.summary, store.book.delete):
            with pytest.raises(RunNotFound, match="no run 'nobody'"):
                ask("nobody")
        for name in ("a\0b", "\ud800"):
            with pytest.raises(RunNotFound):
                store.book.summary(name)
        for change in (store.book.note, store.book.rename):
            with pytest.raises(RunNotFound, match="no run 'nobody'"):
                change("nobody", "other")


class TestNames:
    def test_a_run_keeps_all_but_its_name(self, store: SqlStore) -> None:
        bred(store, a_spec())
        before, births = store.summaries(), newborn(store, "first")
        store.book.rename("first", "second")
        (after,) = store.summaries()
        assert after.spec == a_spec("second")
        assert after.digest == before[0].digest
        assert newborn(store, "second") == births
        with pytest.raises(RunNotFound):
            store.spec("first")

    def test_the_old_name_is_free_for_another_run(self, store: SqlStore) -> None:
        bred(store, a_spec())
        store.book.rename("first", "second")
        bred(store, a_spec(seed=8), 50)
        assert [one.spec.run for one in store.summaries()] == ["first", "second"]
        assert [store.spec(run).seed for run in ("first", "second")] == [8, 7]

    def test_it_can_be_resumed_under_its_new_name(self, store: SqlStore) -> None:
        records = a_history(2)
        store.create(a_spec())
        store.claim("first")
        store.record("first", records[0])
        store.finish("first", "interrupted", None)
        store.book.rename("first", "second")
        store.claim("second")
        store.record("second", records[1])
        assert store.book.summary("second").generations == 2

    def test_the_ledger_and_jobs_call_it_by_its_new_name(self, store: SqlStore, url: str) -> None:
        job = store.jobs.submit(NewJob("evolve"))
        named = store.jobs.submit(NewJob("report", run=f"job-{job.id}"))
        for one in (job, named):
            store.jobs.cancel(one.id)
        bred(store, a_spec(f"job-{job.id}"))
        store.book.rename(f"job-{job.id}", "second")
        assert [store.jobs.job(one.id).asked.run for one in (job, named)] == ["second", "second"]
        assert told(url, select(ledger.c.first_run).distinct()) == ["second"]

    def test_a_name_that_is_taken_stays_whose_it_is(self, store: SqlStore) -> None:
        bred(store, a_spec())
        bred(store, a_spec("second"))
        job = store.jobs.submit(NewJob("evolve", run="third"))
        with pytest.raises(RunExists, match="there is a run second already: choose another name"):
            store.book.rename("first", "second")
        with pytest.raises(RunExists, match=f"job {job.id} breeds a run third"):
            store.book.rename("first", "third")
        store.book.rename("first", "first")
        assert [one.spec.run for one in store.summaries()] == ["second", "first"]


class TestBusyRuns:
    @pytest.fixture(params=["rename", "delete"])
    def change(self, request: pytest.FixtureRequest, opened: Opener) -> Callable[[], object]:
        other = opened()
        if request.param == "delete":
            return lambda: other.book.delete("first")
        return lambda: other.book.rename("first", "second")

    def test_one_that_a_process_works_on_stays(self, store: SqlStore, change: Callable[[], object]) -> None:
        store.create(a_spec())
        store.claim("first")
        with pytest.raises(RunBusy, match="run first is running: `genepool stop first` stops it"):
            change()
        store.request_stop("first")
        with pytest.raises(RunBusy, match="is stopping"):
            change()
        store.finish("first", "interrupted", None)
        change()

    def test_one_that_waits_stays(self, store: SqlStore, change: Callable[[], object]) -> None:
        store.create(a_spec())
        store.submit("first")
        with pytest.raises(RunBusy, match="is queued"):
            change()
        assert store.next_run() == "first"

    def test_one_whose_leftovers_are_written_stays(
        self, store: SqlStore, change: Callable[[], object]
    ) -> None:
        bred(store, a_spec(), state="interrupted")
        store.adopt("first")
        with pytest.raises(RunBusy, match="another process still writes run first"):
            change()

    def test_one_that_a_job_is_about_stays(self, store: SqlStore, change: Callable[[], object]) -> None:
        bred(store, a_spec())
        job = store.jobs.submit(NewJob("report", run="first"))
        with pytest.raises(RunBusy, match=f"`genepool jobs cancel {job.id}` cancels it"):
            change()
        store.jobs.cancel(job.id)
        change()

    def test_one_whose_process_died_is_free(
        self, store: SqlStore, opened: Opener, change: Callable[[], object]
    ) -> None:
        store.create(a_spec())
        change()
        assert [one.spec.run for one in opened().summaries()] in ([], ["second"])


class TestDeletedRuns:
    def test_all_of_it_goes_but_its_trials(self, store: SqlStore, url: str) -> None:
        store.create(a_spec())
        for record in a_dynasty(3):
            store.record("first", record)
        store.finish("first", "finished", "abc")
        trials = store.trials(a_spec().market_digest)
        assert store.book.delete("first") == 12
        assert store.summaries() == []
        assert store.trials(a_spec().market_digest) == trials == 12
        left = {
            table.name
            for table in metadata.sorted_tables
            if told(url, select(func.count()).select_from(table))[0]
        }
        assert left == {"datasets", "genomes", "ledger", "ledger_entries", "ledger_heads"}

    def test_evaluations_that_another_run_shares_stay(self, store: SqlStore, url: str) -> None:
        bred(store, a_spec())
        bred(store, a_spec("second"), 2, size=2)
        births = newborn(store, "second")
        assert store.book.delete("first") == 2
        assert newborn(store, "second") == births
        assert told(url, select(func.count()).select_from(evaluations)) == [len(births)]

    def test_what_was_remembered_for_others_stays_with_them(self, store: SqlStore) -> None:
        bred(store, a_spec())
        bred(store, a_spec("second"), 50)
        aside = [one.evaluation for one in a_generation(0, 90).newborn]
        store.remember(a_spec().problem_digest, aside)
        assert store.book.delete("first") == 4
        assert len(store.evaluations(a_spec().problem_digest, [one.genome.fingerprint for one in aside])) == 4

    def test_its_name_is_free_for_another_run(self, store: SqlStore) -> None:
        bred(store, a_spec())
        store.book.delete("first")
        bred(store, a_spec(seed=8))
        assert store.book.summary("first").spec.seed == 8


def told(url: str, query: object) -> list[object]:
    """Return the first column of what a database says."""
    engine = engine_of(url, 5.0)
    try:
        with engine.begin() as connection:
            return list(connection.execute(query).scalars())  # type: ignore[call-overload] # a select
    finally:
        engine.dispose()


class TestPartsOfARun:
    @pytest.fixture(autouse=True)
    def _recorded(self, store: SqlStore) -> None:
        store.create(a_spec())
        for record in a_dynasty(3):
            store.record("first", record)

    def test_births_are_those_of_the_generations(self, store: SqlStore) -> None:
        assert sorted(store.birth_lines("first", 0, 9)) == sorted(
            (
                number, one.genome.fingerprint, one.genome.strategy, one.evaluation.selection_score,
                one.candidate.parents,
            )
            for number, one in newborn(store, "first")
        )  # fmt: skip

    def test_births_are_told_generation_by_generation(self, store: SqlStore) -> None:
        assert [line.generation for line in store.birth_lines("first", 0, 2)] == [0] * 4 + [1] * 4
        assert [line.generation for line in store.birth_lines("first", 2, 9)] == [2] * 4

    def test_individuals_come_back_bit_for_bit_in_the_order_given(self, store: SqlStore) -> None:
        wanted = newborn(store, "first")[::-2]
        births = [(number, one.genome.fingerprint) for number, one in wanted]
        assert store.individuals("first", [*births, (7, "nobody")]) == [one for _, one in wanted]

    def test_generations_in_figures_are_those_of_their_members(self, store: SqlStore) -> None:
        records = store.generations("first", 0, 9)
        lines = store.generation_lines("first", 0, 9)
        for line, record in zip(lines, records, strict=True):
            fitness = [one.fitness for one in record.population.individuals if one.fitness is not None]
            assert (line.best, line.worst) == (max(fitness), min(fitness))
            assert line.median == pytest.approx(median(fitness), rel=1e-15)
            assert (line.number, line.digest) == (record.population.generation, record.digest)
            assert (line.seconds, line.cache_hits, line.species) == (1.25, 1, {"imagined": 4})
            assert line.recorded_at is not None
        assert [line.number for line in store.generation_lines("first", 1, 1)] == [1]
        assert store.generation_lines("first", 3, 9) == []

    def test_sharpe_ratios_are_those_of_the_results_in_the_order_asked(self, store: SqlStore) -> None:
        told = [
            (number, one.evaluation.scored.in_sample.sharpe if one.evaluation.scored else None)
            for number, one in newborn(store, "first")
        ]
        assert store.sharpes("first") == told
        assert None in [sharpe for _, sharpe in told]
        assert store.sharpes("first", 2) == [pair for pair in told if pair[0] == 2]

    def test_failures_are_counted_by_their_reasons(self, store: SqlStore) -> None:
        assert store.failures("first") == {"it failed": 3}
        with pytest.raises(RunNotFound):
            store.failures("nowhere")


class TestLedgers:
    def test_each_data_set_has_the_trials_that_its_runs_are_judged_by(self, store: SqlStore) -> None:
        bred(store, a_spec())
        bred(store, a_spec("second", candles=9), 2, size=2)
        bred(store, a_spec("third", market_digest="e" * 64, data_digest="f" * 64, candles=9), 20)
        for digest, symbol in {"e": "ETHUSD", "d": "BTC/USD"}.items():
            store.know_market(KnownMarket(digest * 64, symbol, "4h", frozenset({1})))
        lines, total = store.ledger_book.ledgers(0, 9)
        assert total == 2
        assert [(line.symbol, line.timeframe, line.runs, line.candles) for line in lines] == [
            ("ETHUSD", "4h", 1, 9), ("BTC/USD", "4h", 2, 3_000)
        ]  # fmt: skip
        assert [line.trials for line in lines] == [store.trials(line.market_digest) for line in lines]
        assert lines[0].trials == 8
        assert store.ledger_book.ledgers(1, 1)[0] == lines[1:]

    def test_trials_of_deleted_runs_are_listed_still(self, store: SqlStore) -> None:
        bred(store, a_spec())
        store.book.delete("first")
        (line,), _ = store.ledger_book.ledgers(0, 9)
        assert (line.symbol, line.candles, line.trials, line.runs) == (None, None, 4, 0)
