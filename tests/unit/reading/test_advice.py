"""Advice that works: only remedies that were tried on the file are printed."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from genepool.adapters.files.importing import import_file
from genepool.errors import DataError, InvalidCandles
from genepool.reading.advice import Trials, of_command, read_with_advice
from genepool.reading.flags import CheckFlags, FileFlags
from genepool.reading.options import file_options
from genepool.remedies import Flag, Remedy, by_flag, by_hand, sentence, to_fill_in

HOUR = 3_600
ROOT = Path(__file__).resolve().parents[3]
READERS = sorted(
    path for folder in ("market", "adapters/files") for path in (ROOT / "src/genepool" / folder).glob("*.py")
)
REPAIR, SPLITS = by_flag("sort the rows with", "--repair"), by_flag("apply them with", "--splits")


def refused(path: Path, flags: FileFlags) -> str:
    with pytest.raises(InvalidCandles) as caught:
        read_with_advice(flags, lambda said: import_file(path, file_options(said)))
    return str(caught.value)


def written(folder: Path, hours: list[float], quiet: float = -1) -> Path:
    rows = [f"{1_600_000_000 + int(hour * HOUR)},10,11,9,10,{0 if hour == quiet else 5}" for hour in hours]
    path = folder / "prices.csv"
    path.write_text("time,open,high,low,close,volume\n" + "\n".join(rows))
    return path


def helping(error: DataError, read: Callable[[FileFlags], object]) -> tuple[Remedy, ...]:
    return Trials(read).helping(error, FileFlags())


def refusing(*refusals: tuple[Callable[[FileFlags], bool], DataError]) -> Callable[[FileFlags], object]:
    """Stand in for a file that is refused until all of these conditions hold."""

    def read(flags: FileFlags) -> None:
        for holds, error in refusals:
            if not holds(flags):
                raise error

    return read


def test_a_remedy_with_which_the_file_is_read_is_named(tmp_path: Path) -> None:
    gap = refused(written(tmp_path, [*range(50), *range(53, 90)]), FileFlags())
    assert gap.endswith("accept this with --max-gap 3, or fill the gaps with --repair --fill 3")


def test_a_remedy_that_ends_in_the_same_refusal_is_left_out(tmp_path: Path) -> None:
    gap = refused(written(tmp_path, [*range(50), *range(53, 90)]), FileFlags())
    assert "--calendar weekdays" not in gap


def test_a_remedy_is_named_with_what_the_file_needs_after_it(tmp_path: Path) -> None:
    path = written(tmp_path, [*range(50), *range(53, 90)], quiet=20)
    needed = "accept candles without trades with --allow-zero-volume, and then accept this with --max-gap 3"
    assert needed in refused(path, FileFlags())
    accepted = FileFlags(allow_zero_volume=True, max_gap=3)
    assert len(import_file(path, file_options(accepted)).candles) == 87


def test_what_only_leads_to_another_refusal_gives_way_to_what_gets_the_file_read() -> None:
    other = InvalidCandles("f.csv, row 9: it is wrong")
    error = InvalidCandles("f.csv, row 2: out of order", REPAIR, SPLITS)
    read = refusing((lambda flags: flags.repair or flags.splits, error), (lambda flags: flags.repair, other))
    assert helping(error, read) == (REPAIR,)


def test_what_needs_more_gives_way_to_what_gets_the_file_read_alone() -> None:
    error = InvalidCandles("f.csv, row 2: out of order", REPAIR, SPLITS)
    other = InvalidCandles("f.csv, row 9: twins", by_flag("keep one with", "--twins", "first"))
    read = refusing(
        (lambda flags: flags.repair or flags.splits, error),
        (lambda flags: flags.repair or bool(flags.twins), other),
    )
    assert helping(error, read) == (REPAIR,)


def test_what_leads_to_another_refusal_is_named_where_nothing_gets_the_file_read() -> None:
    error = InvalidCandles("f.csv, row 2: out of order", REPAIR, SPLITS)
    read = refusing((lambda flags: flags.repair, error), (lambda _: False, InvalidCandles("f.csv: wrong")))
    assert helping(error, read) == (REPAIR,)


def test_a_remedy_that_meets_the_same_refusal_in_another_row_does_not_help() -> None:
    error = InvalidCandles("f.csv, row 2: out of order", REPAIR, SPLITS)
    again = InvalidCandles("f.csv, row 7: out of order", SPLITS)
    read = refusing((lambda flags: flags.splits or flags.repair, error), (lambda flags: flags.splits, again))
    assert helping(error, read) == (SPLITS,)


def test_a_refusal_that_no_flag_helps_says_so() -> None:
    error = InvalidCandles("f.csv, row 2: it is wrong", REPAIR)
    with pytest.raises(InvalidCandles) as caught:
        read_with_advice(FileFlags(), refusing((lambda _: False, error)))
    assert str(caught.value) == (
        "f.csv, row 2: it is wrong: no flag helps, so correct the file, or give another"
    )


def test_what_is_done_by_hand_stays_where_no_flag_helps() -> None:
    error = InvalidCandles("f.csv, row 2: it is wrong", REPAIR, by_hand("correct the row"))
    with pytest.raises(InvalidCandles, match=r"it is wrong: correct the row$"):
        read_with_advice(FileFlags(), refusing((lambda _: False, error)))


def test_what_the_user_has_to_fill_in_is_not_tried() -> None:
    error = InvalidCandles("f.csv: no column", to_fill_in("name it with", "--column", "open=HEADER"))
    assert helping(error, lambda _: pytest.fail("tried")) == error.remedies
    assert str(error) == "f.csv: no column: name it with --column open=HEADER"


def test_a_command_offers_only_the_flags_that_it_has() -> None:
    error = InvalidCandles(
        "okx BTC: twins", REPAIR, to_fill_in("choose one with", "--where", "A=B"), by_hand("ask again")
    )
    assert of_command(error, CheckFlags).remedies == (REPAIR, by_hand("ask again"))


def test_a_value_that_the_command_does_not_take_is_no_remedy() -> None:
    error = InvalidCandles("f.csv: a gap", Remedy("fill it with", (Flag("--fill", "99999"),)))
    assert helping(error, lambda _: None) == (by_hand("no flag helps, so correct the file, or give another"),)


def test_a_flag_that_may_be_given_several_times_is_added_to_what_the_user_said() -> None:
    error = InvalidCandles("f.csv: two", by_flag("say which with", "--column", "time=my date"))

    def read(flags: FileFlags) -> None:
        assert flags.column == ["open=o", "time=my date"]

    assert Trials(read).helping(error, FileFlags(column=["open=o"])) == error.remedies


def test_a_file_of_many_refusals_is_read_a_limited_number_of_times() -> None:
    times: list[FileFlags] = []

    def read(flags: FileFlags) -> None:
        times.append(flags)
        way = f"way {len(times)}"
        raise InvalidCandles(way, *(by_flag(way, flag) for flag in ("--repair", "--splits", "--drop-flat")))

    with pytest.raises(InvalidCandles):
        read_with_advice(FileFlags(), read)
    assert len(times) <= 13


def test_remedies_that_begin_alike_share_their_beginning() -> None:
    ways = [by_flag("keep one with", "--twins", kept) for kept in ("first", "last")]
    assert sentence("twins", [*ways, by_hand("correct them")]) == (
        "twins: keep one with --twins first or --twins last, or correct them"
    )


def test_remedies_of_several_flags_stand_alone() -> None:
    ways = [by_flag("keep one with", "--twins", kept).then(REPAIR) for kept in ("first", "last")]
    assert sentence("twins", ways) == (
        "twins: keep one with --twins first, and then sort the rows with --repair, "
        "or keep one with --twins last, and then sort the rows with --repair"
    )


def test_a_value_is_written_as_a_shell_takes_it() -> None:
    assert sentence("two", [by_flag("say which with", "--column", "time=my date")]) == (
        "two: say which with --column 'time=my date'"
    )


def named_flags(path: Path) -> Iterator[str]:
    """Yield the texts of refusals that name a flag in words instead of as a remedy."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "InvalidCandles":
            text = ast.unparse(node.args[0])
            if "with --" in text:
                yield text


@pytest.mark.parametrize("path", READERS, ids=lambda path: path.stem)
def test_refusals_of_files_carry_their_flags_as_data(path: Path) -> None:
    # What stands in the way of keeping candles is no matter of how their file is read.
    assert path.stem in {"candle_store", "replacing"} or list(named_flags(path)) == []


def test_a_remedy_with_a_header_of_several_words_is_tried(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    rows = [f"{1_600_000_000 + hour * HOUR},10,9,11,9,10" for hour in range(30)]
    path.write_text("time,Open Price,open price,high,low,close\n" + "\n".join(rows))

    assert "--column 'open=Open Price'" in refused(path, FileFlags())
