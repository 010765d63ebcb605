"""``genepool evolve --holding`` breeds what held champions do not do, and the same bits after any stop."""

from pathlib import Path

import pytest

from tests.fakes.programs import here

MARKET = ("--data", "synthetic:regimes:seed=3,candles=3000")
SMALL = (
    *MARKET, "--seed", "5", "--population-size", "12", "--strategies", "ema_crossover,rsi_filter",
    "--preset", "all", "--mode", "local", "--workers", "1", "--fee-bps", "5",
)  # fmt: skip
APART = ("--holding", "gold", "--max-correlation", "0.2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("apart")
    assert here(made, "evolve", *SMALL, "--name", "gold", "--generations", "2", "--no-report").code == 0
    return made


def evolved(folder: Path, *words: str) -> str:
    """Return the digest that a run ends with."""
    return str(here(folder, "evolve", *words, "--no-report", "--json").document["digest"])


def test_a_run_that_is_kept_apart_ends_in_one_digest_however_often_it_stops(folder: Path) -> None:
    whole = evolved(folder, *SMALL, *APART, "--name", "whole", "--generations", "3")
    evolved(folder, *SMALL, *APART, "--name", "parts", "--generations", "2")
    parts = evolved(folder, "--resume", "parts", "--generations", "3")
    plain = evolved(folder, *SMALL, "--name", "plain", "--generations", "3")
    assert whole == parts != plain
    assert "--holding gold --max-correlation 0.2" in here(folder, "show", "whole").out
    assert here(folder, "check", "whole", "--only", "probabilistic_sharpe").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--holding", "gold"), "add --max-correlation"),
        (("--max-correlation", "0.2"), "name them with --holding"),
        (("--holding", "gold", "--max-correlation", "1"), "--max-correlation is 1.0"),
        (("--holding", "gold:first", "--max-correlation", "0.2"), "--holding gold:first is not understood"),
        (("--holding", "gold:900", "--max-correlation", "0.2"), "run gold has no rank 900"),
        (("--holding", "silver", "--max-correlation", "0.2"), "there is no run silver"),
    ],
)
def test_flags_that_do_not_go_together_are_refused(folder: Path, words: tuple[str, ...], said: str) -> None:
    refused = here(folder, "evolve", *SMALL, *words)
    assert (refused.code, said in refused.err) == (2, True)
