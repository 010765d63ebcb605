"""What stands in Redis is read back bit for bit, and nothing else is read at all."""

import math
import os
import struct
from dataclasses import replace

import msgpack
import pytest

from genepool.adapters.redis.values import LARGEST, SCHEMA, _sum, key_of, pack, unpack
from genepool.backtest.evaluation import Scored
from genepool.plain import scored_values
from tests.fakes.histories import AWKWARD, a_genome, a_result

KEY = key_of("p" * 16, "1.1", a_genome(0).fingerprint)


def a_score() -> Scored:
    scored = a_result(a_genome(0)).scored
    assert scored is not None
    return scored


def a_value() -> bytes:
    value = pack(KEY, a_score())
    assert value is not None
    return value


def forged(body: object) -> bytes:
    """Return a value of the right format, with other contents than ours."""
    packed: bytes = msgpack.packb(body)
    return bytes([SCHEMA]) + _sum(KEY, packed) + packed


def test_every_bit_comes_back() -> None:
    # Texts, because -0.0 equals 0.0.
    assert repr(unpack(KEY, a_value())) == repr(a_score())


def test_whole_numbers_stay_whole() -> None:
    scored = replace(a_score(), fold_returns=(1, 1.0))
    value = pack(KEY, scored)
    assert value is not None
    assert repr(unpack(KEY, value)) == repr(scored)


def test_no_single_flipped_bit_is_missed() -> None:
    value = a_value()
    for place in range(8 * len(value)):
        flipped = bytearray(value)
        flipped[place // 8] ^= 1 << place % 8
        assert unpack(KEY, bytes(flipped)) is None, place


def test_no_truncation_is_missed() -> None:
    value = a_value()
    assert [size for size in range(len(value)) if unpack(KEY, value[:size]) is not None] == []
    assert unpack(KEY, value + b"\0") is None


@pytest.mark.parametrize(
    "other",
    [
        key_of("p" * 16, "1.1", a_genome(1).fingerprint),
        key_of("q" * 16, "1.1", a_genome(0).fingerprint),
        key_of("p" * 16, "1.2", a_genome(0).fingerprint),
    ],
    ids=["another genome", "another problem", "other rules"],
)
def test_a_value_fits_its_own_key_only(other: str) -> None:
    assert unpack(other, a_value()) is None


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"scores": [1.0]},
        [[math.nan], [1.0], [0.0] * 20, [0.0] * 20, [], []],
        [[math.inf], [1.0], [0.0] * 20, [0.0] * 20, [], []],
        [[True], [1.0], [0.0] * 20, [0.0] * 20, [], []],
        [["1.0"], [1.0], [0.0] * 20, [0.0] * 20, [], []],
        [[1.0], [1.0], [0.0] * 19, [0.0] * 20, [], []],
        [[1.0], [1.0], [0.0] * 20, [0.0] * 20, []],
        msgpack.ExtType(1, b"code"),
        b"\x80\x04c",
    ],
    ids=[
        "nothing", "empty", "a map", "NaN", "infinity", "a truth", "a text", "a measure less", "a field less",
        "an extension", "bytes",
    ],
)  # fmt: skip
def test_a_well_made_value_with_the_wrong_things_in_it_is_refused(body: object) -> None:
    assert unpack(KEY, forged(body)) is None


def test_a_body_that_is_no_msgpack_is_refused() -> None:
    for body in (b"", b"\xc1", b"\x91" * 2_000, msgpack.packb(scored_values(a_score())) + b"\0"):
        assert unpack(KEY, bytes([SCHEMA]) + _sum(KEY, body) + body) is None


def test_a_pickle_is_never_executed() -> None:
    bomb = b"cos\n_exit\n(I1\ntR."
    assert unpack(KEY, bomb) is None
    assert unpack(KEY, bytes([SCHEMA]) + _sum(KEY, bomb) + bomb) is None


def test_random_bytes_are_refused() -> None:
    assert [noise for noise in (os.urandom(size) for size in range(600)) if unpack(KEY, noise)] == []


def test_what_is_not_finite_or_too_large_is_not_kept() -> None:
    assert pack(KEY, replace(a_score(), scores=(math.nan,))) is None
    assert pack(KEY, replace(a_score(), fold_sharpes=AWKWARD * 100)) is None


def test_a_value_is_small() -> None:
    scored = replace(a_score(), fold_sharpes=(1 / 3,) * 10, fold_returns=(1 / 3,) * 10)
    value = pack(KEY, scored)
    assert value is not None
    # Two spans of twenty measures, ten folds: 64 doubles, and little else.
    assert len(value) <= 64 * struct.calcsize("d") + 150 < LARGEST
