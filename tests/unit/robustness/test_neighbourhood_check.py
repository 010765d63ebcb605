"""The neighbourhood check proposes and judges; its caller evaluates and counts."""

from collections.abc import Sequence

import pytest

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.genome import Genome
from genepool.pool.checking import carried_out
from genepool.robustness.neighbourhood import NeighbourhoodCheck, movable
from genepool.robustness.proposals import Answer
from tests.fakes.scorers import scored, tiny_problem
from tests.fakes.species import SLOPE

PROBLEM = tiny_problem()
CHAMPION = SLOPE.genome({"period": 100, "band": 0.5})


def steep(genome: Genome) -> Evaluation:
    """Score by the period most, by the stop a little, and by nothing else."""
    return scored(genome, genome.values["period"] / 10 + genome.values["atr_stop"] / 100)


def check(tried: Sequence[Evaluation] = ()) -> NeighbourhoodCheck:
    known = {one.genome.fingerprint: one for one in [steep(CHAMPION), *tried]}
    return NeighbourhoodCheck(
        PROBLEM, CHAMPION, SLOPE, lambda names: [known[name] for name in names if name in known]
    )


def answered(asked: NeighbourhoodCheck, answers: Sequence[Answer] = ()) -> Answer:
    proposal = asked.ask(answers)
    assert proposal is not None
    return Answer(proposal, tuple(map(steep, proposal.genomes)))


def test_first_every_gene_is_moved_alone() -> None:
    proposal = check().ask(())
    assert proposal is not None
    assert proposal.problem is PROBLEM
    moved = [
        {name for name, value in genome.genes if value != CHAMPION.values[name]}
        for genome in proposal.genomes
    ]
    assert all(len(names) == 1 for names in moved)
    assert set.union(*moved) == {gene.name for gene in movable(SLOPE)}


def test_then_the_cells_over_the_two_genes_that_tell_most_and_then_nothing() -> None:
    first = answered(check())
    second = answered(check(), [first])
    moved = {
        name
        for genome in second.proposal.genomes
        for name, value in genome.genes
        if value != CHAMPION.values[name]
    }
    assert moved == {"period", "atr_stop"}
    assert check().ask([first, second]) is None


def test_no_genome_is_asked_for_twice_and_none_that_the_run_tried() -> None:
    known = check().ask(())
    assert known is not None
    mine = check([steep(genome) for genome in known.genomes[:3]])
    first = answered(mine)
    second = answered(mine, [first])
    asked = [genome.fingerprint for answer in (first, second) for genome in answer.proposal.genomes]
    assert len(asked) == len(set(asked))
    assert not {genome.fingerprint for genome in known.genomes[:3]} & set(asked)
    assert CHAMPION.fingerprint not in asked


def test_equal_answers_lead_to_equal_proposals_and_findings() -> None:
    first = answered(check())
    assert check().ask([first]) == check().ask([first])
    both = [first, answered(check(), [first])]
    assert check().judge(both) == check().judge(both)


def test_the_finding_has_the_champion_in_its_middle_and_lists_every_extra_try() -> None:
    first = answered(check())
    second = answered(check(), [first])
    found = check().judge([first, second])
    assert (found.columns[0], found.rows[0]) == ("period", "atr_stop")
    centre = next(cell for cell in found.cells if (cell.column, cell.row) == found.centre)
    assert centre.score == steep(CHAMPION).selection_score
    assert [cell for cell in found.cells if cell.evaluated_in_run] == [centre]
    assert found.extra == first.evaluations + second.evaluations


def test_what_failed_is_a_cell_without_a_score() -> None:
    def failing(_problem: Problem, genomes: Sequence[Genome]) -> list[Evaluation]:
        return [Evaluation(genome, None, "it was not to be") for genome in genomes]

    found = carried_out(check(), failing, lambda *_: None)
    assert {cell.score for cell in found.cells if (cell.column, cell.row) != found.centre} == {None}


def test_all_that_a_check_asked_for_is_counted_once_under_its_problem() -> None:
    counted: list[tuple[str, Sequence[Evaluation]]] = []
    found = carried_out(
        check(),
        lambda problem, genomes: [steep(genome) for genome in genomes if problem is PROBLEM],
        lambda digest, evaluations: counted.append((digest, tuple(evaluations))),
    )
    assert counted == [(PROBLEM.digest, found.extra)]


def test_nothing_is_counted_where_the_evaluation_broke_off() -> None:
    def stopped(_problem: Problem, _genomes: Sequence[Genome]) -> list[Evaluation]:
        raise KeyboardInterrupt

    counted: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        carried_out(check(), stopped, lambda digest, _: counted.append(digest))
    assert counted == []
