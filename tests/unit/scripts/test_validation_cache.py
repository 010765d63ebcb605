"""A dead Redis does not pass, though the history answers in its place."""

from types import SimpleNamespace
from typing import cast

import pytest

from scripts.validation.system.checks import cache
from scripts.validation.system.system import System

RUN = {"run": "sample", "evaluations": 200, "seconds": 1.0}


def passed(mode: str, hits: int, redis_hits: int) -> bool:
    """Look at a system whose second run got so many answers, of which Redis gave so many."""
    looked_at = SimpleNamespace(
        mode=mode, sample=RUN, sample_again=RUN, cache_hits=lambda _: hits, redis_hits=redis_hits
    )
    return cache.look(cast("System", looked_at)).passed


@pytest.mark.parametrize(
    ("mode", "hits", "redis_hits", "enough"),
    [
        ("distributed", 200, 200, True),
        ("distributed", 200, 0, False),
        ("distributed", 100, 100, False),
        ("local", 200, 0, True),
        ("local", 100, 0, False),
    ],
)
def test_the_second_run_is_answered(mode: str, hits: int, redis_hits: int, *, enough: bool) -> None:
    assert passed(mode, hits, redis_hits) == enough
