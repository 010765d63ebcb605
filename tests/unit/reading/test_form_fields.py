"""The flags that say how a file is read, as fields of a form."""

from dataclasses import fields

import pytest

from genepool.errors import ConfigError
from genepool.reading.bundles import said_by
from genepool.reading.flags import FileFlags
from genepool.reading.form_fields import form_fields, shown_values

BY_NAME = {field.name: field for field in form_fields()}


def test_every_flag_of_one_file_is_a_field() -> None:
    without = {field.name for field in fields(FileFlags)} - BY_NAME.keys()
    assert without == {
        "funding", "funding_where", "funding_column", "max_funding_gap", "trim_to_funding",
        "funding_timezone",
    }  # fmt: skip
    assert all(field.about and field.flag.startswith("--") for field in BY_NAME.values())


@pytest.mark.parametrize(
    ("name", "texts", "words"),
    [
        ("max_gap", ["3"], ["--max-gap=3"]),
        ("max_gap", [""], []),
        ("repair", ["true"], ["--repair"]),
        ("repair", ["off"], []),
        ("column", ["open=o\nclose=c", "high=h"], ["--column=open=o", "--column=close=c", "--column=high=h"]),
        ("symbol", ["--repair"], ["--symbol=--repair"]),
        ("columns", ["time,open"], ["--columns=time,open"]),
    ],
)
def test_a_field_says_what_its_flag_says(name: str, texts: list[str], words: list[str]) -> None:
    assert BY_NAME[name].words(texts) == words


def test_a_value_is_no_flag_whatever_it_holds() -> None:
    said = said_by(FileFlags, tuple(BY_NAME["symbol"].words(["--funding=/etc/passwd"])))
    assert (said.symbol, said.funding) == ("--funding=/etc/passwd", None)


@pytest.mark.parametrize(("name", "texts"), [("repair", ["perhaps"]), ("max_gap", ["1", "2"])])
def test_what_says_neither_or_twice_is_refused(name: str, texts: list[str]) -> None:
    with pytest.raises(ConfigError, match=name):
        BY_NAME[name].words(texts)


def test_what_a_form_shows_says_the_same_when_it_is_sent_again() -> None:
    said = FileFlags(max_gap=7, repair=True, column=["open=o", "close=c"], price_scale=100.0, symbol="GOLD")
    shown = shown_values(said)
    words = [word for name, field in BY_NAME.items() for word in field.words([_text(shown[name])])]
    assert said_by(FileFlags, tuple(words)) == said


def _text(shown: str | bool) -> str:
    return str(shown).lower() if isinstance(shown, bool) else shown


def test_what_can_be_chosen_is_named() -> None:
    assert BY_NAME["stamps"].choices == ["open", "close"]
    assert BY_NAME["symbol"].choices == ()
