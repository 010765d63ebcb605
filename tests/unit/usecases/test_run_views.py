"""What a run's page shows: curves as they grow, a log, candles with trades, and what a report would say."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genepool.adapters.report.page import page, sections_of
from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.backtest.phases import phase_backtests
from genepool.errors import GenomeNotFound
from genepool.jobs import Job, JobState, NewJob
from genepool.pool.checking import neighbourhood_of
from genepool.pool.reporting import report_data
from genepool.usecases.genome_chart import CANDLES_AT_MOST, genome_chart
from genepool.usecases.past_run import PastRun
from genepool.usecases.run_log import run_log
from genepool.usecases.run_points import LuckCurves, run_points
from genepool.usecases.run_standing import run_standing
from genepool.usecases.view_run import view_champion, view_genome, view_search
from tests.fakes.bred_runs import bred_run, failed_run, record_in
from tests.fakes.candle_sources import NamedCandles

RUN = bred_run()
CANDLES = NamedCandles({RUN.plan.spec.data: RUN.plan.candles})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    file = tmp_path_factory.mktemp("store") / "h.sqlite"
    with closing(open_sql_store(embedded_url(file))) as made:
        record_in(made, RUN)
        yield made


@pytest.fixture(scope="module")
def past(store: SqlStore) -> PastRun:
    return PastRun(store.book.summary("small"), store, CANDLES)


def a_job(number: int, state: JobState, kind: str = "evolve", **told: Any) -> Job:  # noqa: ANN401 - of a job
    times = (f"2026-03-0{number}T12:00:00", f"2026-03-0{number}T12:00:01", f"2026-03-0{number}T12:00:09")
    asked = NewJob(kind, run="small")
    job = Job(number, asked, state, 1, 1, 2.0, {}, None, "", *times)
    return replace(job, **told)


class TestPoints:
    def test_a_page_that_knows_some_generations_is_told_the_others(self, past: PastRun) -> None:
        everything = run_points(past)
        assert list(everything.numbers) == [0, 1, 2, 3]
        assert everything.next is None
        found = run_points(past, 1)
        assert list(found.numbers) == [2, 3]
        assert found.best == everything.best[2:]
        assert sum(found.species[0].values()) == len(RUN.populations[2].individuals)

    def test_a_long_run_is_told_in_parts(self, past: PastRun) -> None:
        first = run_points(past, -1, 3)
        assert (list(first.numbers), first.next) == ([0, 1, 2], 2)
        assert list(run_points(past, first.next or 0, 3).numbers) == [3]
        assert list(run_points(past, 3).numbers) == []


class TestLuck:
    def test_the_curve_is_that_of_the_report(self, store: SqlStore, past: PastRun) -> None:
        problem = RUN.plan.problem
        years = (problem.in_sample[1] - problem.in_sample[0]) / problem.candles_per_year
        assert LuckCurves(store).points(past.summary) == RUN.found.luck(years)

    def test_of_a_run_that_grows_only_what_is_new_is_read(self, past: PastRun) -> None:
        asked: list[int] = []
        sharpes = [(0, 1.0), (0, None)]

        class Growing:
            def sharpes(self, _run: str, first: int = 0) -> list[tuple[int, float | None]]:
                asked.append(first)
                return [one for one in sharpes if one[0] >= first]

            def failures(self, _run: str) -> dict[str | None, int]:
                return {}

        curves = LuckCurves(Growing())
        assert list(curves.so_far(past.summary).best) == [1.0, 1.0]
        sharpes.append((1, 3.0))
        assert list(curves.so_far(past.summary).best) == [1.0, 1.0, 3.0]
        assert asked == [0, 1]
        namesake = replace(past.summary, started_at="2027-01-01T00:00:00+00:00")
        curves.so_far(namesake)
        assert asked == [0, 1, 0]

    def test_a_pruned_run_has_none(self, store: SqlStore, past: PastRun) -> None:
        pruned = replace(past.summary, pruned_at="2026-05-01T00:00:00+00:00")
        assert LuckCurves(store).points(pruned) == ()


class TestLog:
    def test_it_tells_of_jobs_and_generations_the_newest_first(self, past: PastRun) -> None:
        log = run_log(past, [a_job(2, "failed", "report", error="no candles"), a_job(1, "done")])
        assert [line.generation for line in log.lines if line.generation is not None] == [3, 2, 1, 0]
        told = [line.said for line in log.lines]
        assert "Job 2 ended: it is failed, no candles." in told
        assert "Job 2 was queued to write its report." in told
        assert told.index("Job 1 ended: it is done.") < told.index("Job 1 was queued to breed it.")
        assert [line.at for line in log.lines] == sorted((line.at or "" for line in log.lines), reverse=True)

    def test_its_pages_join_without_a_gap_and_nothing_twice(self, past: PastRun) -> None:
        jobs = [a_job(1, "done")]
        whole = run_log(past, jobs)
        first = run_log(past, jobs, count=3)
        rest = run_log(past, jobs, first.next, count=3)
        assert (first.next, rest.next) == (1, None)
        assert [*first.lines, *rest.lines] == list(whole.lines)


class TestStanding:
    def test_a_run_is_over_only_when_its_job_is(self, past: PastRun) -> None:
        concluding = run_standing(past, [a_job(1, "running", progress={"step": "judging"})], [])
        assert (concluding.over, concluding.state, concluding.step) == (False, "concluding", "judging")
        over = run_standing(past, [a_job(2, "queued", "report"), a_job(1, "done")], [])
        assert (over.over, over.state, over.step) == (True, "finished", None)

    def test_a_run_that_waits_to_be_continued_is_queued(self, past: PastRun) -> None:
        waiting = run_standing(past, [a_job(1, "queued")], [])
        assert (waiting.over, waiting.state) == (False, "queued")

    def test_it_has_the_progress_of_no_other_run(self, past: PastRun) -> None:
        told = [{"run": "other", "done": 1}, {"run": "small", "done": 2}]
        found = run_standing(past, [], told)
        assert found.progress == {"run": "small", "done": 2}
        assert run_standing(past, [], told[:1]).progress is None

    def test_what_its_job_failed_of_is_told(self, past: PastRun) -> None:
        assert run_standing(past, [a_job(1, "failed", error="no candles")], []).error == "no candles"


class TestChart:
    def test_candles_are_joined_so_that_no_extreme_is_lost(self, past: PastRun) -> None:
        chart, candles = genome_chart(past, 1), RUN.plan.problem.candles
        assert len(chart.times) <= CANDLES_AT_MOST
        assert chart.joined == -(-len(candles) // CANDLES_AT_MOST)
        assert max(chart.high) == candles.high.max()
        assert min(chart.low) == candles.low.min()
        assert (chart.open[0], chart.close[-1]) == (candles.open[0], candles.close[-1])

    def test_a_narrow_span_shows_each_candle_and_the_trades_in_it(self, past: PastRun) -> None:
        candles = RUN.plan.problem.candles
        start, stop = (int(candles.stamps[place]) // 10**9 for place in (200, 500))
        chart = genome_chart(past, 1, start, stop)
        assert chart.joined == 1
        assert chart.close == candles.close[200:500].tolist()
        champion = RUN.judged.board[0].genome
        stamps = np.concatenate(
            [result.trades.entry_stamps for _, result in phase_backtests(RUN.plan.problem, champion)]
        )
        inside = stamps[(stamps >= start * 10**9) & (stamps < stop * 10**9)]
        assert [mark.time for mark in chart.entries] == (inside // 10**9).tolist()
        assert chart.marks_left_out == 0

    def test_a_span_beside_the_candles_is_empty(self, past: PastRun) -> None:
        chart = genome_chart(past, 1, 0, 10)
        assert (list(chart.times), list(chart.entries)) == ([], [])

    def test_a_rank_that_there_is_not_is_refused(self, past: PastRun) -> None:
        with pytest.raises(GenomeNotFound):
            genome_chart(past, 10_000)


class TestViews:
    def test_the_page_has_the_head_of_the_report(self, past: PastRun) -> None:
        shown = page(view_champion(past))
        told = page(
            report_data(past.summary, RUN.found, RUN.fetch, past.judged(past.plan()), RUN.plan.problem)
        )
        assert (shown.verdict, shown.key_figures) == (told.verdict, told.key_figures)
        apart = {"luck-curve", "search", "left-out"}
        assert [one for one in told.sections if one.anchor not in apart] == [
            one for one in shown.sections if one.anchor not in apart
        ]

    def test_looking_evaluates_nothing_and_shows_the_neighbourhood_once_it_was_tried(
        self, store: SqlStore, past: PastRun
    ) -> None:
        before = store.trials(past.summary.spec.market_digest)
        data = view_search(past, store, LuckCurves(store))
        assert data.neighbourhood is None
        assert store.trials(past.summary.spec.market_digest) == before
        plan = past.plan()
        tried = neighbourhood_of(plan.problem, past.found, past.fetch, store.remember)
        found = view_search(past, store, LuckCurves(store))
        assert found.neighbourhood == tried
        assert "luck-curve" in [section.anchor for section in sections_of(found)]

    def test_any_genome_is_shown_as_what_it_is(self, past: PastRun) -> None:
        second = view_genome(past, 2)
        assert second.individual == RUN.judged.board[1]
        assert second.performance.subject == "genome"
        assert view_genome(past, 1).performance.subject == "champion"
        assert second.family.members[0][1] == second.individual

    def test_a_run_in_which_everything_failed_says_why(self, tmp_path: Path) -> None:
        with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as store:
            record_in(store, failed_run())
            failed = PastRun(store.book.summary("hopeless"), store, CANDLES)
            data = view_search(failed, store, LuckCurves(store))
        assert data.champion is None
        assert data.failures == {"donchian_breakout broke off with <ArithmeticError>": 6}
