"""Folds find what a look at the whole run finds."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.evolution.population import Candidate, Individual, Population
from genepool.history import BOARD_PLACES, GenerationRecord, leaderboard
from genepool.pool.ancestry import ancestry
from genepool.pool.births import Birth
from genepool.pool.findings import found_in
from tests.fakes.histories import a_genome, a_result
from tests.fakes.luck_curves import luck_curve

LIKE = a_result(a_genome(0))
# So few scores that many are equal: ties go by fingerprint.
SCORES = st.none() | st.sampled_from((-1.0, -0.0, 0.0, 0.5, 2.0))


@st.composite
def runs(draw: st.DrawFn) -> list[GenerationRecord]:
    """Return a run whose individuals have any elders for parents, some of them pruned or unborn."""
    records, names = list[GenerationRecord](), [a_genome(9_999).fingerprint]
    for generation in range(draw(st.integers(1, 4))):
        newborn = list[Individual]()
        for _ in range(draw(st.integers(1, 5))):
            genome = a_genome(100 * generation + len(newborn), draw(st.sampled_from("abc")))
            score = draw(SCORES)
            parents = tuple(draw(st.lists(st.sampled_from(names), max_size=2, unique=True)))
            sharpe = draw(st.sampled_from((-1.0, 0.5, 2.0)))
            result = Evaluation(genome, None if score is None else scored_like(score, sharpe))
            newborn.append(Individual(Candidate(genome, "crossover", parents), result, generation))
        names += [one.genome.fingerprint for one in newborn]
        records.append(GenerationRecord(Population(generation, tuple(newborn)), tuple(newborn), 1.0))
    return records


def scored_like(score: float, sharpe: float) -> Scored:
    like = LIKE.scored
    assert like is not None
    in_sample = replace(like.in_sample, sharpe=sharpe)
    return replace(like, scores=(score,), walk_forward_scores=(score,), in_sample=in_sample)


def everybody(records: Iterable[GenerationRecord]) -> list[Individual]:
    return [one for record in records for one in record.newborn]


@given(runs())
@settings(max_examples=25, deadline=None)
def test_the_ranking_is_the_leaderboards(records: list[GenerationRecord]) -> None:
    found, board = found_in(records), leaderboard(everybody(records))
    names = [one.genome.fingerprint for one in board]
    best = {one.genome.strategy: (names.index(one.genome.fingerprint) + 1, one) for one in reversed(board)}
    assert list(found.ranking.board) == board[:BOARD_PLACES]
    assert list(found.ranking.best_of_each) == sorted(best.values(), key=lambda entry: entry[0])
    assert (found.ranking.length, found.ranking.genomes) == (len(board), len(everybody(records)))
    assert [found.births.at(rank).fingerprint for rank in range(1, len(board) + 1)] == names
    assert found.champion == (board[0] if board else None)


@given(runs())
@settings(max_examples=25, deadline=None)
def test_the_luck_curve_is_that_of_all_sharpes_in_the_order_tried(records: list[GenerationRecord]) -> None:
    scored = [one.evaluation.scored for one in everybody(records)]
    assert found_in(records).luck(4.0) == luck_curve([s.in_sample.sharpe if s else None for s in scored], 4.0)


@given(runs(), st.integers(1, 12), st.data())
@settings(max_examples=25, deadline=None)
def test_a_family_is_the_line_of_first_parents_and_those_nearest(
    records: list[GenerationRecord], rows: int, data: st.DataObject
) -> None:
    born = {one.genome.fingerprint: one for one in everybody(records)}
    start = data.draw(st.sampled_from(sorted(born)))
    line, nearest = first_parents(start, born), breadth_first(start, born)
    kept = list(dict.fromkeys([*line, *nearest]))[: max(rows, len(line))]

    def fetch(births: Iterable[Birth]) -> list[Individual]:
        return [born[birth.fingerprint] for birth in births]

    found = ancestry(born[start], found_in(records).births, fetch, rows)
    assert {one.genome.fingerprint for _, one in found.members} == set(kept)
    assert [k for k, _ in found.members] == sorted((born[name].born for name in kept), reverse=True)
    assert found.left_out == len(nearest) - len(kept)


def breadth_first(start: str, born: Mapping[str, Individual]) -> list[str]:
    found, waiting = {start: None}, deque([start])
    while waiting:
        for parent in born[waiting.popleft()].candidate.parents:
            if parent in born and parent not in found:
                found[parent] = None
                waiting.append(parent)
    return list(found)


def first_parents(start: str, born: Mapping[str, Individual]) -> list[str]:
    line = [start]
    while (parents := born[line[-1]].candidate.parents) and parents[0] in born:
        line.append(parents[0])
    return line
