"""Which genomes a run has asked for, in eight bytes each: a run may have asked for a million."""

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

# The latest ones are held as they come, until they are so many, and an eighth of all.
_LATEST, _SHARE = 10_000, 8


class Tried:
    """``Seen`` that grows: sorted numbers, and the latest ones beside them."""

    def __init__(self) -> None:
        self._sorted = np.array([], dtype=np.uint64)
        self._latest = set[int]()

    def __contains__(self, fingerprint: object, /) -> bool:
        number = int(str(fingerprint), 16)
        return number in self._latest or bool(self._held(_numbers([number]))[0])

    def __len__(self) -> int:
        return len(self._sorted) + len(self._latest)

    def update(self, fingerprints: Iterable[str]) -> None:
        """Add fingerprints; one that is there already changes nothing."""
        numbers = _numbers({int(fingerprint, 16) for fingerprint in fingerprints})
        self._latest.update(numbers[~self._held(numbers)].tolist())
        if len(self._latest) > max(_LATEST, len(self._sorted) // _SHARE):
            self._sorted = np.sort(np.concatenate([self._sorted, _numbers(self._latest)]))
            self._latest.clear()

    def _held(self, numbers: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Tell which numbers are among the sorted ones."""
        if not len(self._sorted):
            return np.zeros(len(numbers), dtype=np.bool_)
        places = np.searchsorted(self._sorted, numbers)
        held: NDArray[np.bool_] = self._sorted[np.minimum(places, len(self._sorted) - 1)] == numbers
        return held


def _numbers(numbers: Collection[int]) -> NDArray[np.uint64]:
    return np.fromiter(numbers, dtype=np.uint64, count=len(numbers))
