"""Where candles come from."""

from typing import Protocol

from genepool.market.provenance import DataSet


class CandleSource(Protocol):
    """Finds candles by what a user calls them."""

    def read(
        self, data: str, reading: tuple[str, ...] = (), *, symbol: str = "", timeframe: str = ""
    ) -> DataSet:
        """Return a sample, an import, a synthetic market or the candles of a file.

        Parameters
        ----------
        data
            Its name, or the path of the file.
        reading
            Words of a command line that say how a file is read.
        symbol, timeframe
            Of the market, where they are known; they go before what the words say.

        Raises
        ------
        DataError
            When there is nothing of that name, or what is there breaks a rule.
        ConfigError
            When the words contradict each other.
        """
        ...
