"""Every export target: its files say what the genome is, and are programs whatever names hold."""

import ast
import csv
import json
from dataclasses import replace
from io import StringIO

import pytest

from genepool.adapters.export.targets import export_targets
from genepool.adapters.export.targets._texts import commented
from genepool.backtest.phases import phase_backtests
from genepool.ports.export_targets import CertifiedTarget, ChampionRecord, ExportedChampion
from tests.fakes.bred_runs import bred_run
from tests.fakes.certified import ALL_CASES, Case, exported, market

TARGETS = export_targets()
CERTIFIED = [name for name, target in TARGETS.items() if isinstance(target, CertifiedTarget)]
CASE = Case("ema_crossover", "stop and target")
AWKWARD = 'x"""\n\'\\ {{ boom }} */ é'


def recorded() -> ExportedChampion:
    problem, genome = bred_run().plan.problem, bred_run().judged.board[0].genome
    record = ChampionRecord(
        {"schema": "any"}, lambda: phase_backtests(problem, genome), lambda: phase_backtests(problem, None)
    )
    return replace(exported(CASE), record=record)


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_goes_by_the_name_of_its_file_and_gives_equal_texts(name: str) -> None:
    target, champion = TARGETS[name], recorded()
    assert target.name == name
    assert target.summary
    assert target.refusal(champion) is None
    assert target.files(champion) == target.files(champion) != {}


@pytest.mark.parametrize("name", CERTIFIED)
def test_a_program_says_what_it_does_what_was_assumed_and_the_verdict(name: str) -> None:
    champion = exported(CASE)
    text = "\n".join(TARGETS[name].files(champion).values())
    for said in (champion.fingerprint, "Trials: 1 ", "taker fee 10 bp", champion.verdict, "atr_stop"):
        assert said in text


@pytest.mark.parametrize("name", CERTIFIED)
def test_no_name_breaks_out_of_a_program(name: str) -> None:
    champion = replace(recorded(), run=AWKWARD, symbol=AWKWARD, verdict=AWKWARD, rules=(AWKWARD,))
    target = TARGETS[name]
    assert isinstance(target, CertifiedTarget)
    files = {**target.files(champion), **target.proof(champion, market(CASE, 20))}
    assert "prove.py" in files
    for path, text in files.items():
        if path.endswith(".py"):
            ast.parse(text, path)


@pytest.mark.parametrize("name", CERTIFIED)
def test_a_seed_is_taken_or_refused_in_one_sentence(name: str) -> None:
    for case in ALL_CASES:
        reason = TARGETS[name].refusal(exported(case))
        assert reason is None or (reason and "\n" not in reason)


def test_backtrader_takes_every_seed_with_its_genes_as_parameters() -> None:
    for case in ALL_CASES:
        assert TARGETS["backtrader"].refusal(exported(case)) is None
    text = TARGETS["backtrader"].files(exported(CASE))["champion.py"]
    assert "        fast=12,\n" in text
    assert "        atr_stop=2.0,\n" in text
    assert "        commission=0.001,\n" in text


def test_the_proof_of_backtrader_has_every_bit_of_the_candles() -> None:
    target, candles = TARGETS["backtrader"], market(Case("funding_rate_carry", "plain"), 50)
    assert isinstance(target, CertifiedTarget)
    files = target.proof(exported(CASE), candles)
    rows = list(csv.DictReader(StringIO(files["candles.csv"])))
    assert [float(row["open"]) for row in rows] == candles.open.tolist()
    assert candles.funding is not None
    rates = list(csv.DictReader(StringIO(files["funding.csv"])))
    assert [float(row["rate"]) for row in rates] == candles.funding.tolist()
    assert rates[0]["time"] == rows[0]["time"]


def test_quantstats_gets_the_folds_joined_and_nothing_that_was_bred_on() -> None:
    champion = recorded()
    files = TARGETS["quantstats"].files(champion)
    ast.parse(files["report.py"])
    rows = list(csv.DictReader(StringIO(files["equity.csv"])))
    folds = phase_backtests(bred_run().plan.problem, bred_run().judged.board[0].genome)[1:]
    assert len(rows) == sum(len(result.stamps) for _, result in folds)
    joined = 1.0
    for _, result in folds:
        joined *= float(result.equity[-1])
    assert float(rows[-1]["equity"]) == pytest.approx(joined, rel=1e-12)


def test_csv_and_json_say_what_the_files_of_a_run_say() -> None:
    champion = recorded()
    assert json.loads(TARGETS["json"].files(champion)["genome.json"]) == {"schema": "any"}
    tables = TARGETS["csv"].files(champion)
    assert sorted(tables) == ["equity.csv", "fills.csv", "trades.csv"]
    assert tables["trades.csv"].startswith("phase,entry_time,exit_time,side,")


@pytest.mark.parametrize("name", ["csv", "json", "quantstats"])
def test_what_is_read_off_a_run_refuses_a_genome_of_none(name: str) -> None:
    assert "no recorded run" in str(TARGETS[name].refusal(exported(CASE)))


def test_a_comment_holds_no_line_that_is_none() -> None:
    text = commented(["one\u2028two\r\nthree", "", "word " * 60])
    assert all(line.startswith("#") for line in text.splitlines())
    assert max(map(len, text.splitlines())) <= 100
    assert "one two three" in text
