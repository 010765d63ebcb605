from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.scheduling.batches import LARGEST_BATCH, LARGEST_LEARNING_BATCH, plan_batches

names = st.lists(st.sampled_from(["donchian", "ema", "svc", "tree"]), max_size=300)
LEARNING = {"svc", "tree"}


@settings(derandomize=True, deadline=None, max_examples=100)
@given(strategies=names, workers=st.integers(1, 64), batch_size=st.none() | st.integers(1, 50))
def test_every_genome_is_in_exactly_one_batch_of_its_own_strategy(
    strategies: list[str], workers: int, batch_size: int | None
) -> None:
    batches = plan_batches(strategies, LEARNING, workers, batch_size)
    assert sorted(position for batch in batches for position in batch) == list(range(len(strategies)))
    assert all(len({strategies[position] for position in batch}) == 1 for batch in batches)
    assert batch_size is None or all(len(batch) <= batch_size for batch in batches)


def test_learning_strategies_come_first_in_small_batches() -> None:
    batches = plan_batches(["ema"] * 20 + ["svc"] * 20, LEARNING, workers=2)
    learning = [batch for batch in batches if batch[0] >= 20]
    assert batches[: len(learning)] == learning
    assert max(map(len, learning)) == LARGEST_LEARNING_BATCH


def test_batches_shrink_towards_the_end_so_that_workers_finish_together() -> None:
    sizes = [len(batch) for batch in plan_batches(["ema"] * 1_000, LEARNING, workers=4)]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (LARGEST_BATCH, 1)


def test_no_genomes_make_no_batches() -> None:
    assert plan_batches([], LEARNING, workers=2) == []
