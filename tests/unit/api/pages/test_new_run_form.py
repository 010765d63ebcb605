"""What is typed into the form of a new run."""

import pytest
from starlette.datastructures import ImmutableMultiDict

from genepool.api.pages.new_run_fields import GROUPS, grouped
from genepool.api.pages.new_run_form import HOURS, TypedRun, read_form
from genepool.api.v1.new_run import NewRunBody
from genepool.usecases.evolve_command import evolve_command


def typed(*fields: tuple[str, str]) -> TypedRun:
    return read_form(ImmutableMultiDict(fields))


def test_empty_fields_stand_for_what_is_usual() -> None:
    found = typed(("data", "eurusd_1h"), ("candles", ""), ("seed", " "), ("name", ""))
    assert found.body == NewRunBody(data="eurusd_1h")


def test_texts_are_read_as_what_they_stand_for() -> None:
    body = typed(("seed", " 7 "), ("fee_bps", "2.5"), (HOURS, "1.5")).body
    assert body is not None
    assert (body.seed, body.fee_bps, body.time_limit) == (7, 2.5, 5_400)


def test_an_invented_market_goes_before_the_data_above_it() -> None:
    body = typed(("data", "eurusd_1h"), ("other_data", "synthetic:noise")).body
    assert body is not None
    assert body.data == "synthetic:noise"


def test_an_optimizer_is_chosen_by_what_it_does_and_stands_in_the_command() -> None:
    found = typed(("data", "eurusd_1h"), ("optimizer", "random"))
    field = next(field for field in grouped(found)["Search"] if field.name == "optimizer")
    assert field.value == "random"
    assert [name for name, _ in field.choices] == ["atlas", "cma", "genetic", "random", "tpe"]
    assert "random: Draws every genome at random" in dict(field.choices)["random"]
    assert found.body is not None
    assert "--optimizer random" in evolve_command(found.body.data, found.body.rules(), "")


def test_ticked_strategies_are_parted_by_commas() -> None:
    body = typed(("strategies", "ema_crossover"), ("strategies", "rsi_filter")).body
    assert body is not None
    assert body.strategies == "ema_crossover,rsi_filter"


@pytest.mark.parametrize(
    ("name", "value"),
    [("seed", "-1"), ("population_size", "1e3x"), (HOURS, "soon"), (HOURS, "nan"), ("folds", "0")],
)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(name: str, value: str) -> None:
    found = typed((name, value), ("seed" if name != "seed" else "folds", "3"))
    assert found.body is None
    assert list(found.wrong) == [name]
    shown = {field.name: field for fields in grouped(found).values() for field in fields}
    assert (shown[name].value, bool(shown[name].wrong)) == (value, True)


def test_every_member_of_the_request_has_a_field() -> None:
    fields = {name for names in GROUPS.values() for name in names} | {"data", "strategies"}
    assert fields == set(NewRunBody.model_fields) - {"time_limit"} | {HOURS}
