"""What is printed where the screen lacks some signs, as the code pages of Windows do."""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

import pytest
from rich.table import Table

from genepool.cli._output import bear_any_sign, print_json, screen


@contextmanager
def screen_of(encoding: str) -> Iterator[list[str]]:
    """Yield what will have been shown on a screen of this encoding."""
    written, shown = io.BytesIO(), list[str]()
    with redirect_stdout(io.TextIOWrapper(written, encoding=encoding, newline="\n")):
        bear_any_sign()
        yield shown
        sys.stdout.flush()
        shown.append(written.getvalue().decode(encoding))


def test_a_sign_that_the_screen_lacks_becomes_a_question_mark() -> None:
    with screen_of("cp1252") as shown:
        sys.stdout.write("▁▃ profit é")
    assert shown == ["?? profit é"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_a_document_loses_no_sign(encoding: str) -> None:
    with screen_of(encoding) as shown:
        print_json({"symbol": "币安"})
    assert json.loads(shown[0]) == {"symbol": "币安"}


def test_a_document_stays_readable_where_every_sign_can_be_shown() -> None:
    with screen_of("utf-8") as shown:
        print_json({"symbol": "币安"})
    assert "币安" in shown[0]


@pytest.mark.parametrize("symbol", ["a[/x]b", "[red]x[/red]", "[usdt]", ":gold:", r"C:\[x]"])
def test_a_symbol_with_brackets_or_colons_is_shown_as_it_is(symbol: str) -> None:
    table = Table.grid()
    table.add_row(symbol)
    with screen_of("utf-8") as shown:
        screen().print(table)
        screen().print(symbol)
    assert shown[0].split() == [symbol, symbol]
