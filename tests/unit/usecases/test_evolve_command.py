"""The command that starts a run, and what is told of each of its rules."""

import shlex
from dataclasses import fields

import pytest

from genepool.usecases.evolve_command import evolve_command
from genepool.usecases.rule_texts import RULE_TEXTS
from genepool.usecases.run_rules import RunRules


def test_what_is_as_usual_is_left_out() -> None:
    assert evolve_command("btcusd_1h", RunRules()) == "genepool evolve --data btcusd_1h"


def test_what_differs_is_said_by_its_flag() -> None:
    rules = RunRules(population_size=20, fee_bps=7.5, strategies="ema_crossover,rsi_filter", in_sample=0.5)
    assert evolve_command("btcusd_1h", rules, "mine") == (
        "genepool evolve --data btcusd_1h --fee-bps 7.5 --population-size 20 "
        "--strategies ema_crossover,rsi_filter --in-sample 0.5 --name mine"
    )


@pytest.mark.parametrize("data", ["a b", "x; rm -rf y", "$(z)", "it's"])
def test_a_shell_reads_each_word_as_it_was_meant(data: str) -> None:
    assert shlex.split(evolve_command(data, RunRules()))[3:] == [data]


def test_every_rule_is_explained() -> None:
    assert set(RULE_TEXTS) == {field.name for field in fields(RunRules)}
