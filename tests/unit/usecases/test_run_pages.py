"""Past runs page by page: the list, generations, leaderboard, genomes, the fleet and the ledger."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import timedelta

import pytest

from genepool.adapters.export.curves import TRADE_COLUMNS, trade_rows
from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.backtest.phases import phase_backtests, stretches
from genepool.errors import ConfigError, GenomeNotFound
from genepool.history import RunFilter, RunSort, leaderboard
from genepool.pool.findings import found_in
from genepool.usecases.change_run import LONGEST_NOTE, note_run
from genepool.usecases.document import Document
from genepool.usecases.fleet import fleet
from genepool.usecases.genome_document import genome_document
from genepool.usecases.genome_equity import genome_equity
from genepool.usecases.genome_lineage import genome_lineage
from genepool.usecases.genome_of_run import genome_of
from genepool.usecases.genome_trades import GenomeTrade, genome_trades
from genepool.usecases.leaderboard import Place, places
from genepool.usecases.list_runs import list_runs
from genepool.usecases.list_strategies import list_objectives, list_strategies
from genepool.usecases.page_generations import page_generations
from genepool.usecases.page_leaderboard import page_leaderboard
from genepool.usecases.page_ledger import page_ledger
from genepool.usecases.page_runs import page_runs
from genepool.usecases.past_run import PastRun
from tests.fakes.bred_runs import bred_run, failed_run, record_in
from tests.fakes.candle_sources import NamedCandles, WholeHistory
from tests.fakes.histories import a_generation, a_spec

RUN = bred_run()
CANDLES = NamedCandles({RUN.plan.spec.data: RUN.plan.candles})
BOARD = leaderboard(one for _, one in RUN.newborn)
FIRST = BOARD[0].genome.fingerprint


@pytest.fixture(scope="module")
def past() -> PastRun:
    history = WholeHistory()
    record_in(history, RUN)
    return PastRun(history.summaries()[0], history, CANDLES)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """Yield a history of five runs, the last of which has not ended; tests change notes alone."""
    file = tmp_path_factory.mktemp("store") / "h.sqlite"
    with closing(open_sql_store(embedded_url(file))) as made:
        for number in range(5):
            made.create(a_spec(f"run-{number}", symbol=f"COIN{number}"))
            if number < 4:
                made.record(f"run-{number}", a_generation(0, 10 * number))
                made.finish(f"run-{number}", "finished", "abc")
        yield made


@pytest.fixture(scope="module")
def pruned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PastRun]:
    """Yield the run when only its first places and their ancestors are left."""
    file = tmp_path_factory.mktemp("pruned") / "h.sqlite"
    with closing(open_sql_store(embedded_url(file))) as made:
        record_in(made, RUN)
        made.prune_trials(timedelta(0))
        yield PastRun(made.book.summary("small"), made, CANDLES)


def is_json(document: Document) -> bool:
    found = document.as_json()
    read: object = json.loads(json.dumps(found, allow_nan=False))
    return read == found


class TestGenerations:
    def test_they_are_told_in_figures_with_the_champion_so_far(self, past: PastRun) -> None:
        page = page_generations(past)
        assert is_json(page)
        assert (page.total, page.next, len(page.generations)) == (4, None, 4)
        for line, record in zip(page.generations, RUN.records, strict=True):
            so_far = found_in(RUN.records[: line.number + 1])
            assert so_far.champion is not None
            assert line.champion == so_far.champion.genome.fingerprint
            assert (line.evaluations, line.cache_hits) == (len(record.newborn), record.cache_hits)
            assert line.failures == sum(one.fitness is None for one in record.newborn)
            assert sum(line.species.values()) == len(record.population.individuals)
            assert line.digest == record.digest

    def test_they_are_read_a_page_at_a_time(self, past: PastRun) -> None:
        pages = [page_generations(past, after, 3) for after in (None, 2, 3)]
        assert [[line.number for line in page.generations] for page in pages] == [[0, 1, 2], [3], []]
        assert [page.next for page in pages] == [2, None, None]

    def test_a_run_in_which_all_fail_has_them_without_a_champion(self) -> None:
        history = WholeHistory()
        record_in(history, failed_run())
        line = page_generations(PastRun(history.summaries()[0], history, CANDLES)).generations[0]
        assert (line.champion, line.best, line.failures) == (None, None, 6)


class TestLeaderboard:
    def test_it_goes_on_behind_the_first_places(self, past: PastRun) -> None:
        found, after = list[Place](), 0
        while True:
            page = page_leaderboard(past, after, 25)
            found += page.leaderboard
            if page.next is None:
                break
            after = page.next
        assert [place.rank for place in found] == list(range(1, len(BOARD) + 1))
        assert [place.fingerprint for place in found] == [one.genome.fingerprint for one in BOARD]
        assert found[:20] == list(places(BOARD, RUN.plan.spec.annualised_by))
        assert page.total == len(BOARD)
        assert is_json(page)

    def test_behind_the_last_place_there_is_nothing(self, past: PastRun) -> None:
        page = page_leaderboard(past, len(BOARD))
        assert (page.leaderboard, page.next) == ([], None)

    @pytest.mark.parametrize("count", [0, 501])
    def test_a_page_has_an_end(self, past: PastRun, count: int) -> None:
        for ask in (page_leaderboard, page_generations, genome_trades):
            with pytest.raises(ConfigError, match=f"count is {count}: a page holds from 1 to 500 lines"):
                ask(past, 1, count=count)


class TestGenomes:
    @pytest.mark.parametrize("rank", [1, 21, 50])
    def test_one_is_found_by_its_place_and_by_its_fingerprint(self, past: PastRun, rank: int) -> None:
        individual = BOARD[rank - 1]
        expected = genome_document(rank, individual, past.summary)
        assert genome_of(past, rank) == genome_of(past, individual.genome.fingerprint) == expected

    def test_one_that_is_not_there_is_refused(self, past: PastRun) -> None:
        for which in ("f" * 16, "F", "../../etc", ""):
            with pytest.raises(GenomeNotFound, match=f"run small has no genome {which}: give a rank"):
                genome_of(past, which)
        with pytest.raises(GenomeNotFound, match="has no rank 97: it has ranks 1 to 96"):
            genome_of(past, 97)

    def test_one_that_failed_has_no_place_but_a_lineage(self) -> None:
        history = WholeHistory()
        record_in(history, failed_run())
        hopeless = PastRun(history.summaries()[0], history, CANDLES)
        failed = failed_run().newborn[0][1].genome.fingerprint
        with pytest.raises(GenomeNotFound, match="has no place, since it failed: donchian_breakout broke"):
            genome_of(hopeless, failed)
        (member,) = genome_lineage(hopeless, failed).members
        assert (member.fingerprint, member.fitness) == (failed, None)

    def test_its_trades_are_those_that_an_export_writes(self, past: PastRun) -> None:
        phases = phase_backtests(RUN.plan.problem, BOARD[0].genome)
        rows = [(phase, *row) for phase, result in phases for row in trade_rows(result)]
        pages, after = list[GenomeTrade](), 0
        while True:
            page = genome_trades(past, FIRST, after, 7)
            pages += page.trades
            if page.next is None:
                break
            after = page.next
        assert [tuple(asdict(trade).values()) for trade in pages] == rows
        assert tuple(asdict(pages[0])) == ("phase", *TRADE_COLUMNS)
        assert (page.total, page.rank) == (len(rows), 1)
        assert is_json(page)

    def test_its_equity_is_that_of_the_report_in_fewer_points(self, past: PastRun) -> None:
        found = genome_equity(past, 1, points=40)
        assert is_json(found)
        problem = RUN.plan.problem
        ours = stretches(phase_backtests(problem, BOARD[0].genome))
        for phase, mine, held in zip(
            found.phases, ours, stretches(phase_backtests(problem, None)), strict=True
        ):
            assert (phase.phase, phase.candles) == (mine.phase, len(mine.equity))
            assert len(phase.times) == len(phase.equity) == len(phase.buy_and_hold) <= 40
            assert (phase.equity[0], phase.equity[-1]) == (mine.equity[0], mine.equity[-1])
            assert (max(phase.equity), min(phase.equity)) == (mine.equity.max(), mine.equity.min())
            assert phase.buy_and_hold[-1] == held.equity[-1]

    @pytest.mark.parametrize("points", [3, 20_001])
    def test_its_equity_has_a_sensible_number_of_points(self, past: PastRun, points: int) -> None:
        with pytest.raises(ConfigError, match="is drawn with 4 to 20,000 points"):
            genome_equity(past, 1, points)

    def test_its_ancestors_are_told_back_to_those_without_parents(self, past: PastRun) -> None:
        found = genome_lineage(past, 1, 500)
        assert is_json(found)
        born = {one.genome.fingerprint: one for _, one in RUN.newborn}
        members = {member.fingerprint: member for member in found.members}
        assert found.left_out == 0
        assert found.fingerprint == FIRST
        for fingerprint, member in members.items():
            assert member.parents == born[fingerprint].candidate.parents
            assert set(member.parents) <= members.keys()
        assert genome_lineage(past, 1, 1).left_out <= len(members) - 1


class TestPrunedRuns:
    def test_the_first_places_are_left_and_no_others(self, pruned: PastRun) -> None:
        page = page_leaderboard(pruned)
        assert [place.fingerprint for place in page.leaderboard] == [
            one.genome.fingerprint for one in BOARD[:20]
        ]
        assert page.total == 20

    def test_generations_say_nothing_of_what_is_gone(self, pruned: PastRun) -> None:
        line = page_generations(pruned).generations[0]
        assert (line.best, line.champion, line.evaluations, line.failures) == (None,) * 4
        assert line.digest == RUN.records[0].digest

    def test_an_ancestor_has_a_lineage_and_no_place(self, pruned: PastRun) -> None:
        first_places = {one.genome.fingerprint for one in BOARD[:20]}
        elder = next(
            line.fingerprint
            for line in pruned.history.birth_lines("small", 0, 9)
            if line.fingerprint not in first_places and line.score is not None
        )
        assert genome_lineage(pruned, elder).fingerprint == elder
        with pytest.raises(GenomeNotFound, match="lost its place"):
            genome_of(pruned, elder)


class TestRuns:
    @pytest.mark.parametrize("sort", ["started", "best_fitness", "evaluations", "name", "score"])
    def test_pages_follow_each_other_by_what_next_says(self, store: SqlStore, sort: RunSort) -> None:
        asked, found, after = RunFilter(sort=sort), list[str](), None
        while True:
            page = page_runs(asked, store.book, after, 2)
            assert page.total == 5
            found += [line.run for line in page.runs]
            after = page.next
            if after is None:
                break
        assert sorted(found) == [f"run-{number}" for number in range(5)]
        whole = page_runs(asked, store.book)
        assert [line.run for line in whole.runs] == found
        assert is_json(whole)

    def test_its_lines_are_those_of_the_command(self, store: SqlStore) -> None:
        assert list(page_runs(RunFilter(), store.book).runs) == list_runs(store.summaries())

    def test_the_cursor_of_another_order_is_refused(self, store: SqlStore) -> None:
        other = page_runs(RunFilter(sort="name"), store.book, None, 2).next
        wild = ["[1,2]", '["started",true,null,"2"]', '["started",true,NaN,2]', f'["started",true,1,{2**40}]']
        wild += [f'["started",true,{10**30},1]']
        for text in wild:
            with pytest.raises(ConfigError, match="which no page in this order ends with"):
                page_runs(RunFilter(), store.book, urlsafe_b64encode(text.encode()).decode())
        for after in (other, "", "x", "bm90", "WzEsIDJd", "é"):
            with pytest.raises(ConfigError, match="which no page in this order ends with"):
                page_runs(RunFilter(), store.book, after)

    @pytest.mark.parametrize("text", ["\0", "\ud800"])
    def test_what_is_no_text_is_not_looked_for(self, store: SqlStore, text: str) -> None:
        with pytest.raises(ConfigError, match="text holds signs that are no text"):
            page_runs(RunFilter(text=text), store.book)

    def test_text_is_found_however_it_was_typed(self, store: SqlStore) -> None:
        note_run("run-2", "Gro\u0308ße", store.book, store.book)
        for text in ("gr\u00f6ß", "gro\u0308ß"):
            found = page_runs(RunFilter(text=text), store.book)
            assert [line.run for line in found.runs] == ["run-2"]

    def test_a_note_of_the_longest_length_is_taken(self, store: SqlStore) -> None:
        assert note_run("run-2", "x" * LONGEST_NOTE, store.book, store.book).note == "x" * LONGEST_NOTE


class TestFleet:
    def test_each_run_has_its_champion_the_best_first(self, store: SqlStore) -> None:
        page = fleet(RunFilter(sort="score"), store.book, store)
        assert is_json(page)
        scores = [one.selection_score for one in page.champions[:4]]
        assert None not in scores
        assert scores == sorted(scores, reverse=True)  # type: ignore[type-var] # as just said
        for one in page.champions[:4]:
            number = int(one.run[-1])
            champion = leaderboard(a_generation(0, 10 * number).newborn)[0]
            assert (one.symbol, one.fingerprint) == (f"COIN{number}", champion.genome.fingerprint)
            assert one.genes == champion.genome.values
            scored = champion.evaluation.scored
            assert scored is not None
            assert (one.in_sample, one.walk_forward) == (scored.in_sample, scored.walk_forward)

    def test_a_run_without_a_champion_is_there_without_one(self, store: SqlStore) -> None:
        last = fleet(RunFilter(sort="score"), store.book, store).champions[-1]
        assert (last.run, last.strategy, last.genes, last.in_sample) == ("run-4", None, None, None)

    def test_it_is_read_a_page_at_a_time(self, store: SqlStore) -> None:
        first = fleet(RunFilter(), store.book, store, None, 3)
        rest = fleet(RunFilter(), store.book, store, first.next, 3)
        assert [one.run for one in (*first.champions, *rest.champions)] == [
            f"run-{number}" for number in range(4, -1, -1)
        ]


def test_the_ledger_counts_what_runs_are_judged_by(store: SqlStore) -> None:
    page = page_ledger(store.ledger_book, 0, 1)
    assert is_json(page)
    assert (page.total, page.next) == (1, None)
    (line,) = page.ledgers
    assert line.trials == store.trials(line.market_digest) == 16
    assert line.runs == 5


def test_strategies_and_objectives_are_told_by_name() -> None:
    names = [found.name for found in list_strategies()]
    assert names == sorted(names)
    assert all(is_json(found) for found in [*list_strategies(), *list_objectives()])
    assert "sharpe" in [found.name for found in list_objectives()]
