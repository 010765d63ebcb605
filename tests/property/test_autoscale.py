from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.errors import ConfigError
from genepool.scheduling.autoscale import Decision, Load, Memory, NodeGroup, ScalingRule, decide

KINDS = ("cpu", "memory")
RULE = ScalingRule(minimum=2, maximum=8, drain_seconds=30, idle_seconds=300, step_seconds=30)
LOOK_EVERY = 10.0

rules = st.builds(
    lambda low, more, drain, idle, step: ScalingRule(low, low + more, drain, idle, step),
    st.integers(0, 6),
    st.integers(0, 10),
    st.floats(1, 120),
    st.floats(0, 400),
    st.floats(0, 100),
)
# Queued CPU-seconds, CPUs at work, and the share of each kind's nodes that is busy.
moments = st.tuples(st.floats(0, 5_000), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))


def load_of(nodes: dict[str, int], moment: tuple[float, float, float, float], cpus: float = 2.0) -> Load:
    queued, used, *busy = moment
    groups = {
        kind: NodeGroup(nodes[kind], round(share * nodes[kind]), cpus)
        for kind, share in zip(KINDS, busy, strict=True)
    }
    return Load(groups, queued, used * cpus * sum(nodes.values()))


def play(
    rule: ScalingRule, nodes: dict[str, int], trace: list[tuple[float, float, float, float]]
) -> list[tuple[float, Load, Decision]]:
    """Follow every decision at once, as a platform that starts nodes in no time would."""
    memory, played = Memory(), []
    for k, moment in enumerate(trace):
        load = load_of(nodes, moment)
        decision = decide(rule, load, memory, k * LOOK_EVERY)
        played.append((k * LOOK_EVERY, load, decision))
        nodes, memory = dict(decision.nodes), decision.memory
    return played


def total(decision: Decision) -> int:
    return sum(decision.nodes.values())


def present(load: Load) -> int:
    return sum(group.nodes for group in load.groups.values())


starts = st.fixed_dictionaries({kind: st.integers(0, 8) for kind in KINDS})
traces = st.lists(moments, min_size=1, max_size=80)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(rule=rules, nodes=starts, trace=traces)
def test_the_number_of_nodes_stays_within_its_bounds_or_moves_towards_them(
    rule: ScalingRule, nodes: dict[str, int], trace: list[tuple[float, float, float, float]]
) -> None:
    for _, load, decision in play(rule, nodes, trace):
        assert total(decision) >= rule.minimum
        assert total(decision) <= max(rule.maximum, present(load))
        assert all(count >= 0 for count in decision.nodes.values())


@settings(derandomize=True, deadline=None, max_examples=150)
@given(rule=rules, nodes=starts, trace=traces)
def test_a_busy_node_is_never_given_up(
    rule: ScalingRule, nodes: dict[str, int], trace: list[tuple[float, float, float, float]]
) -> None:
    for _, load, decision in play(rule, nodes, trace):
        for kind, group in load.groups.items():
            assert decision.nodes[kind] >= group.busy


@settings(derandomize=True, deadline=None, max_examples=150)
@given(rule=rules, nodes=starts, trace=traces)
def test_at_most_one_node_is_given_up_at_a_time_and_steps_keep_their_distance(
    rule: ScalingRule, nodes: dict[str, int], trace: list[tuple[float, float, float, float]]
) -> None:
    last = None
    for at, load, decision in play(rule, nodes, trace):
        change = total(decision) - present(load)
        assert change >= -1
        if change < 0 and present(load) <= rule.maximum and last is not None:
            assert at - last >= rule.step_seconds
        if change:
            last = at


@settings(derandomize=True, deadline=None, max_examples=150)
@given(rule=rules, nodes=starts, trace=traces)
def test_a_node_is_given_up_only_after_the_whole_quiet_time(
    rule: ScalingRule, nodes: dict[str, int], trace: list[tuple[float, float, float, float]]
) -> None:
    grown_at = None
    for at, load, decision in play(rule, nodes, trace):
        change = total(decision) - present(load)
        if change > 0:
            grown_at = at
        if change < 0 and present(load) <= rule.maximum and grown_at is not None:
            assert at - grown_at >= rule.idle_seconds


@settings(derandomize=True, deadline=None, max_examples=150)
@given(rule=rules, nodes=starts, moment=moments, looks=st.integers(2, 200))
def test_a_steady_load_never_makes_it_flap(
    rule: ScalingRule, nodes: dict[str, int], moment: tuple[float, float, float, float], looks: int
) -> None:
    """The same work, however many nodes share it: nodes are added or given up, never both."""
    queued, *_ = moment
    played = play(rule, nodes, [(queued, 0.0, 0.0, 0.0)] * looks)
    changes = [total(decision) - present(load) for _, load, decision in played]
    within = [change for change, (_, load, _) in zip(changes, played, strict=True) if change]
    assert all(change > 0 for change in within) or all(change < 0 for change in within)


@settings(derandomize=True, deadline=None, max_examples=250)
@given(rule=rules, nodes=starts, moment=moments, more=moments, quiet=st.floats(0, 1_000))
def test_more_load_never_means_fewer_nodes(
    rule: ScalingRule,
    nodes: dict[str, int],
    moment: tuple[float, float, float, float],
    more: tuple[float, float, float, float],
    quiet: float,
) -> None:
    light, heavy = load_of(nodes, moment), load_of(nodes, more)
    heavy = replace(
        heavy,
        queued_seconds=max(light.queued_seconds, heavy.queued_seconds),
        used_cpus=max(light.used_cpus, heavy.used_cpus),
        groups={
            kind: replace(group, busy=max(group.busy, light.groups[kind].busy))
            for kind, group in heavy.groups.items()
        },
    )
    memory = Memory(quiet_since=0.0, changed_at=0.0)
    assert total(decide(rule, heavy, memory, quiet)) >= total(decide(rule, light, memory, quiet))


def test_nodes_are_added_at_once_until_the_queue_drains_in_time() -> None:
    load = Load({"cpu": NodeGroup(1, 1, 2), "memory": NodeGroup(1, 1, 2)}, queued_seconds=240)
    assert decide(RULE, load, Memory(), 0).nodes == {"cpu": 2, "memory": 2}


def test_the_maximum_holds_whatever_waits() -> None:
    load = Load({"cpu": NodeGroup(1, 1, 1), "memory": NodeGroup(1, 1, 1)}, queued_seconds=1e9)
    assert total(decide(RULE, load, Memory(), 0)) == RULE.maximum


def test_a_limit_that_stands_in_the_way_is_named_with_its_flag() -> None:
    full = {"cpu": NodeGroup(4, 4, 1), "memory": NodeGroup(4, 4, 1)}
    held = decide(RULE, Load(full, queued_seconds=1_000), Memory(), 0)
    assert held.nodes == {"cpu": 4, "memory": 4}
    assert held.reason == "1000 s of work waits, and the maximum is reached: --max 8 adds none, raise it"
    few = {"cpu": NodeGroup(3, 3, 1), "memory": NodeGroup(4, 4, 1)}
    grown = decide(RULE, Load(few, queued_seconds=1_000), Memory(), 0)
    assert grown.reason.endswith("more than the maximum drains in time: --max 8 adds no more, raise it")
    idle = decide(RULE, Load({"cpu": NodeGroup(1), "memory": NodeGroup(2)}), Memory(), 0)
    assert idle.reason == "quiet for 0 s"
    least = decide(replace(RULE, minimum=3), Load({"cpu": NodeGroup(1), "memory": NodeGroup(2)}), Memory(), 0)
    assert least.reason == ("the load would fit into fewer, and the minimum is reached: --min 3 keeps them")


def test_no_limit_is_named_where_none_stands_in_the_way() -> None:
    exact = {"cpu": NodeGroup(4, 4, 1), "memory": NodeGroup(4, 4, 1)}
    assert decide(RULE, Load(exact, queued_seconds=240), Memory(), 0).reason == "the load fits"
    few = {"cpu": NodeGroup(1, 1, 1), "memory": NodeGroup(1, 1, 1)}
    assert decide(RULE, Load(few, queued_seconds=200), Memory(), 0).reason == "200 s of work waits"


def test_the_minimum_is_reached_at_once_without_any_load() -> None:
    load = Load({"cpu": NodeGroup(0), "memory": NodeGroup(0)})
    assert decide(RULE, load, Memory(), 0).nodes == {"cpu": 1, "memory": 1}


def test_the_busier_kind_gets_the_new_node() -> None:
    load = Load({"cpu": NodeGroup(2, 0), "memory": NodeGroup(2, 2)}, queued_seconds=130)
    assert decide(RULE, load, Memory(), 0).nodes == {"cpu": 2, "memory": 3}


def test_an_idle_cluster_shrinks_step_by_step_to_its_minimum_and_keeps_one_of_each_kind() -> None:
    played = play(RULE, {"cpu": 5, "memory": 1}, [(0.0, 0.0, 0.0, 0.0)] * 60)
    sizes = [total(decision) for _, _, decision in played]
    assert sizes[:30] == [6] * 30
    assert sizes[30:41] == [5, 5, 5, 4, 4, 4, 3, 3, 3, 2, 2]
    assert played[-1][2].nodes == {"cpu": 1, "memory": 1}


def test_a_burst_starts_the_quiet_time_anew() -> None:
    quiet, burst = (0.0, 0.0, 0.0, 0.0), (100.0, 0.9, 0.5, 0.5)
    played = play(RULE, {"cpu": 2, "memory": 1}, [quiet] * 20 + [burst] + [quiet] * 60)
    first = next(at for at, load, decision in played if total(decision) < present(load))
    assert first == 21 * LOOK_EVERY + RULE.idle_seconds


def test_cpus_at_work_keep_their_nodes_though_nothing_waits() -> None:
    memory = Memory(quiet_since=0.0)
    busy = Load({"cpu": NodeGroup(4, 1, 1), "memory": NodeGroup(1, 0, 1)}, used_cpus=3.1)
    assert total(decide(RULE, busy, memory, 1e6)) == 5
    assert total(decide(RULE, replace(busy, used_cpus=2.9), memory, 1e6)) == 4


@pytest.mark.parametrize(("low", "high"), [(3, 2), (-1, 2)])
def test_impossible_bounds_are_refused(low: int, high: int) -> None:
    with pytest.raises(ConfigError, match=f"--min {low} --max {high}"):
        ScalingRule(low, high)


@pytest.mark.parametrize(
    "times", [(0, 1, 1), (1, -1, 1), (1, 1, -1), (float("nan"), 1, 1), (1, float("nan"), 1)]
)
def test_impossible_times_are_refused(times: tuple[float, float, float]) -> None:
    with pytest.raises(ConfigError, match="drain time"):
        ScalingRule(1, 2, *times)
