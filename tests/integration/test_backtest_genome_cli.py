"""A genome is priced by the rules of its own file, and every difference from them is named."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from genepool.adapters.export.genome import write_genome
from genepool.adapters.files.catalogue import find_candles, find_data
from genepool.backtest.evaluation import Scored
from genepool.backtest.scorer import Scorer
from genepool.cli.backtest import register
from genepool.errors import ConfigError, DataError, GenepoolError
from genepool.evolution.population import Candidate, Individual
from genepool.history import RunSummary
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.pool.judging import constant_positions
from genepool.pool.planning import Plan, plan
from genepool.reading.bundles import words_of
from genepool.reading.flags import FileFlags
from genepool.reading.options import file_options
from genepool.usecases.genome_document import genome_document
from tests.fakes.bred_runs import a_request

CASES = Path(__file__).parents[1] / "data/cases"
CHAMPION = CASES / "eur_champion.json"
RIGHT = json.loads(CHAMPION.read_text())
SHIPPED = ("btcusd_1h", "eurusd_1h")
GENERATED = "synthetic:regimes:seed=5,candles=2600"
OTHER_RULES = (
    "strategy version: stochastic_oscillator has version 1 here, the file 99: its rules may be others"
)
SEEDS = ("donchian_breakout", "ema_crossover", "linear_svc_classifier", "volatility_scaling")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path / "home"))


def invoke(*flags: str) -> Result:
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, flags)


def document(*flags: str) -> dict[str, Any]:
    result = invoke(*flags, "--json")
    assert result.exit_code == 0, (result.output, result.exception)
    parsed: dict[str, Any] = json.loads(result.stdout)
    return parsed


def refusal(*flags: str) -> GenepoolError:
    error = invoke(*flags).exception
    assert isinstance(error, GenepoolError), error
    return error


def measures(answer: dict[str, Any], like: dict[str, float]) -> dict[str, float]:
    return {name: float(answer[name]) for name in like}


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., str]:
    """Write the champion's file with some members changed, and return its path."""

    def write(**members: object) -> str:
        file = tmp_path / "changed.json"
        file.write_text(json.dumps({**RIGHT, **members}), encoding="utf-8")
        return str(file)

    return write


def scored_plan(
    data: str,
    flags: FileFlags | None = None,
    **asked: Any,  # noqa: ANN401 - of a request
) -> tuple[Plan, list[Individual]]:
    """Return a planned run and what some of its genomes score, exactly as a run evaluates them."""
    said = flags or FileFlags()
    request = replace(
        a_request("told", 1, 4, data), **{"strategies": SEEDS, "reading": words_of(said), **asked}
    )
    planned = plan(find_data(data, Path("none"), file_options(said)).candles, request)
    genomes = [strategy.genome() for strategy in planned.strategies.values()]
    evaluations = Scorer(planned.problem).evaluate(genomes)
    born = [
        Individual(Candidate(genome, "initial"), evaluation, 0)
        for genome, evaluation in zip(genomes, evaluations, strict=True)
    ]
    return planned, born


def exported(path: Path, planned: Plan, individual: Individual) -> str:
    summary = RunSummary(planned.spec, "finished", 1, 4, None, None, "2026-01-01T00:00:00+00:00")
    write_genome(path, genome_document(1, individual, summary))
    return str(path)


def written(path: Path, market: Candles) -> str:
    """Write candles as CSV, bit for bit, and return the path."""
    columns = market.stamps, market.open, market.high, market.low, market.close
    rows = zip(*(column.tolist() for column in columns), strict=True)
    lines = ["time,open,high,low,close", *(",".join(map(repr, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def score_of(individual: Individual) -> Scored:
    assert individual.evaluation.scored is not None
    return individual.evaluation.scored


class TestTheFilesOwnRules:
    def test_eur_champion_json_is_priced_by_its_own_costs(self) -> None:
        answer = document("--data", "eurusd_1h", "--stop", "2988", "--genome", str(CHAMPION))
        assert answer["total_return"] == 0.018466788916738475
        assert answer["costs"] == RIGHT["costs"]
        assert answer["differences"] == []

    def test_eur_champion_json_is_annualised_as_evolve_did(self) -> None:
        costs = ("--fee-bps", "0", "--maker-fee-bps", "0", "--spread-bps", "1")
        answer = document("--data", "eurusd_1h", "--stop", "2988", "--genome", str(CHAMPION), *costs)
        assert answer["sharpe"] == 2.146932706336449
        assert measures(answer, RIGHT["in_sample"]) == RIGHT["in_sample"]

    @pytest.mark.parametrize("span", ["in-sample", "walk-forward"])
    def test_a_span_of_an_older_file_comes_back_bit_for_bit(self, span: str) -> None:
        then = RIGHT[span.replace("-", "_")]
        assert measures(document("--genome", str(CHAMPION), "--spans", span), then) == then

    @pytest.mark.parametrize("data", [*SHIPPED, GENERATED])
    def test_what_a_run_scores_comes_back_bit_for_bit(self, data: str, tmp_path: Path) -> None:
        costs = CostModel(taker_fee=3e-4, slippage_atr_share=0.05, spread=2e-4, max_leverage=2)
        planned, born = scored_plan(data, costs=costs, candles=2_600)
        hold, _ = constant_positions(planned.problem)
        in_sample, walked = asdict(hold.in_sample), asdict(hold.walk_forward)
        for k, individual in enumerate(born):
            file, scored = exported(tmp_path / f"{k}.json", planned, individual), score_of(individual)
            first = document("--genome", file, "--spans", "in-sample")
            joined = document("--genome", file, "--spans", "walk-forward")
            assert measures(first, in_sample) == asdict(scored.in_sample)
            assert measures(joined, walked) == asdict(scored.walk_forward)
            assert measures(first["buy_and_hold"], in_sample) == in_sample
            assert measures(joined["buy_and_hold"], walked) == walked
            assert first["differences"] == joined["differences"] == []

    def test_without_flags_the_visible_candles_are_traded_and_no_sealed_one(self) -> None:
        answer = document("--genome", str(CHAMPION))
        assert (answer["spans"], answer["ranges"]) == ("visible", [[0, 4980]])
        assert answer["candles"] == 4_980
        assert "--start 4980 trades them" in answer["remarks"][0]
        assert document("--genome", str(CHAMPION), "--start", "4980")["candles"] == 1_245

    def test_the_file_says_which_of_the_newest_candles_are_meant(self) -> None:
        answer = document("--genome", str(CASES / "genome_gene_missing.json"), "--spans", "in-sample")
        assert answer["start"] == "2019-06-14T10:00:00Z"
        assert answer["total_return"] == 0.012401615486090645

    def test_people_are_told_all_of_it(self) -> None:
        shown = invoke("--genome", str(CHAMPION), "--spans", "walk-forward", "--spread-bps", "2").stdout
        for words in (
            "digest f64f6b78b2558213",
            "the run's own",
            "walk-forward: candles 3,012 to 3,461, 3,510 to 3,959",
            "spread 2 bps; leverage up to 1",
            "by 6,279.3 candles a year (as its run was)",
            "stochastic_oscillator 1",
            "spread: 0.0002 by --spread-bps, the file says 0.0001",
        ):
            assert words in shown

    def test_a_fold_is_flat_at_its_start_and_continues_with_the_equity(self, tmp_path: Path) -> None:
        equity, trades = tmp_path / "equity.csv", tmp_path / "trades.csv"
        flags = ("--genome", str(CHAMPION), "--spans", "walk-forward")
        answer = document(*flags, "--equity", str(equity), "--trades", str(trades))
        assert len(equity.read_text().splitlines()) == answer["candles"] + 1 == 1_825
        last = float(equity.read_text().splitlines()[-1].split(",")[1])
        assert last - 1 == answer["total_return"]
        assert len(trades.read_text().splitlines()) == answer["trades"] + 1 == 21


class TestDifferences:
    def test_genome_v99_json_names_version_and_genes_off_the_grid(self) -> None:
        said = document("--data", "btcusd_1h", "--genome", str(CASES / "genome_v99.json"))["differences"]
        assert said == [
            "gene period: 12 is traded, the file's 12.4 is no permitted value",
            "gene oversold: 20 is traded, the file's 20.4 is no permitted value",
            OTHER_RULES,
        ]

    def test_genome_gene_missing_json_names_the_gene(self) -> None:
        said = document("--data", "btcusd_1h", "--genome", str(CASES / "genome_gene_missing.json"))
        assert said["differences"] == ["gene exit: 80 is traded, the file lacks it, its default is 80"]

    def test_other_candles_are_named_and_annualised_by_themselves(self) -> None:
        answer = document("--data", "btcusd_1h", "--genome", str(CHAMPION))
        assert answer["same_data_as_file"] is False
        assert answer["spans"] == "chosen"
        assert answer["costs"] == RIGHT["costs"]
        assert answer["candles_per_year"] == find_candles("btcusd_1h", Path()).candles_per_year
        assert "the file's are EURUSD 1h, 6,225 with digest f64f6b78b2558213" in answer["differences"][0]

    def test_a_span_of_other_candles_is_counted_by_the_files_rule_and_said(self) -> None:
        answer = document("--data", "btcusd_1h", "--genome", str(CHAMPION), "--spans", "in-sample")
        assert "counted over these candles and not over its own" in answer["remarks"][0]
        assert answer["candles"] == 9_653

    def test_fewer_of_the_same_candles_are_other_candles(self) -> None:
        answer = document("--genome", str(CHAMPION), "--candles", "6224")
        assert answer["same_data_as_file"] is False
        assert "EURUSD 1h, 6,224 candles" in answer["differences"][0]

    def test_one_changed_price_is_another_data_set(self, tmp_path: Path) -> None:
        market = find_candles("eurusd_1h", Path()).slice(0, 2_600)
        close = market.close.copy()
        close[17] = (market.high[17] + market.low[17]) / 2
        assert close[17] != market.close[17]
        planned, born = scored_plan(written(tmp_path / "then.csv", market), strategies=("ema_crossover",))
        file = exported(tmp_path / "genome.json", planned, born[0])
        now = written(tmp_path / "now.csv", replace(market, close=close))
        assert document("--genome", file)["differences"] == []
        assert document("--data", now, "--genome", file)["differences"][0].startswith("data: ")

    def test_the_same_candles_under_another_name_are_the_runs_own(self, tmp_path: Path) -> None:
        market = find_candles("eurusd_1h", Path()).slice(0, 2_600)
        planned, born = scored_plan(written(tmp_path / "then.csv", market), strategies=("ema_crossover",))
        file = exported(tmp_path / "genome.json", planned, born[0])
        again = written(tmp_path / "another.csv", market)
        answer = document("--data", again, "--symbol", "OTHER", "--genome", file)
        assert (answer["same_data_as_file"], answer["symbol"]) == (True, planned.spec.symbol)

    def test_a_history_that_was_continued_still_holds_the_runs_candles(self, tmp_path: Path) -> None:
        market = find_candles("eurusd_1h", Path())
        planned, born = scored_plan(
            written(tmp_path / "then.csv", market.slice(0, 3_000)), candles=2_600, strategies=("rsi_filter",)
        )
        file = exported(tmp_path / "genome.json", planned, born[0])
        now = written(tmp_path / "now.csv", market.slice(0, 3_010))
        answer = document("--data", now, "--genome", file, "--spans", "walk-forward")
        then = asdict(score_of(born[0]).walk_forward)
        assert measures(answer, then) == then
        assert (answer["same_data_as_file"], answer["differences"]) == (True, [])
        assert answer["remarks"][-1].startswith("the data set has 10 more candles after the run's: ")
        flags = answer["remarks"][-1].split(": ")[1].removesuffix(" trades them").split(" ")
        assert document("--data", now, "--genome", file, *flags)["candles"] == 10

    def test_a_file_that_was_moved_is_read_as_then(self, tmp_path: Path) -> None:
        """Its prices are whole points; a flag that is typed goes before what the genome's file says."""
        market = find_candles("eurusd_1h", Path()).slice(0, 2_600)
        points = replace(
            market, **{name: getattr(market, name) * 1_000 for name in ("open", "high", "low", "close")}
        )
        flags = FileFlags(symbol="EUR", price_scale=1000.0)
        planned, born = scored_plan(written(tmp_path / "then.csv", points), flags, strategies=("rsi_filter",))
        file = exported(tmp_path / "genome.json", planned, born[0])
        (tmp_path / "moved").mkdir()
        moved = str((tmp_path / "then.csv").rename(tmp_path / "moved" / "then.csv"))
        assert document("--data", moved, "--genome", file)["differences"] == []
        assert document("--data", moved, "--market", "forex", "--genome", file)["same_data_as_file"] is True
        told = str(refusal("--genome", file))
        assert told.endswith("then.csv: say with --data where its candles are now")
        renamed = str((tmp_path / "moved" / "then.csv").rename(tmp_path / "renamed.csv"))
        said = document("--data", renamed, "--genome", file)["differences"][0]
        assert said.endswith("then.csv, read with --symbol EUR --price-scale 1000.0")

    def test_another_version_of_genepool_is_named(self, changed: Callable[..., str]) -> None:
        run = {**RIGHT["run"], "version": "0.0.9"}
        said = document("--genome", changed(run=run))["differences"]
        assert len(said) == 1
        assert "the file was made by 0.0.9" in said[0]

    def test_other_rules_of_scoring_are_named(self, changed: Callable[..., str]) -> None:
        said = document("--genome", changed(problem_digest="0" * 16))["differences"]
        assert len(said) == 1
        assert "scores by other rules" in said[0]

    def test_genes_changed_by_hand_no_longer_have_the_fingerprint(self, changed: Callable[..., str]) -> None:
        said = document("--genome", changed(genes={**RIGHT["genes"], "period": 10}))["differences"]
        assert len(said) == 1
        assert "the file says 0b8bea8dfc26d019" in said[0]

    def test_a_typed_gene_beside_the_file_is_named(self) -> None:
        said = document("--genome", str(CHAMPION), "--gene", "period=10")["differences"]
        assert said == ["gene period: 10 is traded, by --gene, the file says 9"]

    def test_a_cost_that_the_file_lacks_is_named(self, changed: Callable[..., str]) -> None:
        costs = {name: value for name, value in RIGHT["costs"].items() if name != "slippage"}
        said = document("--genome", changed(costs=costs))["differences"]
        assert said == ["slippage: the file lacks it, its default is taken"]

    def test_the_flag_that_decides_a_cost_is_named(self, changed: Callable[..., str]) -> None:
        """A kind of market has costs, and no leverage."""
        file = changed(costs={**RIGHT["costs"], "maker_fee": 4e-4, "max_leverage": 3.0})
        answer = document("--genome", file, "--market", "crypto", "--slippage-bps", "2")
        assert answer["differences"][0] == "taker_fee: 0.0005 by --market crypto, the file says 0"
        assert "slippage: 0.0002 by --slippage-bps, the file says 0" in answer["differences"]
        assert answer["costs"]["max_leverage"] == 3.0
        alone = document("--genome", file, "--fee-bps", "1")["differences"]
        assert "maker_fee: 0.0001 by --fee-bps, the file says 0.0004" in alone

    @pytest.mark.parametrize(
        ("members", "sentence"),
        [
            ({"costs": None}, "costs: the file has none, the defaults are taken where no flag names one"),
            ({"split": None}, "split: the file has none, so no candle is held back"),
            (
                {"candles_per_year": 1e5},
                "candles a year: 6257.14 by the rules of genepool 0.1.0, 100000 are taken",
            ),
            (
                {"spans": {"visible": [0, 4980], "in_sample": [0, 10], "walk_forward": []}},
                "spans.in_sample: [0, 2988] by the file's split is taken, the file says [0, 10]",
            ),
            (
                {"costs": {**RIGHT["costs"], "spread": 5e-4}, "problem_digest": "b4b4b4b4b4b4b4b4"},
                "scoring: costs, split or objective of the file were changed after its export",
            ),
        ],
    )
    def test_a_file_changed_by_hand_is_never_taken_without_a_word(
        self, members: dict[str, Any], sentence: str, changed: Callable[..., str]
    ) -> None:
        assert sentence in " ".join(document("--genome", changed(**members))["differences"])

    def test_a_strategy_that_nobody_knows_names_the_file(self, changed: Callable[..., str]) -> None:
        told = str(refusal("--genome", changed(strategy="foo")))
        assert "changed.json: there is no strategy 'foo'" in told
        assert told.endswith("or update genepool")

    def test_all_of_it_goes_to_standard_error_beside_json(self) -> None:
        told = invoke("--genome", str(CASES / "genome_gene_missing.json"), "--json")
        assert "the file lacks it" in told.stderr


class TestFlagsThatContradict:
    @pytest.mark.parametrize(
        ("flags", "sentence"),
        [
            ((), "say who trades"),
            (("--strategy", "ema_crossover"), "say on which candles: give --data"),
            (
                ("--genome", str(CHAMPION), "--spans", "in-sample", "--start", "5"),
                "--spans in-sample and --start both say which candles are traded",
            ),
            (
                ("--data", GENERATED, "--strategy", "ema_crossover", "--spans", "visible"),
                "--spans visible needs --genome",
            ),
            (
                ("--genome", str(CHAMPION), "--strategy", "ema_crossover"),
                "leave --strategy ema_crossover out",
            ),
        ],
    )
    def test_are_refused(self, flags: tuple[str, ...], sentence: str) -> None:
        error = refusal(*flags)
        assert isinstance(error, ConfigError)
        assert sentence in str(error)

    def test_so_are_more_candles_than_there_are(self) -> None:
        error = refusal("--data", GENERATED, "--strategy", "ema_crossover", "--candles", "2601")
        assert isinstance(error, DataError)
        assert "has 2600 candles, not 2601" in str(error)

    def test_a_file_written_by_hand_says_nothing_of_its_candles(self, tmp_path: Path) -> None:
        file = tmp_path / "hand.json"
        genome = {"schema": "genepool/genome/1", "strategy": "ema_crossover", "genes": {"fast": 12}}
        file.write_text(json.dumps(genome), encoding="utf-8")
        assert "give --data" in str(refusal("--genome", str(file)))
        assert document("--genome", str(file), "--data", GENERATED)["candles"] == 2_600


class TestGenesThatAUserTypes:
    @pytest.mark.parametrize(
        ("strategy", "genes", "sentence"),
        [
            ("sma_trend_filter", ("period=12",), "the nearest are 10 and 15 (10 to 600 in steps of 5)"),
            ("sma_trend_filter", ("band=0.001",), "the nearest are 0 and 0.0025"),
            (
                "ema_crossover",
                ("fast=50", "slow=20"),
                "crossover: it would trade fast=20 slow=50, so give these",
            ),
            (
                "ema_crossover",
                ("fast=40",),
                "slow=26 where --gene says nothing: it would trade fast=26 slow=40",
            ),
            (
                "ema_crossover",
                ("slow=10",),
                "fast=12 where --gene says nothing: it would trade fast=10 slow=12",
            ),
            ("ema_crossover", ("fast=12.5",), "the nearest are 12 and 13"),
            ("ema_crossover", ("fast=20", "slow=20"), "would trade slow=21"),
            ("ema_crossover", ("fast=12", "fast=13"), "--gene fast is given twice"),
            ("ema_crossover", ("fast=nan",), "fast=nan is outside 2 to 60"),
            ("ema_crossover", ("fast=61",), "fast=61 is outside 2 to 60"),
        ],
    )
    def test_are_traded_as_typed_or_refused(
        self, strategy: str, genes: tuple[str, ...], sentence: str
    ) -> None:
        typed = [word for gene in genes for word in ("--gene", gene)]
        error = refusal("--data", GENERATED, "--strategy", strategy, *typed)
        assert isinstance(error, ConfigError)
        assert sentence in str(error)

    def test_a_decimal_fraction_is_its_own_neighbour(self) -> None:
        answer = document("--data", GENERATED, "--strategy", "ema_crossover", "--gene", "band=0.003")
        assert answer["genes"]["band"] == 0.003

    def test_a_default_that_gives_way_to_them_is_named(self) -> None:
        answer = document("--data", GENERATED, "--strategy", "ema_crossover", "--gene", "fast=26")
        assert (answer["genes"]["fast"], answer["genes"]["slow"]) == (26, 27)
        assert answer["differences"] == [
            "gene slow: 27 is traded, its default 26 does not go with the others"
        ]
