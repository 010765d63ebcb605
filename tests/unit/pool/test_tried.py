"""The set of fingerprints that a run has asked for behaves as a set, and takes a tenth of its memory."""

import sys
import tracemalloc
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.pool import tried as tried_module
from genepool.pool.tried import Tried

# Of few, so that some come twice: a set is tried by that.
NAMES = st.integers(0, 40).map(lambda number: f"{number * (2**64 - 1) // 40:016x}")


@settings(max_examples=30)
@given(st.lists(st.lists(NAMES, max_size=5), max_size=6), NAMES, st.integers(0, 5))
def test_it_is_the_set_of_what_was_added(parts: list[list[str]], other: str, latest: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tried_module, "_LATEST", latest)
        found, expected = Tried(), set[str]()
        for part in parts:
            found.update(part)
            expected.update(part)
            assert len(found) == len(expected)
    assert (other in found) == (other in expected)
    assert all(name in found for name in expected)


def test_a_fingerprint_takes_eight_bytes() -> None:
    names = [sha256(bytes([place % 256, place // 256])).hexdigest()[:16] for place in range(11_000)]
    found = Tried()
    tracemalloc.start()
    try:
        found.update(names)
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert len(found) == len(names)
    assert taken < 10 * len(names) < sum(map(sys.getsizeof, names))
