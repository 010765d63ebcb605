"""The flags that say how a file is read: declared once, taken by every command that takes a file."""

import shlex
from pathlib import Path
from typing import get_type_hints

import pytest

from genepool.cli._commands import loaded
from genepool.errors import ConfigError
from genepool.reading.bundles import flags_of, read_words, words_of
from genepool.reading.flags import FileFlags
from genepool.reading.options import file_options
from tests.fakes.programs import Said, here

STEP = 3_600
# Whole points, two markets, twins: nothing of it is read without a flag.
FLAGS = ("--where", "coin=BTC", "--price-scale", "100", "--repair", "--symbol", "BTC")


@pytest.fixture
def awkward(tmp_path: Path) -> Path:
    rows = [f"{1_600_000_000 + i * STEP},BTC,{o},{o + 9},{o - 9},{o + (i % 5) - 2},5" for i, o in walk(1_800)]
    others = [f"{1_600_000_000 + i * STEP},ETH,{o},{o + 9},{o - 9},{o},5" for i, o in walk(30)]
    path = tmp_path / "awkward.csv"
    path.write_text("time,coin,open,high,low,close,volume\n" + "\n".join([*rows, rows[-1], *others]) + "\n")
    return path


def walk(count: int) -> list[tuple[int, int]]:
    return [(i, 10_000 + 40 * ((i * i) % 17)) for i in range(count)]


def evolved(folder: Path, *arguments: str) -> Said:
    small = ("--population-size", "4", "--generations", "1", "--strategies", "sma_trend_filter")
    where = ("--mode", "local", "--workers", "1", "--no-report", "--json")
    return here(folder, "evolve", *arguments, *small, *where)


def options(*words: str) -> set[str]:
    command = loaded(words[0])
    for word in words[1:]:
        command = command.commands[word]
    return {name for parameter in command.params for name in parameter.opts}


@pytest.mark.parametrize("command", [("data", "import"), ("data", "describe"), ("evolve",), ("backtest",)])
def test_each_command_that_takes_a_file_has_every_flag(command: tuple[str, ...]) -> None:
    assert set(flags_of(FileFlags)) <= options(*command)


def test_a_flag_has_one_declaration() -> None:
    assert len(set(flags_of(FileFlags))) == len(get_type_hints(FileFlags))


def test_words_tell_what_differs_from_the_defaults_and_read_back() -> None:
    flags = FileFlags(
        where=["venue=a b", "coin=BTC"], repair=True, max_gap=3, price_scale=1e5, funding=Path("f.csv")
    )
    words = words_of(flags)
    assert {"--where", "venue=a b", "coin=BTC", "--repair", "100000.0", "f.csv"} <= set(words)
    assert read_words(FileFlags, words) == flags
    assert words_of(FileFlags()) == ()


def test_a_flag_that_is_named_like_an_option_is_handed_on() -> None:
    said = file_options(FileFlags(time_format="%Y", fill=7, max_gap=2, timeframe=" 1H"))
    assert (said.reading.time_format, said.rules.fill, said.rules.max_gap) == ("%Y", 7, 2)
    # Capitals tell months from minutes.
    assert said.rules.timeframe == "1H"


def test_a_file_that_needs_flags_is_traded_as_it_is_imported(tmp_path: Path, awkward: Path) -> None:
    trade = ("backtest", "--strategy", "sma_trend_filter", "--json")
    direct = here(tmp_path, *trade, "--data", str(awkward), *FLAGS).document
    assert here(tmp_path, "data", "import", str(awkward), *FLAGS).code == 0
    assert direct == here(tmp_path, *trade, "--data", "BTC_1h").document


def test_a_run_on_a_file_is_resumed_repeated_and_shown_with_the_flags_it_was_read_with(
    tmp_path: Path, awkward: Path
) -> None:
    run = evolved(tmp_path, "--data", str(awkward), "--name", "first", *FLAGS).document
    again = here(tmp_path, "evolve", "--resume", "first", "--mode", "local", "--no-report", "--json")
    assert again.document["digest"] == run["digest"]
    words = shlex.split(run["reproduce"])[1:]
    assert {"coin=BTC", "--price-scale", "--repair"} <= set(words)
    other = here(tmp_path, *words, "--mode", "local", "--workers", "1", "--no-report", "--json")
    assert other.document["digest"] == run["digest"]


def test_moved_candles_are_resumed_with_flags_of_their_own(tmp_path: Path, awkward: Path) -> None:
    run = evolved(tmp_path, "--data", str(awkward), "--name", "first", *FLAGS).document
    lines = awkward.read_text().splitlines()
    moved = tmp_path / "moved.csv"
    moved.write_text("\n".join(["time,market,open,high,low,close,volume", *lines[1:]]))
    awkward.unlink()
    resume = ("evolve", "--resume", "first", "--mode", "local", "--no-report", "--json")
    flags = ("--where", "market=BTC", "--price-scale", "100", "--repair")
    assert here(tmp_path, *resume, "--data", str(moved), *flags).document["digest"] == run["digest"]
    assert "beside --resume" in " ".join(here(tmp_path, *resume, *flags).err.split())


@pytest.mark.parametrize("command", [("data", "describe"), ("evolve", "--data"), ("backtest", "--data")])
def test_flags_for_a_file_are_refused_for_what_is_read_from_none(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    trader = ("--strategy", "sma_trend_filter") if command[0] == "backtest" else ()
    done = here(tmp_path, *command, "eurusd_1h", "--repair", *trader)
    assert done.code == 2
    assert "leave --repair out" in " ".join(done.err.split())


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (FileFlags(stamps="opened"), "--stamps is 'opened': choose open or close"),
        (FileFlags(timezone="Nowhere/X"), "--timezone is 'Nowhere/X', which is no zone"),
        (FileFlags(timezone="../etc"), "--timezone is '../etc', which is no zone"),
        (FileFlags(twins="both"), "--twins is 'both': choose first or last"),
    ],
)
def test_what_is_said_of_the_stamps_is_checked(flags: FileFlags, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        file_options(flags)


def test_what_is_said_of_the_stamps_is_handed_on() -> None:
    asked = file_options(FileFlags(stamps="close", timezone="Europe/Berlin", twins="last"))
    assert (asked.reading.stamps, asked.reading.timezone, asked.rules.twins) == (
        "close",
        "Europe/Berlin",
        "last",
    )
