"""What other programs read: it must read back as what was meant, and do nothing else."""

import csv
import json
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from genepool.adapters.export.csv_table import cell_text, write_csv
from genepool.adapters.export.curves import write_equity, write_fills, write_trades
from genepool.adapters.export.genome import write_genome
from genepool.adapters.export.trials import write_trials
from genepool.adapters.export.whole_file import whole_file
from genepool.backtest.phases import phase_backtests
from genepool.errors import ConfigError
from genepool.market.moments import timestamp
from genepool.strategies import seed_strategies
from genepool.usecases.genome_document import SCHEMA, genome_document
from tests.fakes.bred_runs import bred_run, failed_run

_SCHEMA = "schemas/genome-2.schema.json"
_TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
}


def genome_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    text = files("genepool.adapters.export").joinpath(_SCHEMA).read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def faults(value: object, schema: Mapping[str, Any], whole: Mapping[str, Any], where: str = "$") -> list[str]:
    """Return where a document breaks the parts of JSON Schema that ours uses."""
    if "$ref" in schema:
        return faults(value, whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole, where)
    if "const" in schema:
        return [] if value == schema["const"] else [f"{where}: not {schema['const']}"]
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{where}: {value} is none of {schema['enum']}"]
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_is(value, name) for name in names):
        return [f"{where}: {value!r} is no {names}"]
    found = _limits(value, schema, where)
    if isinstance(value, list):
        for place, each in enumerate(value):
            found += faults(each, schema["items"], whole, f"{where}[{place}]")
    if isinstance(value, dict):
        found += _members(value, schema, whole, where)
    return found


def _limits(value: object, schema: Mapping[str, Any], where: str) -> list[str]:
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        return [f"{where}: {value} does not match"]
    if isinstance(value, int | float) and value < schema.get("minimum", value):
        return [f"{where}: {value} is too small"]
    return []


def _is(value: object, name: str) -> bool:
    if name in {"number", "integer"}:
        return isinstance(value, int if name == "integer" else int | float) and not isinstance(value, bool)
    return isinstance(value, _TYPES[name])


def _members(
    value: dict[str, object], schema: Mapping[str, Any], whole: Mapping[str, Any], where: str
) -> list[str]:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    found = [f"{where}: {name} is missing" for name in schema.get("required", ()) if name not in value]
    for name, member in value.items():
        if name in properties:
            found += faults(member, properties[name], whole, f"{where}.{name}")
        elif others is False:
            found.append(f"{where}: {name} is not expected")
        elif isinstance(others, dict):
            found += faults(member, others, whole, f"{where}.{name}")
    return found


def a_document() -> dict[str, Any]:
    run = bred_run()
    return genome_document(1, run.judged.board[0], run.summary).as_json()


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_an_exported_genome_keeps_to_its_schema() -> None:
    run, schema = bred_run(), genome_schema()
    for rank, individual in enumerate(run.judged.board, start=1):
        document = json.loads(
            json.dumps(genome_document(rank, individual, run.summary).as_json(), allow_nan=False)
        )
        assert faults(document, schema, schema) == []


@pytest.mark.parametrize(
    "damage",
    [
        {"schema": "genepool/genome/1"},
        {"fingerprint": "ABC"},
        {"rank": 0},
        {"genes": {"fast": "twelve"}},
        {"lineage": {}},
        {"more": 1},
        {"fitness": None},
        {"in_sample": {}},
    ],
)
def test_the_schema_notices_damage(damage: dict[str, object]) -> None:
    schema = genome_schema()
    assert faults({**a_document(), **damage}, schema, schema) != []


def test_the_schema_names_its_version() -> None:
    assert genome_schema()["$id"] == SCHEMA == a_document()["schema"]


def test_an_exported_genome_builds_the_same_genome_again(tmp_path: Path) -> None:
    run = bred_run()
    champion = run.judged.board[0]
    write_genome(tmp_path / "champion.json", genome_document(1, champion, run.summary))
    document = json.loads((tmp_path / "champion.json").read_text(encoding="utf-8"))
    again = seed_strategies()[document["strategy"]].genome(document["genes"])
    assert again == champion.genome
    assert again.fingerprint == document["fingerprint"]


def test_an_individual_without_scores_is_not_exported() -> None:
    run = failed_run()
    with pytest.raises(ValueError, match="no failed individuals"):
        genome_document(1, run.newborn[0][1], run.summary)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_text_is_never_a_formula(text: str) -> None:
    assert cell_text(text) == f"'{text}"


@pytest.mark.parametrize("text", [" =1+1", "\ufeff=1", '"=1+1"', "\0=1", "\N{FULLWIDTH EQUALS SIGN}1+1"])
def test_a_formula_behind_signs_that_are_stripped_is_one_too(text: str) -> None:
    assert cell_text(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("fine;=1+1", "fine;'=1+1"),
        ("fine; @SUM(A1)", "fine; '@SUM(A1)"),
        ("fine\t-1", "fine\t'-1"),
        ("fine\n=1", "fine\n'=1"),
        ("=a;=b", "'=a;'=b"),
    ],
)
def test_a_formula_where_another_separator_begins_a_cell_is_disarmed(text: str, written: str) -> None:
    assert cell_text(text) == written


@pytest.mark.parametrize("text", ["needs more than 5 candles: give 3 - 4", "a=b", "1;2", "ema + sma"])
def test_a_text_that_is_no_formula_stays_as_it_is(text: str) -> None:
    assert cell_text(text) == text


def test_numbers_keep_their_sign_and_their_bits() -> None:
    assert cell_text(-0.1) == "-0.1"
    assert float(cell_text(0.1 + 0.2)) == 0.1 + 0.2
    assert cell_text(3) == "3"
    assert cell_text(None) == ""
    assert cell_text("ema_crossover") == "ema_crossover"


def test_stamps_are_written_in_utc() -> None:
    assert timestamp(1_577_836_800_000_000_000) == "2020-01-01T00:00:00Z"


def test_all_trials_read_back(tmp_path: Path) -> None:
    run = bred_run()
    assert write_trials(tmp_path / "trials.csv", lambda: run.newborn) == len(run.newborn)
    for row, (generation, individual) in zip(rows_of(tmp_path / "trials.csv"), run.newborn, strict=True):
        scored, genome = individual.evaluation.scored, individual.genome
        assert scored is not None
        assert int(row["generation"]) == generation
        assert row["fingerprint"] == genome.fingerprint
        assert row["operator"] == individual.candidate.operator
        assert row["parents"].split() == list(individual.candidate.parents)
        assert float(row["in_sample.sharpe"]) == scored.in_sample.sharpe
        assert float(row["walk_forward.max_drawdown"]) == scored.walk_forward.max_drawdown
        genes = {name[5:]: float(text) for name, text in row.items() if name.startswith("gene.") and text}
        assert genes == genome.values


def test_failures_are_trials_too_and_say_why(tmp_path: Path) -> None:
    run = failed_run()
    write_trials(tmp_path / "trials.csv", lambda: run.newborn)
    rows = rows_of(tmp_path / "trials.csv")
    assert len(rows) == len(run.newborn)
    assert {row["error"] for row in rows} == {"donchian_breakout broke off with <ArithmeticError>"}
    assert {row["in_sample.sharpe"] for row in rows} == {""}


def test_an_error_that_looks_like_a_formula_is_disarmed(tmp_path: Path) -> None:
    generation, individual = failed_run().newborn[0]
    mean = replace(individual, evaluation=replace(individual.evaluation, error='=HYPERLINK("x")'))
    write_trials(tmp_path / "trials.csv", lambda: [(generation, mean)])
    assert rows_of(tmp_path / "trials.csv")[0]["error"] == '\'=HYPERLINK("x")'


def test_trades_add_up_to_the_equity_of_each_phase(tmp_path: Path) -> None:
    run = bred_run()
    phases = phase_backtests(run.plan.problem, run.judged.board[0].genome)
    count = write_trades(tmp_path / "trades.csv", phases)
    rows = rows_of(tmp_path / "trades.csv")
    assert len(rows) == count > 0
    for phase, result in phases:
        total = sum(float(row["result"]) for row in rows if row["phase"] == phase)
        assert 1 + total == pytest.approx(result.equity[-1], rel=1e-9)
    assert {row["side"] for row in rows} <= {"long", "short"}
    assert all(row["entry_time"] <= row["exit_time"] for row in rows)


def test_fills_name_their_trade_and_their_cash_adds_up(tmp_path: Path) -> None:
    run = bred_run()
    phases = phase_backtests(run.plan.problem, run.judged.board[0].genome)
    count = write_fills(tmp_path / "fills.csv", phases)
    rows = rows_of(tmp_path / "fills.csv")
    assert len(rows) == count > 0
    for phase, result in phases:
        mine = [row for row in rows if row["phase"] == phase]
        flows = (-float(row["change"]) * float(row["price"]) - float(row["fee"]) for row in mine)
        assert 1 + sum(flows) - result.funding.sum() == pytest.approx(float(mine[-1]["cash"]), rel=1e-9)
        assert {int(row["trade"]) for row in mine} == set(range(1, len(result.trades) + 1))


def test_equity_has_one_row_per_scored_candle_beside_holding(tmp_path: Path) -> None:
    run = bred_run()
    problem = run.plan.problem
    phases, holding = phase_backtests(problem, run.judged.board[0].genome), phase_backtests(problem, None)
    write_equity(tmp_path / "equity.csv", phases, holding)
    rows = rows_of(tmp_path / "equity.csv")
    spans = (problem.in_sample, *problem.folds)
    assert len(rows) == sum(stop - start for start, stop in spans)
    assert float(rows[-1]["equity"]) == phases[-1][1].equity[-1]
    assert float(rows[-1]["buy_and_hold"]) == holding[-1][1].equity[-1]


def test_a_table_without_rows_keeps_its_header(tmp_path: Path) -> None:
    assert write_csv(tmp_path / "none.csv", ("a", "b"), []) == 0
    assert (tmp_path / "none.csv").read_text(encoding="utf-8") == "a,b\n"


def test_a_file_that_cannot_be_written_is_named_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"below\.csv cannot be written"):
        write_csv(tmp_path / "file" / "below.csv", ("a",), [])

    def broken() -> Any:  # noqa: ANN401 - rows of anything
        yield (1,)
        raise OSError(28, "No space left on device")

    with pytest.raises(ConfigError, match="No space left"):
        write_csv(tmp_path / "full.csv", ("a",), broken())
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "out.csv"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with whole_file(pipe) as stream:
            stream.write("time,equity\n")
        assert os.read(reading, 100) == b"time,equity\n"
    finally:
        os.close(reading)
    assert pipe.is_fifo()
