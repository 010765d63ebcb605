"""A recorded run may get a larger budget: what it means is said, and its digest is what was said."""

from dataclasses import replace
from typing import Any

import pytest

from genepool.errors import ConfigError
from genepool.history import RunSpec, RunSummary
from genepool.pool.budgets import describe_enlargement, enlarged
from genepool.pool.commands import reproduce_command
from genepool.pool.resuming import resume
from tests.fakes.memory.store import MemoryStore
from tests.unit.pool.test_loop import SETTINGS, run, started


def finished(**settings: Any) -> tuple[MemoryStore, RunSummary]:  # noqa: ANN401 - of the settings
    store, spec = started(replace(SETTINGS, **settings))
    run(store, spec)
    return store, store.summaries()[0]


def resumed(store: MemoryStore, spec: RunSpec) -> str:
    store.enlarge(spec)
    assert store.spec(spec.run) == spec
    return run(store, spec, manner=resume).digest


@pytest.mark.parametrize(
    ("few", "many"),
    [
        ({"generations": 2}, {"generations": 5}),
        ({"generations": 9, "plateau": 1}, {"plateau": 4}),
    ],
)
def test_the_digest_is_that_of_a_run_with_this_budget_from_the_start(
    few: dict[str, Any], many: dict[str, Any]
) -> None:
    store, before = finished(**few)
    after = enlarged(before, many)
    assert "is the one of a run that had this budget from the start" in describe_enlargement(before, after)
    digest = resumed(store, after)
    _, whole = finished(**{**few, **many})
    assert digest == whole.digest != before.digest


def test_a_generation_that_was_cut_short_is_said_and_can_be_repeated() -> None:
    store, before = finished(generations=6, evaluations=30)
    after = enlarged(before, {"evaluations": 45})
    assert after.cut_at == (30,)
    assert "was cut short by the 30 evaluations" in describe_enlargement(before, after)
    digest = resumed(store, after)
    _, in_one_go = finished(generations=6, evaluations=45)
    assert digest != in_one_go.digest
    command = reproduce_command(after)
    assert " --max-evaluations 30 " in command
    assert command.endswith(" && genepool evolve --resume latest --max-evaluations 45")


def test_evaluations_that_were_not_used_up_cut_nothing() -> None:
    store, spec = started(replace(SETTINGS, generations=2, evaluations=10_000))
    run(store, spec)
    after = enlarged(store.summaries()[0], {"generations": 4, "evaluations": 20_000})
    assert after.cut_at == ()
    assert " && " not in reproduce_command(after)


def test_the_same_budget_changes_nothing() -> None:
    store, before = finished(generations=3)
    assert enlarged(before, {"generations": 3}) == before.spec
    assert resumed(store, before.spec) == before.digest


def test_more_generations_do_not_undo_another_budget_that_is_used_up() -> None:
    store, before = finished(generations=3, evaluations=20)
    assert resumed(store, enlarged(before, {"generations": 9})) == before.digest


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"generations": 2}, "--generations 2 is less than the 3 of run"),
        ({"evaluations": 50}, "--max-evaluations 50 would limit run"),
        ({"minutes": 5.0}, "--max-minutes 5 would limit run"),
        ({"plateau": 5}, "--plateau 5 would limit run"),
    ],
)
def test_a_smaller_budget_is_refused(asked: dict[str, Any], sentence: str) -> None:
    _, before = finished(generations=3)
    with pytest.raises(ConfigError, match=sentence):
        enlarged(before, asked)


def test_minutes_that_are_no_number_are_refused() -> None:
    store, _ = started(replace(SETTINGS, minutes=1))
    with pytest.raises(ConfigError, match="--max-minutes nan is less"):
        enlarged(store.summaries()[0], {"minutes": float("nan")})


def test_a_specification_of_before_reads_back() -> None:
    _, spec = started(SETTINGS)
    assert RunSpec.from_json(replace(spec, cut_at=(30, 45)).to_json()).cut_at == (30, 45)
    assert RunSpec.from_json(spec.to_json().replace('"cut_at": [], ', "")).cut_at == ()
