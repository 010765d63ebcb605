"""``genepool nulls`` and ``evolve --nulls`` as a user and other programs drive them."""

from pathlib import Path
from typing import Any

import pytest

from genepool.cli import _run_session
from genepool.errors import Interrupted
from tests.fakes.programs import SMALL_RUN, document, here

SHORT = (*SMALL_RUN, "--generations", "2")
FEW = ("--count", "2", "--workers", "1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nulls")


@pytest.fixture(scope="module")
def evolved(folder: Path) -> dict[str, Any]:
    return document(folder, *SHORT, "--nulls", "1")


def test_a_run_is_followed_by_its_nulls(evolved: dict[str, Any]) -> None:
    nulls = evolved["nulls"]
    assert (nulls["count"], nulls["generator"], nulls["statistic"]) == (1, "block_shuffle", "sum_of_both")
    assert nulls["p_value"] in {0.5, 1.0}
    assert nulls["interval"][0] <= nulls["reached"] <= nulls["interval"][1]
    assert evolved["trials"] == 40


def test_the_run_is_judged_by_its_nulls(evolved: dict[str, Any]) -> None:
    survived = evolved["ladder"]["rungs"][2]
    assert survived["rung"] == "survived"
    assert "null evolution was not asked" not in survived["sentence"]
    assert "null" in survived["sentence"]


def test_a_user_who_stops_the_nulls_still_gets_the_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise Interrupted("the nulls that are made are recorded; continue with\n  genepool nulls small")

    monkeypatch.setattr(_run_session, "null_session", stopped)
    said = here(tmp_path, *(word for word in SHORT if word != "--json"), "--nulls", "1")
    assert said.code == 130
    assert "? 5 examined" in said.out
    assert "continue with\n  genepool nulls small" in said.err


def test_the_command_adds_those_that_are_wanting(evolved: dict[str, Any], folder: Path) -> None:
    before = document(folder, "show", "small", "--json")
    assert before["nulls"] == evolved["nulls"]
    said = here(folder, "nulls", "small", *FEW, "--json")
    found = said.document
    assert (found["run"], found["digest"], found["trials"]) == ("small", evolved["digest"], 40)
    assert found["nulls"]["count"] == 2
    assert evolved["nulls"]["null_figures"][0] in found["nulls"]["null_figures"]
    shown = document(folder, "show", "small", "--json")
    assert shown["nulls"] == found["nulls"]
    # They are counted apart.
    assert {shown[name] for name in ("trials", "evaluations")} == {40}
    assert [one["run"] for one in document(folder, "runs", "--json")] == ["small"]  # type: ignore[index]


def test_a_person_reads_figure_p_value_and_one_sentence(evolved: dict[str, Any], folder: Path) -> None:
    assert evolved["nulls"] is not None
    said = here(folder, "nulls", "small", *FEW)
    assert "null 2 of 2" in said.err
    assert "▲ this run" in said.out
    assert "p-value" in said.out
    assert "found as much twice: chance alone does it too often (p = 1). No edge was found." in said.out
    assert "nulls       2 by block_shuffle" in here(folder, "show", "small").out


def test_other_markets_and_workers(evolved: dict[str, Any], folder: Path) -> None:
    assert evolved["nulls"] is not None
    flips = document(folder, "nulls", "small", *FEW, "--generator", "sign_flip", "--json")["nulls"]
    assert (flips["count"], flips["generator"]) == (2, "sign_flip")


def test_a_generator_that_is_not_there_is_named(folder: Path, evolved: dict[str, Any]) -> None:
    assert evolved["nulls"] is not None
    said = here(folder, "nulls", "small", "--generator", "shuffle")
    assert said.code == 2
    assert "there is no generator of null markets 'shuffle'" in said.err


def test_several_markets_take_no_nulls(folder: Path) -> None:
    said = here(folder, "evolve", "--data", "btcusd_1h,eurusd_1h", "--nulls", "3")
    assert said.code == 2
    assert "--nulls is for one market: leave it out" in said.err
