"""What a client says of a new job, by kind: what the command of that name takes, as far as clients may."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, JsonValue

from genepool.api.bodies import Strict
from genepool.jobs import TIME_LIMIT_SECONDS, NewJob, Priority
from genepool.market.kinds import MarketKind
from genepool.reading.bundles import words_of
from genepool.reading.flags import CheckFlags
from genepool.robustness.null_markets import DEFAULT_NULL_MARKET
from genepool.usecases.backtest_job import BacktestJob
from genepool.usecases.download_job import DownloadJob
from genepool.usecases.order_job import (
    DataNamed,
    RunNamed,
    backtest_on,
    nulls_order,
    refresh_order,
    report_order,
)

_Data = Annotated[
    str | None, Field(min_length=1, max_length=200, description="Sample, import or synthetic market.")
]
_Run = Annotated[str, Field(min_length=1, max_length=80, description="Its name, or `latest`.")]
_Points = Annotated[float | None, Field(ge=0, le=10_000, description="Basis points; by market if absent.")]
_Moment = Annotated[str, Field(max_length=40, description="ISO 8601, in UTC; empty for no bound.")]
_Market = Annotated[str, Field(pattern=f"^({'|'.join(MarketKind)})?$", description="Kind of the market.")]


class _Terms(Strict):
    priority: Priority = "interactive"
    time_limit: float = Field(
        default=TIME_LIMIT_SECONDS, ge=1, le=366 * 86_400, description="Seconds that it may take."
    )

    def job(self, kind: str, terms: Mapping[str, Any], run: str | None = None) -> NewJob:
        return NewJob(kind, terms, self.priority, self.time_limit, run=run)


class BacktestBody(_Terms):
    """One genome to trade, as ``genepool backtest`` does."""

    kind: Literal["backtest"]
    data: _Data = None
    market: _Market = ""
    strategy: str | None = Field(default=None, max_length=80)
    genes: dict[Annotated[str, Field(max_length=80)], float] = Field(default_factory=dict, max_length=100)
    genome: dict[str, JsonValue] | None = Field(
        default=None, description="What `genepool export` writes; its own data set is used if none is named."
    )
    candles: str | int | None = None
    spans: str | None = Field(default=None, max_length=40)
    start: str | int = ""
    stop: str | int = ""
    fee_bps: _Points = None
    maker_fee_bps: _Points = None
    slippage_bps: _Points = None
    spread_bps: _Points = None
    max_leverage: float | None = Field(default=None, gt=0, le=1_000)

    def asked(self, named: DataNamed, _run_named: RunNamed) -> NewJob:
        """Return the job."""
        said = self.model_dump(exclude={"kind", "priority", "time_limit", "market"})
        reading = ("--market", self.market) if self.market else ()
        terms = backtest_on(BacktestJob(**{**said, "reading": reading}), named).terms
        return self.job(self.kind, terms)


class DownloadBody(_Terms):
    """Candles to fetch from an exchange, as ``genepool data download`` does."""

    kind: Literal["download"]
    exchange: str = Field(default="hyperliquid", max_length=40, pattern="^[a-z0-9_]+$")
    symbol: str = Field(default="BTC", min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")
    timeframe: str = Field(default="1h", pattern="^[1-9][0-9]{0,3}[smhdwM]$")
    candles: int | None = Field(default=None, ge=2, le=10_000_000)
    since: _Moment = ""
    until: _Moment = ""
    replace: bool = False
    joined: bool = Field(default=False, description="Keep older candles of the same market before them.")
    calendar: Literal["auto", "continuous", "weekdays", "sessions"] = "auto"
    max_gap: int = Field(default=0, ge=0, le=1_000_000)
    allow_zero_volume: bool = False
    repair: bool = False
    fill: int = Field(default=24, ge=0, le=10_000)
    twins: Literal["", "first", "last"] = ""
    drop_flat: bool = False

    def asked(self, _named: DataNamed, _run_named: RunNamed) -> NewJob:
        """Return the job."""
        said = self.model_dump(exclude={"kind", "priority", "time_limit"})
        checks = CheckFlags(**{name: said.pop(name) for name in CheckFlags.__dataclass_fields__})
        return self.job(self.kind, DownloadJob(**said, checks=words_of(checks)).terms)


class ReportBody(_Terms):
    """The report of a recorded run to write, as ``genepool report`` does."""

    kind: Literal["report"]
    run: _Run

    def asked(self, _named: DataNamed, run_named: RunNamed) -> NewJob:
        """Return the job."""
        asked = report_order(self.run, run_named)
        return self.job(self.kind, asked.terms, asked.run)


class NullsBody(_Terms):
    """A run's whole search to repeat on markets without an edge, as ``genepool nulls`` does."""

    kind: Literal["nulls"]
    run: _Run
    count: int = Field(default=19, ge=1, le=9_999, description="In all; those that are there stay.")
    generator: str = Field(default=DEFAULT_NULL_MARKET, max_length=40, pattern="^[a-z_]+$")
    sequential: bool = Field(default=False, description="Stop at the tenth null that is as good.")
    priority: Priority = "batch"

    def asked(self, _named: DataNamed, run_named: RunNamed) -> NewJob:
        """Return the job."""
        order = nulls_order(self.run, self.count, self.generator, run_named, sequential=self.sequential)
        return self.job(self.kind, order.terms, order.run)


class RefreshBody(_Terms):
    """A champion to refresh: a new run by an old run's rules, on the candles that there are now."""

    kind: Literal["refresh"]
    run: _Run
    data: _Data = None
    download: bool = Field(default=False, description="First continue candles that were downloaded.")
    priority: Priority = "batch"

    def asked(self, named: DataNamed, run_named: RunNamed) -> NewJob:
        """Return the job."""
        data = None if self.data is None else named(self.data)
        return self.job(self.kind, refresh_order(self.run, data, run_named, download=self.download).terms)


AnyJob: TypeAlias = BacktestBody | DownloadBody | ReportBody | NullsBody | RefreshBody
JobBody = Annotated[AnyJob, Field(discriminator="kind")]
