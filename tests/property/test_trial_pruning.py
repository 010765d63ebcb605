"""Whatever is pruned, and wherever pruning is broken off: trials, champions, lineage and digests stay."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store, pruned_trials
from genepool.backtest.evaluation import Evaluation
from genepool.evolution.population import Candidate, Individual, Population
from genepool.history import GenerationRecord, RunSummary, leaderboard, run_digest
from genepool.pool.recorded import recorded
from scripts.validation.check_history import check
from tests.fakes.histories import a_genome, a_result, a_spec

PLACES = 2
MARKETS = ("d" * 64, "e" * 64)


@dataclass(frozen=True)
class Run:
    """A run that never was, and whether it finished."""

    name: str
    problem: str
    market: str
    finished: bool
    records: tuple[GenerationRecord, ...]

    def family(self) -> set[str]:
        """Return its best and all their ancestors."""
        born = {one.genome.fingerprint: one for record in self.records for one in record.newborn}
        found: set[str] = set()
        waiting = [one.genome.fingerprint for one in leaderboard(born.values(), PLACES)]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += born[name].candidate.parents
        return found


def _result(number: int) -> Evaluation:
    """Return what a genome scores wherever it is tried; many scores are equal, and some fail."""
    return a_result(a_genome(number), float(number % 4), "it failed" if number % 5 == 0 else None)


def _bred(rng: np.random.Generator, size: int, generations: int) -> Iterator[GenerationRecord]:
    """Yield generations with parents anywhere among the members, and members of any age."""
    fresh = iter(rng.permutation(40)[: size * generations])
    members: tuple[Individual, ...] = ()
    for generation in range(generations):
        newborn = []
        for number in (int(next(fresh)) for _ in range(size)):
            names = [one.genome.fingerprint for one in members]
            parents = tuple(str(name) for name in rng.permutation(names)[: rng.integers(0, 3)])
            candidate = Candidate(a_genome(number), "crossover" if parents else "initial", parents)
            newborn.append(Individual(candidate, _result(number), generation))
        living = [replace(one, elite=True) for one in members] + newborn
        members = tuple(living[place] for place in sorted(rng.permutation(len(living))[:size]))
        yield GenerationRecord(Population(generation, members), tuple(newborn), 0.5)


@st.composite
def runs(draw: st.DrawFn) -> list[Run]:
    """Draw a history of runs that share problems, markets and genomes."""
    made = []
    for number in range(draw(st.integers(1, 3))):
        rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        records = tuple(_bred(rng, draw(st.integers(2, 5)), draw(st.integers(1, 5))))
        problem, market = draw(st.sampled_from("pq")) * 16, draw(st.sampled_from(MARKETS))
        made.append(Run(f"run-{number}", problem, market, draw(st.booleans()), records))
    return made


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a history without runs, to copy: migrations take longer than a test."""
    file = tmp_path_factory.mktemp("empty") / "h.sqlite"
    open_sql_store(embedded_url(file)).close()
    return file


def record_all(store: SqlStore, made: list[Run]) -> None:
    for run in made:
        size = len(run.records[0].population.individuals)
        spec = a_spec(run.name, problem_digest=run.problem, market_digest=run.market)
        store.create(replace(spec, settings=replace(spec.settings, population_size=size)))
        for record in run.records:
            store.record(run.name, record)
        digest = run_digest(run.records) if run.finished else None
        store.finish(run.name, "finished" if run.finished else "interrupted", digest)


def said(store: SqlStore) -> list[RunSummary]:
    return [replace(line, pruned_at=None) for line in store.summaries()]


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(made=runs(), killed_at=st.integers(0, 12))
def test_pruning_keeps_trials_champions_lineage_and_digests(
    made: list[Run], killed_at: int, empty: Path
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pruned_trials, "BOARD_PLACES", PLACES)
        patch.setattr(pruned_trials, "_BIRTHS", 3)
        url = embedded_url(Path(shutil.copy(empty, folder)))
        with closing(open_sql_store(url)) as store:
            record_all(store, made)
            before, trials = said(store), [store.trials(market) for market in MARKETS]
            _break_off(store, killed_at)
            store.prune_trials(timedelta(0))
            assert said(store) == before
            assert [store.trials(market) for market in MARKETS] == trials
            for run in made:
                _check(store, run)
        assert check(make_url(url), (), None, None, ended=False)["findings"] == []


def _break_off(store: SqlStore, killed_at: int) -> None:
    answers = iter(range(100))

    def killed() -> bool:
        if next(answers) == killed_at:
            raise KeyboardInterrupt
        return False

    try:
        store.prune_trials(timedelta(0), enough=killed)
    except KeyboardInterrupt:
        return


def _check(store: SqlStore, run: Run) -> None:
    if not run.finished:
        assert list(recorded(store, run.name)) == list(run.records)
        return
    everybody = [one for record in run.records for one in record.newborn]
    assert store.births(run.name) == [one for one in everybody if one.genome.fingerprint in run.family()]
    assert leaderboard(store.births(run.name), PLACES) == leaderboard(everybody, PLACES)
