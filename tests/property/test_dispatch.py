"""Whatever happens to a cluster, every genome is answered once, and only the guilty are condemned."""

from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.scheduling.rules import DispatchRules, Work
from tests.fakes.ray_weather import Weather

clusters = st.lists(st.integers(1, 4), min_size=1, max_size=4)


def works(count: int) -> list[Work]:
    """Return genomes of one strategy, every third of which prefers the other kind of seat."""
    return [Work("s", "memory" if k % 3 == 0 else "cpu") for k in range(count)]


@settings(derandomize=True, deadline=None, max_examples=80)
@given(
    seed=st.integers(0, 2**32),
    nodes=clusters,
    count=st.integers(0, 200),
    faults=st.integers(0, 12),
    size=st.none() | st.integers(1, 20),
)
def test_every_genome_is_answered_once_through_any_weather(
    seed: int, nodes: list[int], count: int, faults: int, size: int | None
) -> None:
    weather = Weather(seed, nodes, faults, rules=DispatchRules(batch_size=size))
    weather.run(works(count))
    settled = weather.answers + weather.condemned
    assert settled == dict.fromkeys(weather.tickets, 1)
    # Every condemned genome saw three processes lost under it, whichever genome was to blame.
    assert all(weather.blows[ticket] >= 3 for ticket in weather.condemned)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(
    seed=st.integers(0, 2**32),
    nodes=clusters,
    count=st.integers(1, 120),
    bad=st.sets(st.integers(0, 119), max_size=4),
    size=st.none() | st.integers(1, 20),
)
def test_exactly_the_genomes_that_kill_or_hang_are_condemned(
    seed: int, nodes: list[int], count: int, bad: set[int], size: int | None
) -> None:
    killers = frozenset(ticket for ticket in bad if ticket < count and ticket % 2)
    hangers = frozenset(ticket for ticket in bad if ticket < count and not ticket % 2)
    weather = Weather(seed, nodes, killers=killers, hangers=hangers, rules=DispatchRules(batch_size=size))
    weather.run(works(count))
    assert set(weather.condemned) == killers | hangers
    assert weather.answers == dict.fromkeys(set(weather.tickets) - killers - hangers, 1)


@settings(derandomize=True, deadline=None, max_examples=8)
@given(seed=st.integers(0, 2**32), nodes=st.lists(st.integers(1, 4), min_size=2, max_size=3))
def test_each_node_does_its_share_of_the_work(seed: int, nodes: list[int]) -> None:
    weather = Weather(seed, nodes, join_within=0.0)
    weather.run(works(20_000))
    for node, seats in enumerate(nodes):
        fair = seats / sum(nodes)
        assert abs(weather.work_by_node[str(node)] / 20_000 / fair - 1) < 0.1
