"""Advice that works: only remedies that were tried on the file are printed."""

from pathlib import Path

import pytest

from genepool.adapters.files.importing import import_file
from genepool.cli._advice import read_with_advice, tried
from genepool.cli._data_flags import FileFlags
from genepool.cli._data_options import file_options
from genepool.errors import InvalidCandles

HOUR = 3_600


def refused(path: Path, flags: FileFlags) -> str:
    with pytest.raises(InvalidCandles) as caught:
        read_with_advice(flags, lambda said: import_file(path, file_options(said)))
    return str(caught.value)


def written(folder: Path, hours: list[float], quiet: float = -1) -> Path:
    rows = [f"{1_600_000_000 + int(hour * HOUR)},10,11,9,10,{0 if hour == quiet else 5}" for hour in hours]
    path = folder / "prices.csv"
    path.write_text("time,open,high,low,close,volume\n" + "\n".join(rows))
    return path


def test_a_remedy_that_helps_is_named(tmp_path: Path) -> None:
    gap = refused(written(tmp_path, [*range(50), *range(53, 90)]), FileFlags())
    assert "accept this with --max-gap 3" in gap
    assert "--repair --fill N" in gap


def test_a_remedy_that_ends_in_the_same_refusal_is_left_out(tmp_path: Path) -> None:
    gap = refused(written(tmp_path, [*range(50), *range(53, 90)]), FileFlags())
    assert "--calendar weekdays" not in gap


def test_a_remedy_that_gets_further_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, [*range(50), *range(53, 90)], quiet=20)
    assert "--allow-zero-volume" in refused(path, FileFlags())


def test_a_refusal_that_no_flag_helps_says_so() -> None:
    def never(_: FileFlags) -> None:
        raise InvalidCandles("f.csv, row 2: it is wrong: name the format with --time-format '%d %H:%M'")

    told = tried("f.csv, row 2: it is wrong: sort the rows with --repair", FileFlags(), never)
    assert told == "f.csv, row 2: it is wrong: no flag helps, so correct the file, or give another"


def test_what_the_user_has_to_fill_in_is_not_tried() -> None:
    sentence = "f.csv: no column: name it with --column open=HEADER"
    assert tried(sentence, FileFlags(), lambda _: pytest.fail("tried")) == sentence


def test_an_example_for_the_user_is_nothing_to_try(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = written(tmp_path, [0])
    said = f"{path.name}, row 2: a clock changed: name its zone with --timezone, such as Europe/Berlin"
    assert tried(said, FileFlags(), lambda _: None) == said
    assert capfd.readouterr() == ("", "")


def test_a_remedy_with_a_header_of_several_words_is_tried(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    rows = [f"{1_600_000_000 + hour * HOUR},10,9,11,9,10" for hour in range(30)]
    path.write_text("time,Open Price,open price,high,low,close\n" + "\n".join(rows))

    assert "--column open='Open Price'" in refused(path, FileFlags())
