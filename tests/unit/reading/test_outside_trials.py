"""Files of trials that other programs made: freqtrade's hyperopt, and studies of Optuna."""

import json
import math
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import optuna
import pytest

from genepool.errors import ConfigError, DataError
from genepool.reading.outside_trials import read_outside_trials


def an_epoch(number: int, strategy: str = "Mine", **changes: object) -> dict[str, Any]:
    return {
        "loss": -float(number),
        "params_dict": {"buy_rsi": 20 + number, "sell_rsi": 70.5, "buy_on": True},
        "params_not_optimized": {"roi": {"0": 0.1}},
        "results_metrics": {"strategy_name": strategy, "sharpe": math.nan},
        "current_epoch": number,
        **changes,
    }


def hyperopt(folder: Path, *epochs: dict[str, Any]) -> Path:
    file = folder / "strategy_Mine.fthypt"
    file.write_text("".join(f"{json.dumps(epoch)}\n" for epoch in epochs), encoding="utf-8")
    return file


def test_an_epoch_of_freqtrade_is_a_trial_and_the_same_parameters_are_one(tmp_path: Path) -> None:
    again = an_epoch(1)
    again["params_dict"] = dict(reversed(again["params_dict"].items()))
    found = read_outside_trials(hyperopt(tmp_path, an_epoch(1), an_epoch(2), {**again, "loss": 7.0}))
    assert (found.program, found.read, len(found.fingerprints)) == ("freqtrade", 3, 2)
    assert all(len(one) == 16 for one in found.fingerprints)


def test_a_file_that_has_grown_holds_the_trials_it_had(tmp_path: Path) -> None:
    before = read_outside_trials(hyperopt(tmp_path, an_epoch(1)))
    after = read_outside_trials(hyperopt(tmp_path, an_epoch(1), an_epoch(2)))
    assert after.fingerprints[:1] == before.fingerprints


@pytest.mark.parametrize(
    "other",
    [
        an_epoch(1, "Other"),
        an_epoch(1, params_dict={"buy_rsi": 22}),
        an_epoch(1, params_not_optimized={"roi": {"0": 0.2}}),
    ],
)
def test_another_strategy_or_another_value_is_another_trial(tmp_path: Path, other: dict[str, Any]) -> None:
    assert len(read_outside_trials(hyperopt(tmp_path, an_epoch(1), other)).fingerprints) == 2


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"", "strategy_Mine.fthypt holds no epoch"),
        (b"time,open,high\n1,2,3\n", "line 1 of .* is not JSON"),
        (b'{"loss": 1, "params_dict": {}}\n{"loss": 1, "par', "line 2 of .* is not JSON.*cut off"),
        (b"[1, 2]\n", "line 1 of .* is no hyperopt epoch"),
        (b'{"loss": 1}\n', "line 1 of .* is no hyperopt epoch"),
        (b"\xff\xfe\x00\n", "line 1 of .* is not JSON"),
        (b"[" * 100_000, "line 1 of .* is not JSON"),
    ],
)
def test_a_file_that_is_no_hyperopt_is_refused_by_its_line(tmp_path: Path, written: bytes, said: str) -> None:
    file = tmp_path / "strategy_Mine.fthypt"
    file.write_bytes(written)
    with pytest.raises(DataError, match=said):
        read_outside_trials(file)


@pytest.mark.parametrize(
    ("name", "written"), [("a.pickle", b"any"), ("a.fthypt", b"\x80\x04\x95"), ("a", b"\x78\x9c")]
)
def test_a_pickle_is_refused_by_name_and_never_loaded(tmp_path: Path, name: str, written: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(written)
    with pytest.raises(DataError, match=rf"{name} is a pickle.*ledger declare"):
        read_outside_trials(file)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(DataError, match="there is no file"):
            read_outside_trials(place)


@pytest.fixture
def studied(tmp_path: Path) -> Path:
    """Return a storage of two studies, made by Optuna itself."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    file = tmp_path / "study.db"
    trial, distributions = optuna.trial, optuna.distributions
    choices = distributions.CategoricalDistribution(["a", None, 3])
    floats = distributions.FloatDistribution(0.0, 1.0)
    for name, first in (("mine", 0.0), ("other", 0.5)):
        study = optuna.create_study(storage=f"sqlite:///{file}", study_name=name)
        for place, state in enumerate(("COMPLETE", "PRUNED", "FAIL", "RUNNING", "COMPLETE", "WAITING")):
            # The last one that ended repeats the first.
            values = {"x": first if place in (0, 4) else first + place / 10, "kind": None}
            ended = trial.TrialState[state]
            study.add_trial(
                trial.create_trial(
                    state=ended,
                    value=1.0 if state == "COMPLETE" else None,
                    params=values,
                    distributions={"x": floats, "kind": choices},
                )
            )
    return file


def test_trials_of_a_study_that_have_ended_count_and_the_same_parameters_are_one(studied: Path) -> None:
    before = studied.read_bytes()
    found = read_outside_trials(studied, "mine")
    assert (found.program, found.read, len(found.fingerprints)) == ("optuna", 4, 3)
    assert not {*found.fingerprints} & {*read_outside_trials(studied, "other").fingerprints}
    assert studied.read_bytes() == before


def test_of_several_studies_one_is_to_be_named(studied: Path) -> None:
    with pytest.raises(ConfigError, match="holds 2 studies: choose one with --study, of mine, other"):
        read_outside_trials(studied)
    with pytest.raises(ConfigError, match="has no study 'third': choose from mine, other"):
        read_outside_trials(studied, "third")


@pytest.mark.parametrize(
    "damage",
    [
        lambda storage: storage.execute("DROP TABLE trial_params"),
        lambda storage: storage.execute("UPDATE trial_params SET distribution_json = '{'"),
        lambda storage: storage.execute("UPDATE trial_params SET distribution_json = '[]'"),
        lambda storage: storage.execute("UPDATE trial_params SET param_value = 9 WHERE param_name = 'kind'"),
    ],
)
def test_a_damaged_storage_is_refused_in_a_sentence(
    studied: Path, damage: Callable[[sqlite3.Connection], object]
) -> None:
    with closing(sqlite3.connect(studied)) as storage, storage:
        damage(storage)
    with pytest.raises(DataError, match=r"study\.db cannot be read as a storage of Optuna"):
        read_outside_trials(studied, "mine")


def test_a_study_that_has_not_run_is_refused(studied: Path) -> None:
    with closing(sqlite3.connect(studied)) as storage, storage:
        storage.execute("UPDATE trials SET state = 'WAITING'")
    with pytest.raises(DataError, match="no trial of study 'mine'"):
        read_outside_trials(studied, "mine")


def test_a_study_is_named_only_of_a_storage(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--study names a study of Optuna"):
        read_outside_trials(hyperopt(tmp_path, an_epoch(1)), "mine")
