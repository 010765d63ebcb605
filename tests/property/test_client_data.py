"""A client of a service reaches named candles, and nothing else of the server's file system."""

import os
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genepool.adapters.files.candle_store import save, store_folder
from genepool.adapters.files.catalogue import find_data
from genepool.errors import ConfigError
from genepool.names import file_name
from genepool.reading.client_data import client_data

NAMES = ("BTC_1h", "btcusd_1h", "eurusd_1h")
HIDDEN = "hidden_1h"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield the home of a server with one import, a file beside it, and links that lead to that file."""
    top = tmp_path_factory.mktemp("server")
    market = find_data("synthetic:noise:candles=100", top)
    kept = save(market, store_folder(top / "home"))
    kept.rename(kept.with_name("BTC_1h.parquet"))
    hidden = save(market, top)
    hidden.rename(top / f"{HIDDEN}.parquet")
    (store_folder(top / "home") / "linked_1h.parquet").symlink_to(top / f"{HIDDEN}.parquet")
    (top / "link").symlink_to(top / f"{HIDDEN}.parquet")
    with chdir(top):
        yield top / "home"


SEPARATED = st.lists(
    st.sampled_from(
        ["..", ".", "", "home", "candles", "BTC_1h", "BTC_1h.parquet", HIDDEN, "link", "etc", "~"]
    ),
    min_size=2,
    max_size=6,
).flatmap(lambda parts: st.sampled_from(["/", "\\", os.sep]).map(lambda sign: sign.join(parts)))


@given(word=st.one_of(st.text(max_size=300), SEPARATED))
def test_whatever_a_client_says_is_a_name_that_there_is_or_is_refused(home: Path, word: str) -> None:
    try:
        named = client_data(word, home)
    except ConfigError as error:
        refusal = str(error)
    else:
        refusal = "" if named in NAMES or named.startswith("synthetic:") else named
    assert "\n" not in refusal
    assert refusal == "" or ": " in refusal
    assert len(refusal) < 1_000


@pytest.mark.parametrize(
    "word",
    [
        "", ".", "..", "/etc/passwd", "../hidden_1h", "../hidden_1h.parquet", "candles/BTC_1h",
        "hidden_1h", "hidden_1h.parquet", "link", "linked_1h", "BTC_1h\0", "BTC_1h\0.csv", "BTC_1h\n",
        "A" * 5_000, "home/candles/BTC_1h.parquet", "synthetic:../noise", "synthetic:noise:path=1",
        "~/BTC_1h", "*", "BTC_1?",
    ],
)  # fmt: skip
def test_paths_links_patterns_and_odd_signs_are_refused(home: Path, word: str) -> None:
    with pytest.raises(ConfigError, match=r"choose from|takes seed"):
        client_data(word, home)


@pytest.mark.parametrize(
    ("word", "named"),
    [
        ("BTC_1h", "BTC_1h"),
        ("btc_1H", "BTC_1h"),
        ("eurusd_1h", "eurusd_1h"),
        ("synthetic:noise:seed=3,candles=900", "synthetic:noise:seed=3,candles=900"),
    ],
)
def test_what_has_a_name_is_found_by_it(home: Path, word: str, named: str) -> None:
    assert client_data(word, home) == named


@given(said=st.one_of(st.text(max_size=400), SEPARATED))
def test_the_name_of_an_upload_is_one_part_of_a_path_and_never_hidden(said: str) -> None:
    name = file_name(said)
    assert Path(name).name == name
    assert name == name.strip()
    assert name not in {"", ".", ".."}
    assert not name.startswith((".", "-"))
    assert "\0" not in name
    assert len(name) <= 64
