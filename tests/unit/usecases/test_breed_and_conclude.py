"""A recorded run is bred where it was placed, and concluded by the same steps for commands and pages."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from genepool.errors import ConfigError, Interrupted
from genepool.history import GenerationRecord
from genepool.pool.judging import Judged
from genepool.pool.loop import Outcome
from genepool.pool.planning import Plan
from genepool.pool.report_data import ReportData
from genepool.pool.stop_request import StopRequest
from genepool.ports import Event, RunClimbed, RunConcluding, Watcher
from genepool.robustness.ladder import Ladder
from genepool.usecases.breed_run import Bred, breed_run
from genepool.usecases.conclude_run import conclude_run
from genepool.usecases.ladder_document import ladder_document
from tests.fakes.bred_runs import bred_run, record_in
from tests.fakes.candle_sources import WholeHistory

RUN = bred_run()
OUTCOME = Outcome("digest", "4 generations", 0.5)


def recorded() -> WholeHistory:
    history = WholeHistory()
    record_in(history, RUN)
    return history


def readily(
    _plan: Plan, read: Callable[[GenerationRecord], None], _watcher: Watcher, _stop: StopRequest
) -> Outcome:
    """``Breeder`` that has bred the run before it was asked."""
    for record in RUN.records:
        read(record)
    return OUTCOME


def ignored(_event: Event) -> None:
    return None


def bred(history: WholeHistory) -> Bred:
    return breed_run(RUN.plan, readily, history, ignored, StopRequest())


def test_what_a_breeder_reads_is_what_was_found() -> None:
    found = bred(recorded())
    assert found.outcome == OUTCOME
    assert found.found.ranking.board == RUN.found.ranking.board
    assert found.found.generations == len(RUN.records)


def test_a_run_that_was_stopped_says_how_far_it_came_and_what_resumes_it() -> None:
    def stopped(*_: object) -> Outcome:
        raise Interrupted("stopped between two batches")

    with pytest.raises(Interrupted) as told:
        breed_run(RUN.plan, stopped, recorded(), ignored, StopRequest(), "pool")
    sentence, command = str(told.value).splitlines()
    assert sentence == "run small is stopped, 4 of 4 generations are recorded; resume it with"
    assert command == "  pool evolve --resume small"


def test_it_is_explored_judged_shown_and_reported_in_this_order_and_each_step_is_told() -> None:
    history, told = recorded(), list[object]()

    def step(event: Event) -> None:
        assert isinstance(event, (RunConcluding, RunClimbed))
        told.append(event.step if isinstance(event, RunConcluding) else event)

    def judged(found: Judged, ladder: Ladder) -> None:
        told.extend((found.trials, ladder))

    def write(data: ReportData) -> Path:
        told.append(data)
        return Path("small.html")

    before = history.trials(RUN.plan.spec.market_digest)
    concluded = conclude_run(bred(history), history, step, write, judged)
    _, _, _, _, trials, ladder, _, _, data, _ = told
    climbed = RunClimbed("small", concluded.ladder.height)
    assert told == ["exploring", None, "judging", None, trials, ladder, climbed, "reporting", data, None]
    assert isinstance(data, ReportData)
    assert data.neighbourhood is not None
    assert data.ladder == ladder == concluded.ladder
    assert concluded.document.ladder == ladder_document(concluded.ladder)
    assert trials == concluded.judged.trials == history.trials(RUN.plan.spec.market_digest) > before
    assert (concluded.document.report, concluded.unwritten) == ("small.html", "")
    assert (concluded.document.digest, concluded.document.stopped_by) == ("digest", "4 generations")


def test_without_a_report_nothing_more_is_tried() -> None:
    history = recorded()
    before = history.trials(RUN.plan.spec.market_digest)
    concluded = conclude_run(bred(history), history, ignored)
    assert concluded.document.report is None
    assert concluded.judged.trials == history.trials(RUN.plan.spec.market_digest) == before


def test_a_report_that_cannot_be_written_costs_nothing_but_itself() -> None:
    def full(_data: ReportData) -> Path:
        raise ConfigError("the disk is full")

    history = recorded()
    concluded = conclude_run(bred(history), history, ignored, full, program="pool")
    assert concluded.unwritten == (
        "run small is finished and recorded, but the disk is full: pool report small --out FILE"
    )
    whole = conclude_run(bred(history), history, ignored).document
    assert concluded.document == replace(whole, report=None)


def test_a_step_that_breaks_off_is_over_for_who_watches() -> None:
    steps = list[Event]()

    def impatient(_data: ReportData) -> Path:
        raise KeyboardInterrupt

    history = recorded()
    with pytest.raises(KeyboardInterrupt):
        conclude_run(bred(history), history, steps.append, impatient)
    assert steps[-2:] == [RunConcluding(RUN.plan.spec, "reporting"), RunConcluding(RUN.plan.spec, None)]
