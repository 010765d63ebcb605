"""A champion from ``evolve`` to ``export`` to ``backtest``, and its run with a larger budget."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.programs import SMALL_RUN, here

COSTS = ("--spread-bps", "3", "--max-leverage", "2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("champion")


@pytest.fixture(scope="module")
def short(folder: Path) -> dict[str, Any]:
    return here(folder, *SMALL_RUN, "--generations", "2", *COSTS).document


@pytest.fixture(scope="module")
def champion_file(short: dict[str, Any], folder: Path) -> Path:
    file = folder / "champion.json"
    done = here(folder, "export", short["run"], "--out", str(file))
    assert done.code == 0, done.err
    return file


class TestTheChampion:
    @pytest.mark.parametrize("span", ["in-sample", "walk-forward"])
    def test_has_the_same_figures_bit_for_bit(
        self, short: dict[str, Any], folder: Path, champion_file: Path, span: str
    ) -> None:
        answer = here(folder, "backtest", "--genome", str(champion_file), "--spans", span, "--json").document
        champion = short["leaderboard"][0][span.replace("-", "_")]
        assert {name: answer[name] for name in champion} == champion
        held = short["buy_and_hold"][span.replace("-", "_")]
        assert {name: answer["buy_and_hold"][name] for name in held} == held
        assert answer["costs"] == json.loads(champion_file.read_text())["costs"]
        assert answer["differences"] == []


class TestALargerBudget:
    """Case 15: the run w6, resumed with more generations."""

    def test_w6_continues_to_the_digest_of_a_run_that_had_it_from_the_start(
        self, short: dict[str, Any], folder: Path, tmp_path: Path
    ) -> None:
        longer = here(
            folder, "evolve", "--resume", short["run"], "--generations", "4", "--no-report", "--json"
        )
        assert longer.code == 0, longer.err
        assert f"its digest so far, over 2 generations, was {short['digest']}" in longer.err
        assert longer.document["stopped_by"] == "4 generations"
        whole = here(tmp_path, *SMALL_RUN, "--generations", "4", *COSTS).document
        assert longer.document["digest"] == whole["digest"] != short["digest"]

    def test_a_smaller_one_is_refused_and_changes_nothing(self, short: dict[str, Any], folder: Path) -> None:
        done = here(folder, "evolve", "--resume", short["run"], "--generations", "1", "--no-report")
        assert done.code == 2
        assert "--generations 1 is less than the" in " ".join(done.err.split())
