"""What numpy's generator of a slot draws, compiled: the same words in the same order, bit for bit.

Replayed are ``SeedSequence``, ``Philox`` and the calls of ``Generator`` that breeding needs. numpy keeps the
streams of the first two equal between versions; ``tests/property/test_breeding.py`` compares all of it.
Making one such generator takes numpy 17 microseconds and each whole number 1.3, more than breeding does.

O'Neill, "Developing a seed_seq alternative", 2015; Salmon et al., "Parallel random numbers: as easy as 1,
2, 3", 2011; Lemire, "Fast random integer generation in an interval", 2019.
"""

import numpy as np
from numpy.typing import NDArray

from genepool.kernels import allocation_free

# What a generator is in the middle of: its key, its counter, the place in its block of four words, the
# block, and whether half a word is left over, and which.
STATE = 10
_COUNTER, _PLACE, _BLOCK, _HAS_HALF, _HALF = 2, 3, 4, 8, 9

_POOL = 4
_WORD = np.uint64(0xFFFFFFFF)
_S11, _S16, _S32 = np.uint64(11), np.uint64(16), np.uint64(32)
_INIT_A, _MULTIPLY_A = np.uint64(0x43B0D7E5), np.uint64(0x931E8875)
_INIT_B, _MULTIPLY_B = np.uint64(0x8B51F9DD), np.uint64(0x58F38DED)
_MIX_LEFT, _MIX_RIGHT = np.uint64(0xCA01F9DD), np.uint64(0x4973F715)
_ROUND_0, _ROUND_1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_BUMP_0, _BUMP_1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_UNIT = 1.0 / 9007199254740992.0


def entropy_words(seed: int, *key: int) -> NDArray[np.uint64]:
    """Return what ``SeedSequence(seed, spawn_key=key)`` starts from, each word below 2**32."""
    words = _words_of(seed)
    return np.array(
        words + [0] * max(_POOL - len(words), 0) + [word for part in key for word in _words_of(part)],
        dtype=np.uint64,
    )


def _words_of(number: int) -> list[int]:
    words = [number & 0xFFFFFFFF]
    while number := number >> 32:
        words.append(number & 0xFFFFFFFF)
    return words


@allocation_free
def start(state: NDArray[np.uint64], entropy: NDArray[np.uint64], pool: NDArray[np.uint64]) -> None:
    """Put a generator at its beginning.

    Parameters
    ----------
    state
        What is written, uint64 of shape (10,).
    entropy
        ``entropy_words``.
    pool
        Four words to work in.
    """
    constant = _INIT_A
    for place in range(_POOL):
        pool[place], constant = _hashed(entropy[place], constant)
    for source in range(_POOL):
        for target in range(_POOL):
            if source != target:
                word, constant = _hashed(pool[source], constant)
                pool[target] = _mixed(pool[target], word)
    for source in range(_POOL, entropy.size):
        for target in range(_POOL):
            word, constant = _hashed(entropy[source], constant)
            pool[target] = _mixed(pool[target], word)
    constant = _INIT_B
    for place in range(_POOL):
        word = pool[place] ^ constant
        constant = constant * _MULTIPLY_B & _WORD
        word = word * constant & _WORD
        pool[place] = word ^ (word >> _S16)
    state[0] = pool[0] | (pool[1] << _S32)
    state[1] = pool[2] | (pool[3] << _S32)
    state[_COUNTER] = 0
    state[_PLACE] = 4
    state[_HAS_HALF] = 0


@allocation_free
def _hashed(word: np.uint64, constant: np.uint64) -> tuple[np.uint64, np.uint64]:
    word = word ^ constant
    constant = constant * _MULTIPLY_A & _WORD
    word = word * constant & _WORD
    return word ^ (word >> _S16), constant


@allocation_free
def _mixed(left: np.uint64, right: np.uint64) -> np.uint64:
    word = (left * _MIX_LEFT - right * _MIX_RIGHT) & _WORD
    return word ^ (word >> _S16)


@allocation_free
def high_half(left: np.uint64, right: np.uint64) -> np.uint64:
    """Return the upper 64 bits of a product."""
    low, lower = left & _WORD, right & _WORD
    top, upper = left >> _S32, right >> _S32
    middle = top * lower + (low * lower >> _S32)
    return top * upper + (middle >> _S32) + ((low * upper + (middle & _WORD)) >> _S32)


@allocation_free
def _next_block(state: NDArray[np.uint64]) -> None:
    state[_COUNTER] += np.uint64(1)
    a, b, c, d = state[_COUNTER], np.uint64(0), np.uint64(0), np.uint64(0)
    key_0, key_1 = state[0], state[1]
    for _ in range(10):
        a, b, c, d = (
            high_half(_ROUND_1, c) ^ b ^ key_0,
            _ROUND_1 * c,
            high_half(_ROUND_0, a) ^ d ^ key_1,
            _ROUND_0 * a,
        )
        key_0, key_1 = key_0 + _BUMP_0, key_1 + _BUMP_1
    state[_BLOCK], state[_BLOCK + 1], state[_BLOCK + 2], state[_BLOCK + 3] = a, b, c, d
    state[_PLACE] = 0


@allocation_free
def next_word(state: NDArray[np.uint64]) -> np.uint64:
    """Return the next 64 bits."""
    if state[_PLACE] == np.uint64(4):
        _next_block(state)
    place = state[_PLACE]
    state[_PLACE] = place + np.uint64(1)
    word: np.uint64 = state[_BLOCK + np.int64(place)]
    return word


@allocation_free
def _next_half(state: NDArray[np.uint64]) -> np.uint64:
    if state[_HAS_HALF]:
        state[_HAS_HALF] = 0
        word: np.uint64 = state[_HALF]
        return word
    word = next_word(state)
    state[_HAS_HALF] = 1
    state[_HALF] = word >> _S32
    return word & _WORD


@allocation_free
def unit(state: NDArray[np.uint64]) -> float:
    """Return what ``random()`` returns."""
    return np.float64(next_word(state) >> _S11) * _UNIT


@allocation_free
def below(state: NDArray[np.uint64], count: int) -> int:
    """Return what ``integers(count)`` returns, for 1 to 2**32 - 1."""
    if count == 1:
        return 0
    span = np.uint64(count)
    product = _next_half(state) * span
    if product & _WORD < span:
        threshold = (_WORD + np.uint64(1) - span) % span
        while product & _WORD < threshold:
            product = _next_half(state) * span
    return int(np.int64(product >> _S32))
