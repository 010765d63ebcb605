"""A genome of a past run is checked without a terminal; what is evaluated for it counts as trials."""

import json

import pytest

from genepool.errors import ConfigError, GenomeNotFound
from genepool.robustness.checks import CheckOutcome, robustness_checks
from genepool.usecases.check_champion import check_champion
from genepool.usecases.past_run import PastRun
from tests.fakes.bred_runs import bred_run, record_in
from tests.fakes.candle_sources import NamedCandles, WholeHistory

RUN = bred_run()
CHEAP = ("constant_side", "deflated_sharpe", "one_candle_late")


def past() -> PastRun:
    history = WholeHistory()
    record_in(history, RUN)
    return PastRun(history.summaries()[0], history, NamedCandles({RUN.plan.spec.data: RUN.plan.candles}))


def tried(run: PastRun) -> int:
    return run.history.trials(RUN.plan.spec.market_digest)


def test_the_champion_is_asked_every_check() -> None:
    document = check_champion(past()).as_json()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert [line["name"] for line in document["checks"]] == list(robustness_checks())
    assert (document["run"], document["rank"]) == ("small", 1)
    assert document["passed"] + document["failed"] + document["not_applicable"] == len(document["checks"])


def test_only_those_that_were_named_are_made_and_nothing_more_is_evaluated() -> None:
    run = past()
    before = tried(run)
    document = check_champion(run, 1, CHEAP)
    assert [line.name for line in document.checks] == sorted(CHEAP)
    assert (tried(run), document.trials) == (before, before)


def test_neighbours_count_as_trials_before_anything_is_judged() -> None:
    run = past()
    before = tried(run)
    first = check_champion(run, 1, ("deflated_sharpe", "neighbourhood"))
    assert tried(run) == first.trials > before
    assert f"After {first.trials:,} trials" in first.checks[0].sentence
    # The history knows the neighbours now: nothing is evaluated, and nothing found, anew.
    assert check_champion(run, 1, ("deflated_sharpe", "neighbourhood")) == first


def test_another_genome_is_found_by_place_and_by_fingerprint() -> None:
    run = past()
    third = check_champion(run, 3, CHEAP)
    assert third.fingerprint == run.at(3).genome.fingerprint
    assert check_champion(run, third.fingerprint, CHEAP) == third


def test_a_check_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ConfigError, match=r"no check 'luck': choose from ambiguity_gap, .*walk_forward_t"):
        check_champion(past(), 1, ("luck",))


def test_a_genome_that_the_run_has_not_is_refused() -> None:
    with pytest.raises(GenomeNotFound, match="no rank 1000"):
        check_champion(past(), 1_000)


def test_a_question_evaluates_nothing_and_reads_what_was_evaluated() -> None:
    run = past()
    before = tried(run)
    (unknown,) = check_champion(run, 1, ("neighbourhood",), evaluates=False).checks
    assert unknown.outcome is CheckOutcome.NOT_APPLICABLE
    assert "`genepool check` evaluates and counts them" in unknown.sentence
    assert tried(run) == before
    evaluated = check_champion(run, 1, ("neighbourhood",))
    assert check_champion(run, 1, ("neighbourhood",), evaluates=False) == evaluated
