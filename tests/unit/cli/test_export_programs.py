"""``genepool export --to`` and ``genepool certify`` on a run, with an interpreter that trades as told."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from genepool.adapters.export.targets import export_targets
from genepool.backtest.detailed import Backtest, backtest
from genepool.bootstrap.stores import open_store
from genepool.cli._app import build
from genepool.errors import ConfigError, GenepoolError, GenomeNotFound, TradedOtherwise
from genepool.genome import Genome
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.ports.proofs import ComparedTrade, Proof
from genepool.settings import load_settings
from genepool.strategies import Strategy
from genepool.usecases import certify_champion
from genepool.usecases.export_target import MANIFEST
from genepool.usecases.trade_parity import our_trades
from tests.fakes.bred_runs import bred_run, record_in

Command = Callable[..., Result]


@pytest.fixture
def genepool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Return the program, at home in an empty folder with one run."""
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GENEPOOL_RESULTS", str(tmp_path / "results"))
    monkeypatch.delenv("GENEPOOL_DATABASE_URL", raising=False)
    store = open_store(load_settings())
    record_in(store, bred_run())
    store.close()
    app, runner = build(), CliRunner()

    def call(*arguments: str) -> Result:
        result = runner.invoke(app, list(arguments))
        if isinstance(result.exception, GenepoolError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result

    yield call
    structlog.reset_defaults()


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> list[ComparedTrade]:
    """Have every proof trade what a backtest trades, and then whatever is in the list."""
    more: list[ComparedTrade] = []
    traded: list[list[ComparedTrade]] = []

    def noted(
        candles: Candles, genome: Genome, costs: CostModel, strategies: Mapping[str, Strategy]
    ) -> Backtest:
        result = backtest(candles, genome, costs, strategies=strategies)
        traded.append(our_trades(result))
        return result

    monkeypatch.setattr(certify_champion, "backtest", noted)
    monkeypatch.setattr(
        "genepool.adapters.export.proving.PythonProver.__call__",
        lambda _self, files: Proof([*traded[-1], *more] if "prove.py" in files else [], {"tool": "1"}),
    )
    return more


def test_without_a_program_nothing_is_other_than_before(genepool: Command, tmp_path: Path) -> None:
    genepool("export", "small", "--out", str(tmp_path / "genome.json"))
    told = json.loads((tmp_path / "genome.json").read_text())
    assert told["schema"] == "genepool/genome/2"
    genepool("export", "small", "--to", "json", "--out", str(tmp_path / "folder"))
    assert json.loads((tmp_path / "folder" / "genome.json").read_text()) == told


@pytest.mark.parametrize("to", list(export_targets()))
def test_an_export_says_which_files_it_wrote(genepool: Command, tmp_path: Path, to: str) -> None:
    folder = tmp_path / "out"
    told = json.loads(
        genepool("export", "small", "--to", to, "--rank", "2", "--out", str(folder), "--json").stdout
    )
    there = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert told["files"] == there
    assert (told["run"], told["rank"], told["target"], told["certified"]) == ("small", 2, to, False)
    assert json.loads((folder / MANIFEST).read_text())["fingerprint"] == told["fingerprint"]


def test_the_files_of_a_program_carry_the_trials_and_the_verdict(genepool: Command, tmp_path: Path) -> None:
    said = genepool("export", "small", "--to", "backtrader", "--out", str(tmp_path / "out")).stdout
    text = (tmp_path / "out" / "champion.py").read_text()
    assert "Trials: " in text
    assert "Verdict: " in text
    assert "certify small --to backtrader --python PYTHON" in said


def test_what_cannot_be_exported_is_one_sentence(genepool: Command, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "out"))
    with pytest.raises(ConfigError, match="no export target 'excel': choose from backtrader, csv, "):
        genepool("export", "small", "--to", "excel", *out)
    with pytest.raises(GenomeNotFound, match="no rank 999"):
        genepool("export", "small", "--to", "json", "--rank", "999", *out)
    with pytest.raises(ConfigError, match="--to and --what are two kinds of export"):
        genepool("export", "small", "--to", "json", "--what", "genome", *out)
    assert not (tmp_path / "out").exists()


def test_a_certificate_stands_in_the_export_and_in_every_later_one(
    genepool: Command, tmp_path: Path, elsewhere: list[ComparedTrade]
) -> None:
    assert elsewhere == []
    call = ("certify", "small", "--to", "backtrader", "--python", sys.executable)
    told = json.loads(genepool(*call, "--json").stdout)
    assert told["trades"] == told["equal"] > 0
    assert (told["different"], told["versions"], sorted(told["samples"])) == (
        0,
        {"tool": "1"},
        ["plain", "shaken"],
    )
    folder = Path(told["folder"])
    assert folder == tmp_path / "results" / "small-backtrader"
    written = json.loads((folder / "certificate.json").read_text())
    assert written["digest"] == told["digest"]
    assert "trades are the same in backtrader" in (folder / "certificate.md").read_text()
    later = tmp_path / "later"
    assert (
        "with its certificate"
        in genepool("export", "small", "--to", "backtrader", "--out", str(later)).stdout
    )
    assert (later / "certificate.json").read_text() == (folder / "certificate.json").read_text()
    genepool(*call)


def test_a_trade_that_differs_ends_in_exit_code_5_and_is_named(
    genepool: Command, tmp_path: Path, elsewhere: list[ComparedTrade]
) -> None:
    elsewhere.append(ComparedTrade(0, 1, "long", 1.0, 1.0))
    out = tmp_path / "out"
    with pytest.raises(TradedOtherwise, match=r"2 of [0-9]+ trades differ in backtrader\.") as ended:
        genepool("certify", "small", "--to", "backtrader", "--python", sys.executable, "--out", str(out))
    assert ended.value.exit_code == 5
    assert "| 1970-01-01T00:00:00Z | surplus |  | long |" in (out / "certificate.md").read_text()


def test_what_cannot_be_certified_is_one_sentence(genepool: Command) -> None:
    with pytest.raises(ConfigError, match="name what runs backtrader: --python PATH"):
        genepool("certify", "small", "--to", "backtrader")
    with pytest.raises(ConfigError, match="or --image for the image"):
        genepool("certify", "small", "--to", "backtrader", "--python", "x", "--image")
    with pytest.raises(ConfigError, match="csv trades nothing, so there is nothing to certify"):
        genepool("certify", "small", "--to", "csv", "--python", "x")
    with pytest.raises(ConfigError, match="lacks backtrader: install it there"):
        genepool("certify", "small", "--to", "backtrader", "--python", sys.executable)
