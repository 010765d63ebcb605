"""What the calibration reads of real candles."""

from pathlib import Path

import pytest

from benchmarks.calibration.sources import SHARE, default_real, digests, left_out, named_sources, sources_of
from genepool.adapters.files.catalogue import DataEntry


def test_no_import_is_looked_at_unless_a_user_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    there = [DataEntry("btcusd_1h", "sample", None), DataEntry("own_1d", "import", None)]
    monkeypatch.setattr("benchmarks.calibration.sources.list_data", lambda _: there)
    assert default_real() == ["btcusd_1h"]


def test_a_kind_whose_candles_nobody_named_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path))
    assert left_out(sources_of((), [])) == [SHARE]
    named = sources_of(named_sources("eurusd_1h"), ["btcusd_1h"])
    assert left_out(named) == []
    found = digests(named)
    assert found[SHARE] == found["shuffled_euro"] != found["btcusd_1h"] == found["shuffled_bitcoin"]
