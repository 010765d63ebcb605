"""The commands of the README do what it says, word for word, in an empty folder."""

import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.fakes.programs import Said, here, start

ROOT = Path(__file__).resolve().parents[2]
GENEPOOL = str(Path(sys.executable).with_name("genepool"))
# A search small enough for a test; everything else in a documented command stays as it is.
SMALL = ["--population-size", "14", "--generations", "2", "--workers", "1"]


def documented() -> list[str]:
    """Return the genepool commands of the README's shell blocks, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("genepool ")]


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    home = {"GENEPOOL_HOME": str(folder / "data"), "GENEPOOL_RESULTS": str(folder / "results")}
    # A stack of this machine is none of the test's business.
    home |= {"GENEPOOL_SERVICE_PORT": "9"}
    return subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, **home},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.slow
def test_the_readmes_commands_work_in_the_order_in_which_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text(hourly_csv(4_000))
    commands = documented()
    assert len(commands) >= 10
    for command in commands:
        words = command.split()[1:]
        if words[0] == "evolve" and "--resume" not in words:
            words += SMALL
        if "RUN" in words:
            continue
        said = on_its_own(tmp_path, *words) if command is commands[0] else forked(tmp_path, *words)
        assert said.code == 0, f"{command}\n{said.out}\n{said.err}"
    assert json.loads((tmp_path / "best.json").read_text())["schema"] == "genepool/genome/2"


def forked(folder: Path, *words: str) -> Said:
    """Call the program in a process of its own that needs no second to import it."""
    program = start(folder, *words)
    out, err = program.communicate(timeout=300)
    return Said(program.returncode, out, err)


def hourly_csv(count: int) -> str:
    """Return a market of hourly candles that swings, in a common CSV layout."""
    lines = ["date,open,high,low,close,volume"]
    for hour in range(count):
        price = 100 + abs(hour % 96 - 48) * 0.5 + hour % 7 * 0.2
        lines.append(f"{1_672_531_200 + hour * 3_600},{price},{price + 1},{price - 1},{price + 0.25},10")
    return "\n".join(lines) + "\n"


@pytest.mark.slow
def test_the_module_is_the_program_and_its_launcher_evolves(tmp_path: Path) -> None:
    module = [sys.executable, "-m", "genepool", "--version"]
    assert subprocess.run(module, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    words = [sys.executable, "-m", "src.execution.genetic_strategy_pool", "--mode", "local"]
    home = {"GENEPOOL_HOME": str(tmp_path / "data"), "GENEPOOL_RESULTS": str(tmp_path / "results")}
    few = ["--strategies", "bollinger_bands,donchian_breakout", "--population-size", "8"]
    outcome = subprocess.run(
        [*words, *few, "--generations", "2", "--workers", "1", "--json"],
        cwd=ROOT, env={**os.environ, **home}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert outcome.returncode == 0, outcome.stderr
    assert re.fullmatch(r"[0-9a-f]{64}", json.loads(outcome.stdout)["digest"])


def commands() -> list[list[str]]:
    listed = "backtest evolve runs show report export strategies data db config"
    return [[name] for name in listed.split()] + [
        ["data", name] for name in ("import", "describe", "list", "download")
    ]


def on_its_own(folder: Path, *words: str) -> Said:
    outcome = run([GENEPOOL, *words], folder)
    return Said(outcome.returncode, outcome.stdout, outcome.stderr)


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_answers_help(words: list[str], tmp_path: Path) -> None:
    outcome = here(tmp_path, *words, "--help")
    assert outcome.code == 0
    assert "Usage" in outcome.out


def test_the_program_tells_its_version(tmp_path: Path) -> None:
    assert here(tmp_path, "--version").out == f"genepool {version('genepool')}\n"


@pytest.mark.slow
def test_the_installed_program_answers_help_and_ends_in_its_exit_code(tmp_path: Path) -> None:
    assert "Usage" in on_its_own(tmp_path, "evolve", "--help").out
    refused = on_its_own(tmp_path, "evolve", "--data", "nowhere.csv")
    assert (refused.code, refused.out) == (3, "")
    assert "nowhere.csv" in refused.err
    assert "Traceback" not in refused.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_device_behind_the_output_is_said_in_a_sentence(tmp_path: Path) -> None:
    home = {"GENEPOOL_HOME": str(tmp_path)}
    with Path("/dev/full").open("w") as full:
        outcome = subprocess.run(
            [GENEPOOL, "strategies", "--json"], stdout=full, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **home}, check=False, timeout=300,
        )  # fmt: skip
    assert outcome.returncode == 1
    assert "the output cannot be used: No space left on device" in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["evolve", "--no-such-flag"], 2, "no-such-flag"),
        (["evolve", "--data", "nowhere.csv"], 3, "nowhere.csv"),
        (["evolve", "--strategies", "ema_crosover"], 2, "ema_crossover"),
        (["evolve", "--mode", "distributed"], 4, "cluster"),
        (["evolve", "--resume", "nothing"], 2, "nothing"),
        (["show", "nothing"], 2, "nothing"),
        (
            ["backtest", "--data", "btcusd_1h", "--strategy", "ema_crossover", "--gene", "fast=oops"],
            2,
            "fast",
        ),
        (["backtest", "--data", "btcusd_1h", "--strategy", "ema_crossover", "--gene", "quick=3"], 2, "quick"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_input_ends_in_one_sentence_and_the_documented_code(
    words: list[str], code: int, sentence: str, tmp_path: Path
) -> None:
    outcome = here(tmp_path, *words)
    assert outcome.code == code, outcome.err
    assert sentence in re.sub(r"\s+", "", outcome.err) or sentence in outcome.err
    assert "Traceback" not in outcome.err
