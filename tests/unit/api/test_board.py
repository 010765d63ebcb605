"""What the board tells of runs that are bred at once, and of the machines that work for them."""

from genepool.api.board import Board
from genepool.backtest.evaluation import Evaluation
from genepool.genome import Genome
from genepool.ports import (
    BatchEvaluated,
    CrewChanged,
    GenerationAdvanced,
    GenerationFinished,
    NodesMeasured,
    OverfittingMeasured,
    RunEnded,
    RunStarted,
    Seat,
)
from genepool.scheduling.node_cpu import NodeCpu
from genepool.usecases.cluster_document import cluster_document
from tests.fakes.histories import a_history, a_spec

FAILED = Evaluation(Genome("ema_crossover", ()), None, "it has no genes")


def test_each_of_several_runs_has_progress_of_its_own() -> None:
    board = Board(lambda: 0.0)
    first, second = board.of("first"), board.of("second")
    first(RunStarted(a_spec("first"), None))
    second(RunStarted(a_spec("second"), None))
    first(GenerationAdvanced(3, 8))
    second(GenerationAdvanced(5, 9))
    second(GenerationFinished(a_spec("second"), a_history()[0]))
    told = [(run["run"], run["generation"], run["done"], run["asked"]) for run in board.document()["runs"]]
    assert told == [("first", None, 3, 8), ("second", 0, 0, 0)]


def test_a_run_that_ended_is_told_no_more() -> None:
    board = Board()
    tell = board.of("first")
    tell(RunStarted(a_spec("first"), None))
    tell(RunEnded(a_spec("first"), "interrupted"))
    assert board.document()["runs"] == []


def test_a_run_that_a_command_queued_is_told_beside_those_of_jobs() -> None:
    board = Board()
    board.of("second")(RunStarted(a_spec("second"), None))
    board(RunStarted(a_spec("first"), None))
    assert [run["run"] for run in board.document()["runs"]] == ["first", "second"]
    board(RunEnded(a_spec("first"), "finished"))
    assert [run["run"] for run in board.document()["runs"]] == ["second"]


def test_the_pace_of_a_run_is_that_of_the_last_half_minute() -> None:
    moments = [0.0]
    board = Board(lambda: moments[0])
    tell = board.of("first")
    tell(RunStarted(a_spec("first"), None))
    tell(GenerationAdvanced(10, 60))
    moments[0] = 10.0
    tell(GenerationAdvanced(40, 60))
    assert board.document()["runs"][0]["evaluations_per_second"] == 4.0
    moments[0] = 39.0
    assert board.document()["runs"][0]["evaluations_per_second"] == 1.0
    moments[0] = 41.0
    assert board.document()["runs"][0]["evaluations_per_second"] == 0.0


def test_the_newest_figure_of_overfitting_is_told_while_its_run_is_bred() -> None:
    board = Board()
    tell = board.of("first")
    tell(RunStarted(a_spec("first"), None))
    assert board.document()["runs"][0]["overfitting"] is None
    tell(OverfittingMeasured("first", 3, 4, 0.31255))
    tell(OverfittingMeasured("first", 4, 5, 0.29))
    assert board.document()["runs"][0]["overfitting"] == {
        "generation": 4,
        "genomes": 5,
        "probability": 0.29,
    }
    told = board.document() | {"cpus": 1}
    (run,) = cluster_document(told).as_json()["runs"]
    assert run["overfitting"]["genomes"] == 5
    tell(RunStarted(a_spec("first"), None))
    assert board.document()["runs"][0]["overfitting"] is None


def test_each_machine_has_a_pace_of_its_own() -> None:
    moments = [0.0]
    board = Board(lambda: moments[0])
    board(CrewChanged([Seat("one", "cpu"), Seat("two", "cpu")]))
    board(BatchEvaluated("one", "cpu", [FAILED] * 6, 0.1, 0.1))
    board(BatchEvaluated("two", "cpu", [FAILED] * 2, 0.1, 0.1))
    moments[0] = 2.0
    told = {node["node"]: node["evaluations_per_second"] for node in board.document()["nodes"]}
    assert told == {"one": 3.0, "two": 1.0}


def test_a_machine_is_told_with_its_budget_and_what_it_used() -> None:
    board = Board(lambda: 0.0)
    board(CrewChanged([Seat("one", "cpu"), Seat("two", "cpu")]))
    board(NodesMeasured([NodeCpu("one", "cpu", 1, 4.0, 0.75, 0.702)]))
    told = [(node["budget_percent"], node["used_percent"]) for node in board.document()["nodes"]]
    assert told == [(75, 70), (None, None)]
