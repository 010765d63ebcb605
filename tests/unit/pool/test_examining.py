"""Checks of one genome: all that they ask for is done first, and what is of no use is not asked for."""

from dataclasses import replace

import pytest
from typing_extensions import override

from genepool.errors import ConfigError
from genepool.pool.examining import examined, subject_of
from genepool.pool.variants import Variants
from genepool.robustness.checks import CheckOutcome, Variant, VariantResult, robustness_checks
from genepool.strategies import seed_strategies
from tests.fakes.examined import PROBLEM, VARIANTS, champion, individuals, tried


class CountedVariants(Variants):
    """Counts what it is asked for."""

    asked = 0

    @override
    def __call__(self, variant: Variant) -> VariantResult | None:
        self.asked += 1
        return super().__call__(variant)


def refused(_: object) -> object:
    raise AssertionError("nothing is to be evaluated")


def test_trials_are_counted_when_all_genomes_were_evaluated() -> None:
    steps = list[str]()

    def carry_out(_: object) -> object:
        steps.append("evaluated")
        return None

    def trials() -> int:
        steps.append("counted")
        return 1_234

    checks = [robustness_checks()[name] for name in ("deflated_sharpe", "neighbourhood")]
    found = examined(checks, champion(), VARIANTS, carry_out, trials)
    assert steps == ["evaluated", "counted"]
    assert list(found) == ["deflated_sharpe", "neighbourhood"]
    assert "1,234 trials" in found["deflated_sharpe"][1].sentence


def test_nothing_is_traded_for_a_check_that_says_nothing_of_the_genome() -> None:
    variants = CountedVariants(PROBLEM)
    checks = [robustness_checks()[name] for name in ("random_entries", "cost_stress")]
    found = examined(checks, replace(champion(), bets=2.0), variants, refused, lambda: 1)
    assert variants.asked == 0
    assert {one.outcome for _, one in found.values()} == {CheckOutcome.NOT_APPLICABLE}


def test_a_genome_that_today_s_rules_cannot_trade_is_refused_with_a_remedy() -> None:
    unfunded = replace(PROBLEM, candles=replace(PROBLEM.candles, funding=None))
    genome = seed_strategies()["funding_rate_carry"].genome()
    one = individuals()[0]
    carry = replace(one, candidate=replace(one.candidate, genome=genome))
    with pytest.raises(ConfigError, match="cannot be checked: evolve its market anew"):
        subject_of(unfunded, carry, [carry], tried, Variants(unfunded), 1)
