"""Addresses of lists of runs: read, and written so that they are read again."""

from typing import get_args
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from genepool.api.pages.run_lists import STATES, ShownList, shown_list
from genepool.history import RunFilter, RunSort

WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=20)
FILTERS = st.builds(
    RunFilter,
    states=st.lists(st.sampled_from(STATES), unique=True).map(
        lambda some: tuple(state for state in STATES if state in some)
    ),
    symbol=WORDS,
    text=WORDS,
    sort=st.sampled_from(get_args(RunSort)),
    descending=st.booleans(),
    strategy=WORDS,
)


def read(address: str, usual: RunSort = "started") -> ShownList:
    parts = urlsplit(address)
    return shown_list(parts.path, QueryParams(parts.query), usual)


@given(FILTERS, st.none() | WORDS.filter(bool), st.sampled_from(["started", "score"]))
def test_an_address_says_what_is_shown(asked: RunFilter, after: str | None, usual: RunSort) -> None:
    shown = ShownList("/runs", asked, after, usual)
    assert read(shown.address, usual) == shown
    assert read(shown.first, usual) == ShownList("/runs", asked, None, usual)


def test_what_cannot_be_meant_is_left_out() -> None:
    shown = read("/runs?state=asleep,failed&sort=colour&order=round&text=%00%1b" + "x" * 300)
    assert shown.asked == RunFilter(states=("failed",), text="x" * 200)


def test_a_column_is_sorted_the_other_way_round_when_it_is_asked_for_again() -> None:
    shown = read("/runs")
    assert read(shown.sorted_by("started")).asked.descending is False
    assert read(shown.sorted_by("evaluations")).asked.descending is True
    by_name = read(shown.sorted_by("name"))
    assert by_name.order("name") == "ascending"
    assert read(by_name.sorted_by("name")).order("name") == "descending"


def test_another_order_begins_with_the_first_page() -> None:
    assert read(read("/runs?after=x&text=y").sorted_by("name")).after is None
