"""Champions of recorded runs as one account: the documents, and what they say."""

import json
from dataclasses import replace
from typing import Any

import pytest

from genepool.errors import ConfigError, DataError
from genepool.market.timeframes import DAY
from genepool.portfolio.terms import FleetTerms
from genepool.usecases.compare_genomes import Named
from genepool.usecases.fleet_document import FleetPortfolio
from genepool.usecases.fleet_portfolio import fleet_portfolio
from genepool.usecases.past_run import PastRun
from tests.fakes.bred_runs import BredRun, bred_run, record_in
from tests.fakes.candle_sources import NamedCandles, WholeHistory

RUN = bred_run()


def named(name: str) -> BredRun:
    return replace(RUN, plan=replace(RUN.plan, spec=replace(RUN.plan.spec, run=name)))


@pytest.fixture(scope="module")
def runs() -> dict[str, PastRun]:
    history = WholeHistory()
    for name in ("one", "two"):
        record_in(history, named(name))
    candles = NamedCandles({RUN.plan.spec.data: RUN.plan.candles})
    return {one.spec.run: PastRun(one, history, candles) for one in history.summaries()}


def fleet(runs: dict[str, PastRun], *which: Named, now: int = 0, **terms: Any) -> FleetPortfolio:  # noqa: ANN401 - of any kind
    asked = FleetTerms(paths=100, **terms)
    return fleet_portfolio(which, asked, runs.__getitem__, now)


@pytest.fixture(scope="module")
def found(runs: dict[str, PastRun]) -> FleetPortfolio:
    return fleet(runs, ("one", 1), ("two", 3))


def test_it_is_json_without_a_number_that_json_lacks(found: FleetPortfolio) -> None:
    document = found.as_json()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert [bot["name"] for bot in document["bots"]] == ["one", "two/3"]


def test_only_candles_that_breeding_never_saw_count(runs: dict[str, PastRun], found: FleetPortfolio) -> None:
    folds = [
        result for phase, result in runs["one"].traded(RUN.judged.board[0].genome) if phase != "in-sample"
    ]
    first, last = folds[0].stamps[0], folds[-1].stamps[-1]
    assert found.first[:10] >= str(first.astype("datetime64[ns]"))[:10]
    assert found.last[:10] <= str((last + DAY).astype("datetime64[ns]"))[:10]
    sealed = RUN.plan.candles.stamps[len(RUN.plan.problem.candles)]
    assert found.last[:10] <= str(sealed.astype("datetime64[ns]"))[:10]


def test_a_bot_shows_its_own_folds_and_its_runs_verdict(
    runs: dict[str, PastRun], found: FleetPortfolio
) -> None:
    champion, third = found.bots
    scored = RUN.judged.board[0].evaluation.scored
    assert scored is not None
    assert champion.walk_forward == scored.walk_forward
    past = runs["one"]
    judged = past.judged(past.plan())
    assert champion.verdict == past.climbed(judged)[0].sentence
    assert champion.trials == judged.trials
    # A verdict is about a champion alone.
    assert (third.verdict, third.rung, third.believed) == (None, None, False)


def test_the_age_is_that_of_the_newest_candle_that_was_shown(runs: dict[str, PastRun]) -> None:
    newest = int(RUN.plan.problem.candles.stamps[-1])
    assert fleet(runs, ("one", 1), now=newest + 9 * DAY + 2 * 3_600 * 10**9).bots[0].age_days == 9


def test_a_fleet_that_nobody_believes_says_so(found: FleetPortfolio) -> None:
    assert found.sentence.startswith("No champion of this fleet is believed")
    assert "Sharpe ratio is not told" in found.sentence
    assert found.too_short


def test_kelly_of_luck_alone_trades_nothing(runs: dict[str, PastRun]) -> None:
    kelly = fleet_portfolio([("one", 1)], FleetTerms("kelly", paths=100), runs.__getitem__, 0)
    assert "Nothing is traded" in kelly.sentence
    assert kelly.account.cash == 1.0
    assert kelly.theory.kelly_used is None


def test_the_same_genome_twice_is_a_twin(runs: dict[str, PastRun]) -> None:
    twins = fleet(runs, ("one", 1), ("two", 1), max_correlation=0.99)
    assert [one.left_out_because is None for one in twins.bots] == [True, False]
    assert twins.bots[1].share == 0.0
    assert str(twins.bots[1].left_out_because).startswith("twin of one, correlation 1.00 above 0.99")


def test_the_same_seed_finds_the_same(runs: dict[str, PastRun], found: FleetPortfolio) -> None:
    assert fleet(runs, ("one", 1), ("two", 3)) == found


def test_what_makes_no_fleet_is_refused(runs: dict[str, PastRun]) -> None:
    with pytest.raises(ConfigError, match="needs a run"):
        fleet(runs)
    with pytest.raises(ConfigError, match="one is named twice"):
        fleet(runs, ("one", 1), ("one", 1))
    with pytest.raises(ConfigError, match="41 runs are too many"):
        fleet(runs, *[("one", k) for k in range(1, 42)])
    with pytest.raises(DataError, match="whole months out of sample"):
        fleet_portfolio([("one", 1)], FleetTerms(clock="month"), runs.__getitem__, 0)
