"""A gain that held champions earn already is worth less."""

import pytest

from genepool.objectives import kept_apart


@pytest.mark.parametrize(
    ("correlation", "score"), [(-1.0, 2.0), (0.3, 2.0), (0.65, 1.0), (1.0, 0.0), (1.0 + 1e-15, 0.0)]
)
def test_it_shrinks_in_a_line_from_the_limit_to_nothing_for_a_twin(correlation: float, score: float) -> None:
    assert kept_apart((2.0,), correlation, 0.3)[0] == pytest.approx(score)


def test_a_loss_is_never_hidden() -> None:
    assert kept_apart((-2.0,), 1.0, 0.3) == (-2.0,)


def test_only_the_first_of_several_scores_is_told() -> None:
    assert kept_apart((2.0, -0.1, -40.0), 1.0, 0.3) == (0.0, -0.1, -40.0)
