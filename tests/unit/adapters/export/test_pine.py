"""A Pine script of every seed that Pine can express, and a refusal by name of every other."""

import re
from dataclasses import replace
from importlib.resources import files

import pytest

from genepool.adapters.export.targets.pine import TARGET
from genepool.market.costs import CostModel
from genepool.ports.export_targets import CertifiedTarget
from genepool.strategies import seed_strategies
from tests.fakes.certified import Case, exported, market

PINE = files("genepool.adapters.export.targets").joinpath("templates", "pine")
REFUSED = ("funding_rate_carry", "linear_svc_classifier", "pca_tree_quantile")
EXPRESSED = sorted(set(seed_strategies()) - set(REFUSED))
CALLED = re.compile(r"\bgp[A-Z]\w+(?=\()")
# Where Pine's own words stand, no gene may.
KEYWORDS = {
    "if",
    "for",
    "while",
    "switch",
    "var",
    "type",
    "enum",
    "import",
    "export",
    "method",
    "time",
    "close",
}


def script(strategy: str, variant: str = "plain") -> str:
    return TARGET.files(exported(Case(strategy, variant)))["champion.pine"]


@pytest.mark.parametrize("strategy", EXPRESSED)
def test_a_seed_that_pine_can_express_is_one_script_with_all_genes_as_inputs(strategy: str) -> None:
    champion = exported(Case(strategy, "stop and target"))
    assert TARGET.refusal(champion) is None
    text = script(strategy, "stop and target")
    assert text.startswith("//@version=6\n")
    assert text.count("\nstrategy(") == 1
    for gene in seed_strategies()[strategy].all_genes:
        assert gene.name not in KEYWORDS
        declared = re.search(
            rf'^(\w+) {gene.name} = input\.(\w+)\(([^,]+), "{gene.name}"', text, re.MULTILINE
        )
        assert declared is not None, gene.name
        kind, same, value = declared.groups()
        assert kind == same == ("int" if gene.integer else "float")
        assert float(value) == champion.genes[gene.name]
    assert f"input.int({champion.lookback}," in text


@pytest.mark.parametrize("strategy", EXPRESSED)
def test_every_function_is_written_down_once_and_before_it_is_called(strategy: str) -> None:
    text = script(strategy)
    called = {name: text.index(f"\n{name}(") for name in CALLED.findall(text)}
    for name, defined in called.items():
        assert text.count(f"\n{name}(") == 1
        elsewhere = [match.start() for match in re.finditer(rf"\b{name}\(", text)]
        assert elsewhere[0] == defined + 1, name
        assert len(elsewhere) > 1, f"{name} is not needed"


@pytest.mark.parametrize("strategy", EXPRESSED)
def test_no_wrapped_line_is_indented_as_a_block_would_be(strategy: str) -> None:
    depth = 0
    for line in script(strategy).splitlines():
        code = re.sub(r'"[^"]*"', "", line.split("//")[0])
        if depth:
            assert (len(line) - len(line.lstrip())) % 4, line
        depth += code.count("(") - code.count(")")
    assert depth == 0


@pytest.mark.parametrize(
    ("strategy", "reason"),
    [
        ("funding_rate_carry", "no series of the funding rates"),
        ("linear_svc_classifier", "refits a model"),
        ("pca_tree_quantile", "refits a model"),
    ],
)
def test_what_pine_cannot_express_is_refused_by_name_with_the_reason(strategy: str, reason: str) -> None:
    said = TARGET.refusal(exported(Case(strategy, "plain")))
    assert said is not None
    assert said.startswith(f"{strategy} cannot be written in Pine: ")
    assert reason in said
    assert "export it to" in said


def test_a_strategy_without_a_pine_text_is_refused() -> None:
    unknown = replace(exported(Case("ema_crossover", "plain")), strategy="own@0123456789ab")
    assert TARGET.refusal(unknown) == (
        "own@0123456789ab cannot be written in Pine: GenePool has no Pine text of its rule"
    )


def test_each_pine_text_is_named_as_its_seed() -> None:
    names = sorted(path.name for path in PINE.joinpath("seeds").iterdir())
    assert names == [f"{strategy}.pine" for strategy in EXPRESSED]


def test_the_header_says_where_it_comes_from_what_it_does_and_what_was_found() -> None:
    champion = replace(
        exported(Case("ema_crossover", "long only")),
        run="spring",
        rank=3,
        rules=("Follow two averages.", "It holds long positions only."),
        costs=CostModel(taker_fee=0.0005),
        trials=12_345,
        verdict="probably luck",
        version="9.9",
    )
    text = TARGET.files(champion)["champion.pine"]
    assert text.split("\n//\n// How to read it")[0] == (
        "//@version=6\n"
        f"// ema_crossover {champion.fingerprint}, rank 3 of run spring\n"
        "// bred on BTCUSD 1h by GenePool 9.9\n"
        "//\n"
        "// What it does\n"
        "// Follow two averages.\n"
        "// It holds long positions only.\n"
        "//\n"
        "// Genes: fast 12, slow 26, band 0, direction 1, atr_stop 0, atr_target 0, trend_filter 0,\n"
        "// volatility_target 0\n"
        "// The first decision needs 180 candles before it.\n"
        "// Costs assumed: taker fee 5 bp, maker fee 2 bp, slippage 0 bp, spread 0 bp; at most 1 times the\n"
        "// equity.\n"
        "// Not charged: interest or a risk-free rate on cash, swap of forex held overnight, borrow "
        "of shares\n"
        "// sold short, dividends, rebates of makers, fixed fees per order.\n"
        "//\n"
        "// Trials: 12,345 genomes were tried on this market, by GenePool's ledger.\n"
        "// Verdict: probably luck"
    )
    assert "commission_type = strategy.commission.percent, commission_value = 0.05, slippage = 0," in text
    assert (
        f'strategy("GenePool ema_crossover {champion.fingerprint}", overlay = true, pyramiding = 0,' in text
    )


def test_orders_are_decided_at_the_close_and_filled_at_the_next_open() -> None:
    settings = "calc_on_every_tick = false, calc_on_order_fills = false, process_orders_on_close = false,"
    assert settings in script("rsi_filter")


def test_the_leverage_of_the_costs_limits_the_exposure() -> None:
    champion = replace(exported(Case("rsi_filter", "plain")), costs=CostModel(max_leverage=2.5))
    assert "\nfloat max_leverage = 2.5\n" in TARGET.files(champion)["champion.pine"]


def test_the_proof_is_a_program_and_the_candles_to_the_last_bit() -> None:
    assert isinstance(TARGET, CertifiedTarget)
    case = Case("vwap_reversion", "stop and target")
    candles = market(case, 50)
    proof = TARGET.proof(exported(case), candles)
    assert sorted(proof) == ["candles.csv", "prove.py"]
    compile(proof["prove.py"], "prove.py", "exec")
    assert "SCRIPT = 'champion.pine'" in proof["prove.py"]
    assert "LEVELS = {'atr_stop': 2.0, 'atr_target': 4.0}" in proof["prove.py"]
    rows = proof["candles.csv"].splitlines()[1:]
    assert [float(row.split(",")[4]) for row in rows] == candles.close.tolist()
