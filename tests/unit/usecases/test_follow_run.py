"""A live record beside the replay of a run's genome, on candles after the run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from genepool.backtest.detailed import backtest
from genepool.backtest.live_trades import LiveTrade
from genepool.backtest.round_trips import round_trips
from genepool.errors import ConfigError, DataError
from genepool.market.candles import PRICE_COLUMNS, Candles
from genepool.market.moments import timestamp
from genepool.market.synthetic import synthetic_market
from genepool.robustness.known_market import known_market
from genepool.robustness.ledger import KnownMarket
from genepool.usecases.follow_document import FollowedRun
from genepool.usecases.follow_job import FollowJob
from genepool.usecases.follow_run import follow_run
from genepool.usecases.past_run import PastRun
from tests.fakes.bred_runs import bred_run, record_in
from tests.fakes.candle_sources import NamedCandles, WholeHistory

RUN = bred_run(generations=2, size=9)
SPEC, BEFORE = RUN.plan.spec, RUN.plan.candles
CAPITAL = 5_000.0
FILE = "bot.csv"


class CountingDesk(WholeHistory):
    """A history whose ledger notes what was traded by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[str] = []
        self.ledger_book = self
        record_in(self, RUN)
        self.know_market(known_market(BEFORE))

    def note_backtest(self, market: KnownMarket, fingerprint: str) -> bool:
        assert market.digest
        self.noted.append(fingerprint)
        return True

    def declare(self, market: KnownMarket, trials: int, note: str) -> None:
        raise NotImplementedError

    def bring(self, market: KnownMarket, fingerprints: object, note: str) -> int:
        raise NotImplementedError


@dataclass
class Record:
    """``LiveTrades`` that were given."""

    trades: Sequence[LiveTrade]

    def read(self, file: Path) -> Sequence[LiveTrade]:
        assert file == Path(FILE)
        return self.trades


def grown() -> Candles:
    """Return the run's candles, continued by 700 that it never saw."""
    later = synthetic_market("regimes", 6, 700)
    step, scale = int(BEFORE.stamps[1] - BEFORE.stamps[0]), BEFORE.close[-1] / later.open[0]
    columns = {
        name: np.concatenate([getattr(BEFORE, name), getattr(later, name) * scale]) for name in PRICE_COLUMNS
    }
    for name in ("volume", "funding"):
        columns[name] = np.concatenate([getattr(BEFORE, name), getattr(later, name)])
    stamps = np.concatenate([BEFORE.stamps, BEFORE.stamps[-1] + step * np.arange(1, 701)])
    return replace(BEFORE, stamps=stamps, **columns)  # type: ignore[arg-type] # columns alone


NOW = grown()
SINCE = timestamp(int(NOW.stamps[len(BEFORE)]))
# The bot's clock, seconds into a candle.
DELAY = 7 * 10**9


def as_replayed() -> list[LiveTrade]:
    """Return the record of a bot that trades exactly what the champion's replay trades."""
    champion = past_of(CountingDesk()).at(1).genome
    replay = backtest(NOW, champion, SPEC.costs, len(BEFORE))
    return [
        LiveTrade(
            trip.entry + DELAY,
            None if trip.valued else trip.exit + DELAY,
            trip.side,
            trip.units * CAPITAL,
            trip.entry_price,
            None if trip.valued else trip.exit_price,
            trip.fees * CAPITAL,
            trip.funding * CAPITAL,
        )
        for trip in round_trips(replay.trades)
    ]


def past_of(desk: CountingDesk) -> PastRun:
    return PastRun(desk.summaries()[0], desk, NamedCandles({SPEC.data: NOW}))


def followed(trades: Sequence[LiveTrade], desk: CountingDesk | None = None, **said: object) -> FollowedRun:
    desk = desk or CountingDesk()
    asked = FollowJob(SPEC.run, FILE, **{"since": SINCE, **said})  # type: ignore[arg-type] # as each test says
    return follow_run(past_of(desk), asked, Record(trades), desk)


TRADES = as_replayed()
BEYOND = [replace(trade, entry=trade.entry + 10**18, exit=None, exit_price=None) for trade in TRADES]


def test_a_bot_that_trades_its_genome_has_no_gap_and_its_capital_is_read_from_its_sizes() -> None:
    found = followed(TRADES)
    assert (found.matched, found.missed, found.extra) == (len(TRADES), 0, 0)
    assert found.gap == pytest.approx(0.0, abs=1e-12)
    assert found.capital == pytest.approx(CAPITAL)
    assert found.quantile == found.expected_quantile
    assert found.sentence.endswith(", and equals the replay's")
    assert any("read from the sizes" in remark for remark in found.remarks)
    assert found.luck == pytest.approx(found.expected_return - found.band.median)


def test_known_faults_are_found_by_cause() -> None:
    missed = TRADES[1]
    faulty = [replace(trade, fees=2 * trade.fees) for trade in TRADES if trade != missed]
    found = followed(faulty, capital=CAPITAL)
    fees = sum(trade.fees for trade in TRADES if trade != missed) / CAPITAL
    parts = {name: part for name, part in found.parts.items() if abs(part) > 1e-12}
    (alone,) = (trade for trade in found.trades if trade.live_entry is None)
    assert (found.missed, set(parts)) == (1, {"fees", "missed"})
    assert parts["fees"] == pytest.approx(-fees)
    assert parts["missed"] == -(alone.expected_result or 0.0)
    assert sum(found.parts.values()) == pytest.approx(found.gap)
    assert "; most of the difference is " in found.sentence


def test_the_replay_begins_with_the_first_entry_where_nothing_is_said() -> None:
    found = followed(TRADES[2:], since="")
    assert found.since == timestamp(TRADES[2].entry - DELAY)
    assert (found.matched, found.missed) == (len(TRADES) - 2, 0)


def test_what_candles_do_not_tell_of_is_left_out_and_said() -> None:
    half = len(BEFORE) + 350
    until = timestamp(int(NOW.stamps[half]))
    found = followed(TRADES, until=until)
    later = sum(trade.entry >= NOW.stamps[half] for trade in TRADES)
    assert later
    assert any(f"{later} trades of the record lie after the last candle" in one for one in found.remarks)
    assert found.gap == pytest.approx(0.0, abs=1e-2), (
        "a trade that was left later is valued at the last close"
    )


def test_a_result_outside_names_the_bot_or_the_market() -> None:
    lost = [replace(trade, result=-CAPITAL) for trade in TRADES[:1]] + TRADES[1:]
    found = followed(lost, capital=CAPITAL)
    assert (found.place, found.quantile) == ("below", 0.0)
    assert "the bot does not trade what the genome trades" in found.sentence
    assert "unexplained" in found.sentence


def test_the_look_is_counted_before_it_is_shown() -> None:
    desk = CountingDesk()
    found = followed(TRADES, desk)
    assert desk.noted == [found.fingerprint]
    seen = followed(TRADES, desk, since=timestamp(int(BEFORE.stamps[1_000])))
    assert any("attempt 1 at the exam" in remark for remark in seen.remarks)
    assert any("bred or chosen on candles up to" in remark for remark in seen.remarks)


@pytest.mark.parametrize(
    ("trades", "said", "refusal"),
    [
        ([], {"since": ""}, "bot.csv holds no trade: say with --since"),
        (TRADES, {"since": "2100-01-01"}, "--since 2100-01-01 lies after the last candle"),
        (BEYOND, {"since": ""}, r"--since 2\d{3}-.* lies after the last candle: .*; --data gives newer"),
        (TRADES, {"pair": "ETH"}, "bot.csv has no trades of pair 'ETH'"),
        (
            [TRADES[0], replace(TRADES[1], pair="ETH")],
            {},
            "bot.csv has trades of , ETH: say which with --pair",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(
    trades: list[LiveTrade], said: dict[str, object], refusal: str
) -> None:
    desk = CountingDesk()
    with pytest.raises(ConfigError, match=refusal):
        followed(trades, desk, **said)
    assert desk.noted == [], "nothing was looked at"


def test_another_market_is_refused() -> None:
    dear = [replace(trade, entry_price=3 * trade.entry_price) for trade in TRADES]
    with pytest.raises(DataError, match="trades at other prices"):
        followed(dear)
    desk = CountingDesk()
    days = PastRun(
        desk.summaries()[0], desk, NamedCandles({SPEC.data: NOW, "days": replace(NOW, timeframe="1d")})
    )
    with pytest.raises(ConfigError, match="give candles of its timeframe with --data"):
        follow_run(days, FollowJob(SPEC.run, FILE, data="days"), Record(TRADES), desk)


def test_a_bot_that_never_traded_missed_everything() -> None:
    found = followed([])
    assert (found.live_return, found.missed, found.extra) == (0.0, len(TRADES), 0)
    assert found.parts["missed"] == pytest.approx(-found.expected_return)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"capital": 0.0}, "capital is 0.0"),
        ({"tolerance": -1}, "tolerance is -1"),
        ({"level": 1.0}, "level is 1.0"),
    ],
)
def test_numbers_that_cannot_be_are_refused(said: dict[str, object], refusal: str) -> None:
    with pytest.raises(ConfigError, match=refusal):
        FollowJob("one", FILE, **said)  # type: ignore[arg-type] # as above
