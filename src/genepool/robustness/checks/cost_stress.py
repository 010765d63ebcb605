"""Whether a genome still earns when trading costs twice as much."""

from collections.abc import Sequence
from dataclasses import replace

from genepool.backtest.notation import change, ratio
from genepool.market.costs import CostModel
from genepool.robustness.checks._base import Check, CheckFinding, judged, not_applicable
from genepool.robustness.checks._subject import Answers, Subject, Variant

_FACTOR = 2.0
# A fee of 100 % and more is none that a cost model takes.
_DEAREST = 0.99


def dearer(costs: CostModel) -> CostModel:
    """Return costs of which everything that is paid at a fill is doubled."""

    def doubled(cost: float) -> float:
        return max(cost, min(_FACTOR * cost, _DEAREST))

    return replace(
        costs,
        taker_fee=doubled(costs.taker_fee),
        maker_fee=doubled(costs.maker_fee),
        slippage=doubled(costs.slippage),
        slippage_atr_share=doubled(costs.slippage_atr_share),
        spread=doubled(costs.spread),
    )


def _variants(subject: Subject) -> Sequence[Variant]:
    return [Variant(subject.genome, costs=dearer(subject.problem.costs))]


def _judge(subject: Subject, answers: Answers) -> CheckFinding:
    if answers.first is None:
        return not_applicable("At doubled costs its result is not a number.")
    found = answers.first.measures
    return judged(
        found.sharpe,
        0.0,
        f"At doubled fees, slippage and spread its walk-forward Sharpe is {ratio(found.sharpe)} "
        f"({change(found.total_return)}) instead of {ratio(subject.measures.sharpe)}.",
        passed=found.sharpe > 0.0,
    )


CHECK = Check(
    name="cost_stress",
    title="Doubled costs",
    question="Does it still earn inside the folds when fees, slippage and spread are doubled?",
    source="common practice; no paper fixes the factor",
    formula="annual walk-forward Sharpe ratio, traded again with taker fee, maker fee, slippage, slippage "
    "in average true ranges and spread times 2; funding is left as it is",
    passes="when it is above 0",
    blind="Market impact that grows with the size of an order, and fills that are missed altogether.",
    judge=_judge,
    variants=_variants,
    of_a_year=True,
)
