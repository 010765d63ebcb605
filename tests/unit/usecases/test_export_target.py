"""A genome as the files of a program: what they say of it, and what is refused."""

from dataclasses import replace

import pytest

from genepool.adapters.export.targets import export_targets
from genepool.errors import ConfigError
from genepool.strategies import seed_strategies
from genepool.usecases.certify_champion import proof_candles
from genepool.usecases.export_target import files_of, program_digest, refusal_of
from genepool.usecases.exported_champion import exported_champion, rules_in_words
from genepool.usecases.past_run import PastRun
from tests.fakes.bred_runs import bred_run, record_in
from tests.fakes.candle_sources import NamedCandles, WholeHistory
from tests.fakes.certified import Case, exported
from tests.fakes.markets import random_market

RUN = bred_run()
CASE = Case("ema_crossover", "stop and target")
BACKTRADER = export_targets()["backtrader"]


def past(candles: bool = True) -> PastRun:
    history = WholeHistory()
    record_in(history, RUN)
    there = {RUN.plan.spec.data: RUN.plan.candles} if candles else {"btcusd_1h": random_market(1, 500)}
    return PastRun(history.summaries()[0], history, NamedCandles(there))


def test_a_champion_carries_its_rules_its_trials_and_the_verdict_on_its_run() -> None:
    champion = exported_champion(past())
    first = RUN.judged.board[0].genome
    assert (champion.fingerprint, champion.genes) == (first.fingerprint, first.values)
    assert champion.trials == len(RUN.newborn)
    assert champion.verdict == past().climbed(RUN.judged)[0].sentence
    assert champion.lookback == seed_strategies()[first.strategy].total_lookback(first.values)


def test_of_another_rank_the_verdict_says_whose_it_is() -> None:
    assert exported_champion(past(), 2).verdict.startswith("of the champion of run small, not of rank 2: ")


def test_without_its_candles_a_genome_is_exported_and_says_that_nobody_judged_it() -> None:
    assert exported_champion(past(candles=False)).verdict.startswith("not judged here: there is no data set")


def test_rules_are_sentences_and_name_the_risk_genes_that_are_on() -> None:
    strategy = seed_strategies()["ema_crossover"]
    off = rules_in_words(strategy, strategy.genome().values)
    on = rules_in_words(strategy, strategy.genome({"atr_stop": 2.5, "direction": -1.0}).values)
    assert all(line.endswith(".") for line in on)
    assert "A stop lies 2.5 average true ranges from the price of the entry." in on
    assert "It holds short positions only." in on
    assert not any("stop" in line.lower() for line in off)


def test_a_strategy_of_a_users_own_is_refused_by_programs_and_taken_as_a_document() -> None:
    own = replace(exported_champion(past(), judged=False), strategy="mine@0123456789abcdef")
    reason = refusal_of(BACKTRADER, own)
    assert reason is not None
    assert "a strategy of your own" in reason
    assert refusal_of(export_targets()["json"], own) is None
    with pytest.raises(ConfigError, match="rank 1 of run small cannot be exported to backtrader: mine@"):
        files_of(own, BACKTRADER)


def test_the_digest_of_a_program_is_of_what_it_does_and_not_of_what_it_says() -> None:
    one = exported(CASE)
    digest = program_digest(BACKTRADER.files(one))
    assert program_digest(BACKTRADER.files(replace(one, verdict="another", trials=2))) == digest
    assert program_digest(BACKTRADER.files(replace(one, genes={**one.genes, "fast": 13}))) != digest
    assert (
        program_digest({"a": "x\n# y\n"}) == program_digest({"a": "x\n# z\n"}) != program_digest({"b": "x\n"})
    )


def test_a_proof_is_made_on_the_runs_visible_candles_or_else_on_a_shipped_sample() -> None:
    champion = exported_champion(past(), judged=False)
    candles, told = proof_candles(past(), champion, "btcusd_1h")
    assert candles is not None
    assert len(candles) == len(RUN.plan.problem.candles) < len(RUN.plan.candles)
    assert "SYNTHETIC-REGIMES" in told
    candles, told = proof_candles(past(candles=False), champion, "btcusd_1h")
    assert len(candles) == 500
    assert "the shipped btcusd_1h, since those of the run are away" in told
