"""What Python's ``random`` draws after a seed, compiled: the same numbers in the same order, bit for bit.

DEAP draws from it, and so tournaments and exchanges of recorded runs did. Matsumoto and Nishimura,
"Mersenne Twister", 1998, as Python seeds it with an integer. Seeding walks twice through 624 words, each
of which waits for the one before: that is most of what the kernel does for a child.
"""

import numpy as np
from numpy.typing import NDArray

from genepool.kernels import allocation_free

WORDS = 624
_REACH = 397
_UPPER, _LOWER, _TWIST = np.uint32(0x80000000), np.uint32(0x7FFFFFFF), np.uint32(0x9908B0DF)
_FIRST, _SECOND = np.uint32(1664525), np.uint32(1566083941)
_S1, _S30 = np.uint32(1), np.uint32(30)
_S5, _S6, _S7, _S11 = np.uint32(5), np.uint32(6), np.uint32(7), np.uint32(11)
_S15, _S18, _S32 = np.uint32(15), np.uint32(18), np.uint64(32)
_MASK_7, _MASK_15 = np.uint32(0x9D2C5680), np.uint32(0xEFC60000)


def _from_one_number() -> NDArray[np.uint32]:
    # Every seeding by an integer starts from this.
    word, words = 19650218, []
    for place in range(WORDS):
        word = (1812433253 * (word ^ (word >> 30)) + place) & 0xFFFFFFFF if place else word
        words.append(word)
    return np.array(words, dtype=np.uint32)


BLANK = _from_one_number()


@allocation_free
def seed_with(
    words: NDArray[np.uint32], place: NDArray[np.int64], blank: NDArray[np.uint32], seed: np.uint64
) -> None:
    """Do what ``random.seed(seed)`` does, for seeds below 2**64.

    Parameters
    ----------
    words
        What is written, uint32 of shape (624,).
    place
        Which word is next, int64 of shape (1,).
    blank
        ``BLANK``.
    seed
        The seed.
    """
    key_0, key_1 = np.uint32(seed), np.uint32(seed >> _S32)
    # One word or two; with two, the second counts one more.
    step = np.uint32(key_1 + _S1) if key_1 else key_0
    last = blank[0]
    for k in range(1, WORDS):
        last = np.uint32((blank[k] ^ _stirred(last, _FIRST)) + (key_0 if k & 1 else step))
        words[k] = last
    last = np.uint32((words[1] ^ _stirred(last, _FIRST)) + step)
    words[1] = last
    for k in range(2, WORDS):
        last = np.uint32((words[k] ^ _stirred(last, _SECOND)) - np.uint32(k))
        words[k] = last
    words[1] = np.uint32((words[1] ^ _stirred(last, _SECOND)) - _S1)
    words[0] = _UPPER
    place[0] = 0


@allocation_free
def _stirred(word: np.uint32, factor: np.uint32) -> np.uint32:
    # The compiler multiplies two words of 32 bits into one of 64.
    return np.uint32(np.uint32(word ^ (word >> _S30)) * factor)


@allocation_free
def _next_word(words: NDArray[np.uint32], place: NDArray[np.int64]) -> np.uint32:
    # In place, a word when it is wanted: seldom more than a tenth of them are.
    at = place[0]
    after = at + 1 if at + 1 < WORDS else 0
    far = at + _REACH if at + _REACH < WORDS else at + _REACH - WORDS
    joined = (words[at] & _UPPER) | (words[after] & _LOWER)
    word = np.uint32(words[far] ^ (joined >> _S1))
    if joined & _S1:
        word = np.uint32(word ^ _TWIST)
    words[at] = word
    place[0] = after
    word = np.uint32(word ^ (word >> _S11))
    word = np.uint32(word ^ ((word << _S7) & _MASK_7))
    word = np.uint32(word ^ ((word << _S15) & _MASK_15))
    return np.uint32(word ^ (word >> _S18))


@allocation_free
def unit(words: NDArray[np.uint32], place: NDArray[np.int64]) -> float:
    """Return what ``random()`` returns."""
    upper, lower = _next_word(words, place) >> _S5, _next_word(words, place) >> _S6
    return (np.float64(upper) * 67108864.0 + np.float64(lower)) * (1.0 / 9007199254740992.0)


@allocation_free
def below(words: NDArray[np.uint32], place: NDArray[np.int64], count: int) -> int:
    """Return the position that ``choice`` picks of so many, for 1 to 2**32 - 1."""
    bits = 0
    while count >> bits:
        bits += 1
    shift = np.uint32(32 - bits)
    drawn = np.int64(_next_word(words, place) >> shift)
    while drawn >= count:
        drawn = np.int64(_next_word(words, place) >> shift)
    return int(drawn)
