"""What counts as enough when the cluster is measured."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.genome import Genome
from genepool.ports import BatchFinished
from scripts.validation.criterion import Criterion, verdict
from scripts.validation.performance import measuring
from scripts.validation.performance.figures import (
    LOCAL,
    MOST_THREADS,
    Measured,
    Sample,
    Share,
    Times,
    generations_of,
    judge,
    least_speed_up,
    off_share,
    seat_counts,
)
from scripts.validation.performance.host_load import read_times, watched_load
from scripts.validation.performance.measuring import Work, measure
from scripts.validation.performance.work import problem
from scripts.validation.performance.writing import table, write


def a_sample(seats: int, seconds: float, repetition: int = 0, digest: str = "same") -> Sample:
    work = seconds * seats
    return Sample(seats, repetition, seconds, work * 0.98, work, digest, 0.5, 25 if seats else 0)


def measured(local: float = 20.0, whole: float = 10.5, cpus: int = 2) -> Measured:
    samples = []
    for repetition in range(3):
        samples.append(a_sample(LOCAL, local + repetition, repetition))
        samples += [a_sample(seats, whole * cpus / seats, repetition) for seats in seat_counts(cpus)]
    done = 100 * generations_of(100)
    shares = [Share(100, f"node-{k}", 1, done // cpus, 5.0) for k in range(cpus)]
    shares[0] = replace(shares[0], evaluations=shares[0].evaluations + done % cpus)
    return Measured(samples, shares)


def failed(figures: Measured) -> set[str]:
    return {criterion.name for criterion in judge(figures) if not criterion.passed}


def test_good_figures_pass() -> None:
    assert failed(measured()) == set()
    assert verdict(judge(measured())) == 0


@pytest.mark.parametrize(("cpus", "bar"), [(1, 0.85), (2, 1.7), (3, 2.0), (8, 2.0), (250, 2.0)])
def test_the_bar_follows_the_size_of_the_cluster(cpus: int, bar: float) -> None:
    assert least_speed_up(cpus) == pytest.approx(bar)


def test_the_median_decides_and_not_one_lucky_pass() -> None:
    figures = measured(whole=14.0)
    lucky = [*figures.samples, a_sample(2, 1.0, 0)]
    assert failed(replace(figures, samples=lucky)) == {"speed-up"}


def test_three_cpus_must_be_twice_as_fast() -> None:
    assert failed(measured(local=19.0, whole=10.0, cpus=3)) == set()
    assert failed(measured(local=17.0, whole=10.0, cpus=3)) == {"speed-up"}


def test_a_node_that_works_too_little_fails() -> None:
    figures = measured()
    lazy = [replace(figures.shares[0], compute_seconds=3.9), figures.shares[1]]
    assert failed(replace(figures, shares=lazy)) == {"share of each node, population 100"}


def test_shares_are_held_against_the_cpus_of_each_node() -> None:
    rows = [
        Share(300, "small", 1, 100, 10.0),
        Share(300, "large", 2, 200, 20.0),
        Share(300, "new", 1, 0, 0.0),
    ]
    off = off_share(rows[:2])
    assert off == pytest.approx({"small": 0, "large": 0})
    assert off_share(rows)["new"] == -1
    assert off_share([]) == {}


def test_a_lost_evaluation_fails() -> None:
    figures = measured()
    short = [replace(figures.shares[0], evaluations=49), figures.shares[1]]
    assert failed(replace(figures, shares=short)) == {"share of each node, population 100"}


def test_overhead_above_five_percent_fails() -> None:
    figures = measured()
    slow = [replace(sample, compute_seconds=sample.compute_seconds * 0.96) for sample in figures.samples]
    assert failed(replace(figures, samples=slow)) == {"dispatch overhead"}


@pytest.mark.parametrize("threads", [0, MOST_THREADS + 1], ids=["nobody counted", "one more than the bar"])
def test_threads_that_were_not_counted_or_are_too_many_fail(threads: int) -> None:
    figures = measured()
    samples = [replace(sample, threads=threads) for sample in figures.samples]
    assert failed(replace(figures, samples=samples)) == {"threads of each worker"}


def test_one_other_digest_fails() -> None:
    figures = measured()
    other = [*figures.samples[:-1], replace(figures.samples[-1], digest="other")]
    assert failed(replace(figures, samples=other)) == {"results equal bit for bit"}


def busy(figures: Measured, share: float) -> Measured:
    return replace(figures, samples=[replace(sample, others=share) for sample in figures.samples])


def test_a_bar_missed_on_a_busy_host_is_missed_and_the_load_is_named() -> None:
    figures = busy(measured(whole=14.0), 0.6)
    assert failed(figures) == failed(measured(whole=14.0)) == {"speed-up"}
    lines = {criterion.name: criterion.figure for criterion in judge(figures)}
    assert "the host was 60% busy with other work, 60% at most: repeat on a quiet one" in lines["speed-up"]
    assert "busy" not in lines["dispatch overhead"]
    assert "busy" not in lines["results equal bit for bit"]


def test_a_quiet_host_is_no_excuse_and_a_passed_bar_needs_none() -> None:
    for figures in (busy(measured(whole=14.0), 0.05), busy(measured(), 0.6)):
        assert not [criterion for criterion in judge(figures) if "busy" in criterion.figure]


def test_other_work_is_the_busy_share_while_nothing_is_evaluated(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    stat.write_text("cpu  100 10 40 800 50 0 0 0 7 7\ncpu0 1 1 1 1 1 1 1 1 1 1\n")
    assert read_times(stat) == Times(150, 850)
    looks, waits = iter([Times(150, 850), Times(210, 890)]), list[float]()
    assert watched_load(lambda: next(looks), waits.append) == pytest.approx(0.6)
    assert waits == [1.0]
    assert watched_load(lambda: Times(1, 1), lambda _: None) == 0


class AtOnce:
    """``Evaluator`` that fails every genome at once."""

    def __init__(self, *_: object) -> None:
        """Need nothing."""

    def evaluate(self, _problem: Problem, asked: Sequence[Genome], _: BatchFinished) -> list[Evaluation]:
        return [Evaluation(genome, None, "not evaluated") for genome in asked]

    def close(self) -> None:
        """Hold nothing."""


def test_other_work_is_looked_at_before_every_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "LocalEvaluator", AtOnce)
    looks, said = iter([0.1, 0.6, 0.2]), list[str]()
    work = Work(problem(2_000, 1), 1, genomes=2, repetitions=3, populations=())
    figures = measure(work, 0, lambda *_: AtOnce(), said.append, lambda: next(looks))
    assert [sample.others for sample in figures.samples] == [0.1, 0.6, 0.2]
    assert (figures.others, figures.most_others) == (0.2, 0.6)
    assert "(other work took 60% of the host before)" in said[1]


def test_seats_are_measured_in_powers_of_two_up_to_all() -> None:
    assert [seat_counts(cpus) for cpus in (0, 1, 2, 3, 6, 8)] == [
        [],
        [1],
        [1, 2],
        [1, 2, 3],
        [1, 2, 4, 6],
        [1, 2, 4, 8],
    ]


def test_an_empty_checklist_is_no_success() -> None:
    assert verdict([]) == 5
    assert verdict([Criterion("a", "", "", passed=True), Criterion("b", "", "", passed=False)]) == 5


def test_everything_is_written_down(tmp_path: Path) -> None:
    figures = measured()
    document, page, picture = write(tmp_path / "new", figures, judge(figures), {"cores": 2})
    told = json.loads(document.read_text(encoding="utf-8"))
    assert told["passed"]
    assert told["speed_up"] == pytest.approx(2.0)
    assert len(told["samples"]) == len(figures.samples)
    assert told["threads"] == 25
    assert "| 2 | 10.50 | 2.00 | 100% | 25 |" in page.read_text(encoding="utf-8")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert table(figures).row_count == 3
