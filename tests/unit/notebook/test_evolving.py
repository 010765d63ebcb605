"""A run from Python has the digest of the command, in the same history; own strategies stand beside seeds."""

import inspect
import io
import os
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from unittest import mock

import pytest

import genepool as gp
from genepool.cli._new_run_flags import NewRunFlags
from genepool.errors import DataError, Interrupted, LooksAhead
from genepool.notebook.costs import Costs
from genepool.notebook.progress import ProgressLine
from genepool.ports import Event, GenerationFinished
from tests.fakes.own_strategies import PEEKS, crossing, crossing_function, peeking, seldom_peeking
from tests.fakes.programs import environment, here

DATA = "synthetic:regimes:seed=3,candles=2500"
SEEDS = ["bollinger_bands", "donchian_breakout"]
WORDS = (
    "evolve", "--data", DATA, "--preset", "all", "--strategies", ",".join(SEEDS), "--population-size", "8",
    "--generations", "2", "--seed", "11", "--mode", "local", "--workers", "1", "--no-report", "--json",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder that the settings name, as those of the commands that are run in it."""
    with mock.patch.dict(os.environ, environment(tmp_path)):
        yield tmp_path


def evolved(**said: object) -> gp.Evolved:
    rules = {
        "strategies": SEEDS, "population_size": 8, "generations": 2, "seed": 11, "preset": "all",
        "mode": "local", "workers": 1, "progress": False, **said,
    }  # fmt: skip
    return gp.evolve(gp.read(DATA), **rules)  # type: ignore[arg-type] # by name


def test_every_rule_of_a_run_is_a_keyword_with_the_flags_default() -> None:
    asked = {name: one.default for name, one in inspect.signature(gp.evolve).parameters.items()}
    costs = {field.name for field in fields(Costs)}
    flags = {field.name: field.default for field in fields(NewRunFlags) if field.name not in costs}
    assert {name: asked[name] for name in flags} == {**flags, "strategies": ()}
    assert costs <= {field.name for field in fields(NewRunFlags)}


def test_digest_document_and_trials_are_those_of_the_command(folder: Path) -> None:
    run = evolved(name="py")
    told = here(folder, *WORDS, "--name", "cli").document
    assert run.digest == told["digest"]
    # The ladder names the run in the commands that ask more.
    apart = {"run", "seconds", "genomes", "ladder"}
    assert {name: run.document[name] for name in told.keys() - apart} == {
        name: told[name] for name in told.keys() - apart
    }
    assert told["ladder"]["sentence"] == run.document["ladder"]["sentence"]
    # The same genomes on the same candles, in one history: the second run adds no trial.
    assert told["trials"] == run.document["trials"]
    shown = here(folder, "show", "py", "--json").document
    assert (shown["digest"], shown["verdict"]) == (run.digest, run.verdict)


def test_what_it_returns_is_read_in_a_notebook(folder: Path) -> None:
    run = evolved(store=":memory:")
    assert run.leaderboard.index[0] == 1
    assert run.leaderboard["fingerprint"].iloc[0] == (run.champion.fingerprint if run.champion else "")
    assert run.ladder is not None
    assert run.ladder["sentence"] in run._repr_html_()
    assert run.report(folder / "run.html").read_text().startswith("<!doctype html>")
    assert not (folder / "home").exists(), "a history in memory leaves nothing behind"


def test_own_strategies_are_bred_beside_seeds_and_noted_with_their_digest(folder: Path) -> None:
    run = evolved(strategies=["donchian_breakout", crossing])
    assert run.plan.spec.strategies == (crossing.name, "donchian_breakout")
    assert crossing.name in set(run.leaderboard["strategy"])
    call = run.document["reproduce"].partition("  # with")[0]
    again = eval(call, {"gp": gp, "candles": gp.read(DATA), "crossing_function": crossing})  # noqa: S307 - our own text
    assert again.digest == run.digest
    shown = here(folder, "show", run.run, "--json").document
    assert shown["verdict"] is None
    assert f"bred with {crossing.name}, a strategy of your own" in shown["no_verdict_because"]


def test_the_report_knows_the_genes_of_an_own_champion(folder: Path) -> None:
    page = evolved(strategies=[crossing], store=":memory:").report(folder / "own.html").read_text()
    assert "Follows two averages." in page
    assert "no longer known" not in page


@pytest.mark.usefixtures("folder")
def test_a_run_continues_with_the_same_function_and_with_no_other() -> None:
    whole = evolved(strategies=[crossing], generations=3, store=":memory:").digest
    run = evolved(strategies=[crossing], generations=2)
    longer = gp.resume(gp.read(DATA), run.run, strategies=[crossing], generations=3, mode="local", workers=1)
    assert longer.digest == whole

    with mock.patch("tests.fakes.own_strategies.BAND", 0.02):
        changed = gp.strategy(lookback="4 * slow", order=("fast", "slow"))(crossing_function)
    with pytest.raises(DataError, match=rf"bred with {crossing.name}, and the function is another one now"):
        gp.resume(gp.read(DATA), run.run, strategies=[changed], generations=4)


def test_one_that_sees_the_future_is_refused_before_anything_is_recorded(folder: Path) -> None:
    with pytest.raises(LooksAhead, match=peeking.name):
        evolved(strategies=[peeking])
    assert not (folder / "home").exists()


def test_genomes_that_see_the_future_are_named_and_take_no_place(folder: Path) -> None:
    run = evolved(strategies=[seldom_peeking], population_size=40, generations=3, store=":memory:")
    assert len(run.leaderboard) > 1
    assert not run.leaderboard["genes"].astype(str).str.contains(f"mode={PEEKS}").any()
    page = run.report(folder / "run.html").read_text()
    assert f"{seldom_peeking.name} sees the future with these genes" in page


def test_an_interrupt_keeps_what_is_bred_and_says_how_to_resume(folder: Path) -> None:
    def interrupt(event: Event) -> None:
        if isinstance(event, GenerationFinished):
            os.kill(os.getpid(), 2)

    with pytest.raises(
        Interrupted, match=r"run broken is stopped, 1 of 2 .* resume it by gp\.resume\(candles, 'broken'\)"
    ):
        evolved(name="broken", progress=interrupt)
    assert (
        gp.resume(gp.read(DATA), "broken", mode="local", workers=1, progress=False).digest == evolved().digest
    )
    assert (folder / "home" / "genepool.sqlite").exists()


def test_progress_is_one_line_that_ends_cleared() -> None:
    stream = io.StringIO()
    evolved(store=":memory:", progress=ProgressLine(stream))
    before, after = stream.getvalue().split("\n")
    assert "generation 1 of 2" in before
    assert before.split("\r")[-1].strip().endswith("is finished")
    assert after.split("\r")[-1].strip() == ""
