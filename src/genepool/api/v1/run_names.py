"""How a client names a recorded run."""

from collections.abc import Callable
from typing import Annotated, TypeAlias

from fastapi import Path

from genepool.usecases.past_run import PastRun

RunName = Annotated[
    str, Path(min_length=1, max_length=80, description="Its name, a unique beginning of it, or `latest`.")
]
# Returns a recorded run by its name, or by a beginning of it.
OpenRun: TypeAlias = Callable[[str], PastRun]
