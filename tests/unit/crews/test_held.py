"""Problems stay ready for workers, but for those asked for longest ago."""

from genepool.backtest.problem import Problem
from genepool.crews.held import HeldProblems
from tests.fakes.scorers import tiny_problem


def test_a_problem_is_sent_once_and_those_asked_for_longest_ago_go_unless_needed() -> None:
    sent: list[str] = []
    gone: list[str] = []

    def send(problem: Problem) -> str:
        sent.append(problem.objective)
        return problem.objective

    held = HeldProblems(send, gone.append)
    problems = [tiny_problem(f"arithmetic#{number}") for number in range(10)]
    for problem in [problems[0], *problems]:
        held.hold(problem, {problems[0].digest})
    assert sent == [problem.objective for problem in problems]
    assert gone == ["arithmetic#1", "arithmetic#2"]
    assert held[problems[0].digest] == "arithmetic#0"
    held.clear()
    assert sorted(gone) == sorted(sent)
