"""``genepool exam`` as a user and other programs drive it."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.programs import SMALL_RUN, document, environment, here

# The program, killed where it would begin to trade the sealed candles.
KILLED = """
import os, signal
from genepool.cli import main
from genepool.usecases import sealed_exam
sealed_exam.sitting = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
main()
"""
SHORT = (*SMALL_RUN, "--generations", "2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exam")


@pytest.fixture(scope="module")
def evolved(folder: Path) -> dict[str, Any]:
    return document(folder, *SHORT)


def listed(folder: Path) -> dict[str, Any]:
    return here(folder, "exam", "small", "--list", "--json").document


def test_nobody_spends_it_without_saying_so(evolved: dict[str, Any], folder: Path) -> None:
    assert evolved["run"] == "small"
    said = here(folder, "exam", "small")
    assert said.code == 2
    assert "spends      attempt 1 on SYNTHETIC-REGIMES 1h, for good" in said.err
    assert "nothing was spent: repeat the command with --yes to sit the exam" in said.err
    assert listed(folder)["attempts"] == 0
    assert here(folder, "show", "small", "--json").document["exam"] is None


def test_a_kill_between_counting_and_knowing_has_spent_it(evolved: dict[str, Any], folder: Path) -> None:
    assert evolved["run"] == "small"
    words = [sys.executable, "-c", KILLED, "exam", "small", "--yes", "--json"]
    killed = subprocess.run(words, env=environment(folder), capture_output=True, text=True, check=False)
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, ""), killed.stderr
    found = listed(folder)
    assert (found["attempts"], found["looks"][0]["passed"]) == (1, None)
    assert "interrupted, its answer not told yet" in here(folder, "exam", "small", "--list").out


def test_it_is_sat_once_and_told_everywhere(evolved: dict[str, Any], folder: Path) -> None:
    assert evolved["run"] == "small"
    sat = here(folder, "exam", "small", "--yes", "--json").document
    assert (sat["run"], sat["exam"]["attempt"], sat["exam"]["attempts"]) == ("small", 1, 1)
    # Who asks again need not agree to anything.
    again = here(folder, "exam", "small")
    assert again.code == 0
    assert again.err == ""
    assert sat["exam"]["sentence"] in again.out
    assert here(folder, "show", "small", "--json").document["exam"] == sat["exam"]
    assert "exam        " in here(folder, "show", "small").out
    assert listed(folder)["attempts"] == 1


def test_a_backtest_of_the_champions_sealed_candles_is_an_attempt(
    evolved: dict[str, Any], folder: Path
) -> None:
    assert evolved["run"] == "small"
    file = folder / "champion.json"
    assert here(folder, "export", "small", "--what", "genome", "--rank", "2", "--out", str(file)).code == 0
    visible = here(folder, "backtest", "--genome", str(file), "--json")
    assert visible.code == 0
    assert listed(folder)["attempts"] == 1
    sealed = here(folder, "backtest", "--genome", str(file), "--start", "2400", "--json")
    assert sealed.code == 0
    assert "counts as attempt 2 at the exam of SYNTHETIC-REGIMES 1h" in sealed.err
    assert [look["what"] for look in listed(folder)["looks"]] == ["exam", "backtest"]
    now = here(folder, "exam", "small", "--json").document["exam"]
    assert (now["attempt"], now["attempts"], now["bar_now"] > now["bar"]) == (1, 2, True)


def test_the_unsealing_shows_all_and_ends_it(evolved: dict[str, Any], folder: Path) -> None:
    assert evolved["run"] == "small"
    assert here(folder, "exam", "small", "--unseal").code == 2
    shown = here(folder, "exam", "small", "--unseal", "--yes", "--json").document
    assert shown["measures"]["candles"] == 600
    assert shown["exam"]["attempt"] == 1
    document(folder, *(word if word != "small" else "late" for word in SHORT), "--seed", "12")
    refused = here(folder, "exam", "late", "--yes")
    assert refused.code == 2
    assert f"were unsealed on {shown['unsealed_at'][:10]}, so no exam on them counts" in refused.err
    assert "champion " in here(folder, "exam", "small", "--unseal").out
    assert here(folder, "ledger", "verify").code == 0


def test_two_wishes_at_once_are_refused(folder: Path) -> None:
    assert here(folder, "exam", "--list", "--unseal").code == 2
