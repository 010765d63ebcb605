import numpy as np
import pytest

from genepool.errors import ConfigError
from genepool.market.candles import Candles, FloatArray
from genepool.market.synthetic import PLANTED_LENGTH, VOLATILITY, synthetic_market
from genepool.market.variates import exponentials, normals
from genepool.randomness import Purpose, generator

LONG = 100_000
KINDS = {"regimes": 0.0, "noise": 0.0, "planted": 0.05}
# Equal on every machine: the prices are made with portable operations only.
DIGESTS = {
    "regimes": "14e1dfa92f879da470ffdd1345b3a799b9302a936f769eec55482a7f039c178a",
    "noise": "ed07533af78eed89a13a32013ab285cd750a0842c553bbe88b02a99970b7bb34",
    "planted": "b6361491afb2123a9b415b48770d5b5e75a9707bfd98baa8941e415ac1cff103",
}


def market(kind: str, seed: int = 0, candles: int = 2_000) -> Candles:
    return synthetic_market(kind, seed, candles, KINDS[kind])


def returns_of(candles: Candles) -> FloatArray:
    return candles.close / candles.open - 1


def standard_errors_from_zero(sample: FloatArray) -> float:
    return float(abs(sample.mean()) / (sample.std() / np.sqrt(len(sample))))


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_names_a_market_on_every_machine(kind: str) -> None:
    assert market(kind).digest == DIGESTS[kind]
    assert market(kind, seed=1).digest != DIGESTS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_candles_are_valid_hourly_labelled_and_begin_in_2020(kind: str) -> None:
    candles = market(kind, seed=3, candles=20_000)
    body = np.stack((candles.open, candles.close))
    assert (candles.high >= body.max(axis=0)).all()
    assert (candles.low <= body.min(axis=0)).all()
    assert (candles.low > 0).all()
    assert candles.volume is not None
    assert (candles.volume > 0).all()
    assert candles.synthetic
    assert candles.symbol == f"SYNTHETIC-{kind.upper()}"
    assert candles.timeframe == "1h"
    assert candles.stamps[0] == np.datetime64("2020-01-01", "ns").astype(np.int64)
    assert set(np.diff(candles.stamps)) == {3_600 * 10**9}
    assert (candles.open[1:] == candles.close[:-1]).all()


@pytest.mark.parametrize("kind", KINDS)
def test_tails_are_fat(kind: str) -> None:
    moves = returns_of(market(kind, candles=LONG))
    assert ((moves - moves.mean()) ** 4).mean() / moves.var() ** 2 > 6


@pytest.mark.parametrize("lag", [1, 2, 3, 24, 168])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_noise_has_no_autocorrelation_and_no_drift(seed: int, lag: int) -> None:
    moves = returns_of(market("noise", seed, LONG))
    assert standard_errors_from_zero(moves) < 3
    assert standard_errors_from_zero(np.sign(moves)[lag:] * np.sign(moves)[:-lag]) < 3
    assert standard_errors_from_zero(moves[lag:] * moves[:-lag]) < 3


@pytest.mark.parametrize("distance", [0.001, 0.004, 0.01])
@pytest.mark.parametrize("side", [1, -1])
def test_a_fill_at_a_level_inside_a_noise_candle_earns_nothing(side: int, distance: float) -> None:
    candles = market("noise", 5, LONG)
    level = candles.open * (1 + side * distance)
    touched = candles.high >= level if side > 0 else candles.low <= level
    after_fill = candles.close[touched] / level[touched] - 1
    assert len(after_fill) > 500
    assert standard_errors_from_zero(after_fill) < 3


def planted_drift(seed: int, edge: float) -> FloatArray:
    """Return what the plant added to the noise of the same seed, in units of the volatility."""
    planted = synthetic_market("planted", seed, LONG, edge)
    return (returns_of(planted) - returns_of(market("noise", seed, LONG))) / VOLATILITY


@pytest.mark.parametrize("edge", [0.02, 0.1, 1.0])
def test_the_planted_drift_is_as_strong_as_stated(edge: float) -> None:
    np.testing.assert_allclose(np.abs(planted_drift(1, edge)), edge, rtol=1e-9)


def test_the_planted_drift_keeps_its_sign_for_as_long_as_stated() -> None:
    turns = np.count_nonzero(np.diff(np.sign(planted_drift(1, 0.1))))
    # The number of turns is binomial: 667 expected, standard deviation 26.
    assert abs(turns - LONG / PLANTED_LENGTH) < 3 * np.sqrt(LONG / PLANTED_LENGTH)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_an_oracle_earns_the_stated_sharpe_ratio(seed: int) -> None:
    edge = 0.05
    held = np.sign(planted_drift(seed, edge)) * returns_of(synthetic_market("planted", seed, LONG, edge))
    # The standard error of a Sharpe ratio a candle is about 1 / sqrt(n).
    assert abs(held.mean() / held.std() - edge) < 3 / np.sqrt(LONG)
    assert held.std() == pytest.approx(VOLATILITY, rel=0.02)


def test_volatility_clusters_in_regimes() -> None:
    size = np.abs(returns_of(market("regimes", candles=LONG)))
    assert np.corrcoef(size[24:], size[:-24])[0, 1] > 0.05


def test_funding_follows_the_returns_of_the_past_and_only_regimes_have_it() -> None:
    candles = market("regimes", candles=LONG)
    assert candles.funding is not None
    assert np.abs(candles.funding).max() <= 0.04
    assert (candles.funding < 0).any()
    past = returns_of(candles)[:-1]
    assert np.corrcoef(candles.funding[1:], past)[0, 1] > 0.05
    assert market("noise").funding is None
    assert market("planted").funding is None


def test_the_funding_rate_is_fixed_before_its_candle() -> None:
    funding, past = market("regimes", candles=LONG).funding, returns_of(market("regimes", candles=LONG))
    assert funding is not None
    assert standard_errors_from_zero((funding - funding.mean())[:-1] * past[:-1]) < 4


@pytest.mark.parametrize(
    ("kind", "seed", "candles", "edge", "complaint"),
    [
        ("jungle", 0, 100, 0.0, "no synthetic market 'jungle'"),
        ("noise", -1, 100, 0.0, "seed -1"),
        ("noise", 0, 1, 0.0, "2 to 1,000,000 candles"),
        ("noise", 0, 100, 0.1, "only with the kind 'planted'"),
        ("planted", 0, 100, 1.5, "edge of 1.5"),
    ],
)
def test_the_impossible_is_refused(kind: str, seed: int, candles: int, edge: float, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        synthetic_market(kind, seed, candles, edge)


def test_portable_variates_have_the_moments_of_their_laws() -> None:
    normal = normals(generator(1, Purpose.SYNTHETIC_MARKET), LONG)
    assert len(normal) == LONG
    assert [(normal**k).mean() for k in (1, 2, 3, 4)] == pytest.approx([0, 1, 0, 3], abs=0.1)
    waits = exponentials(generator(2, Purpose.SYNTHETIC_MARKET), LONG)
    assert (waits >= 0).all()
    assert [(waits**k).mean() for k in (1, 2, 3)] == pytest.approx([1, 2, 6], rel=0.05)
