"""``import genepool`` costs nothing, names what there is, and leaves its rooms what they are."""

import json
import subprocess
import sys

import pytest

import genepool as gp
from genepool import __all__ as names
from genepool.errors import LooksAhead
from genepool.notebook import own
from genepool.scheduling.threads import LIBRARY_THREADS

ASKED = """
import json, sys, types, typing
before = set(sys.modules)
import genepool
loaded = sorted(set(sys.modules) - before)
listed = [name for name in dir(genepool) if not name.startswith("_")]
import genepool.strategies
print(json.dumps([loaded, listed, len(genepool.strategies())]))
"""
CAPPED = """
import json, os, sys
import genepool
genepool.Costs
loaded = "numpy" in sys.modules
genepool.read
caps = {name: os.environ.get(name) for name in json.loads(sys.argv[1])}
print(json.dumps([loaded, "numpy" in sys.modules, caps]))
"""


def told(program: str, *words: str, environment: dict[str, str] | None = None) -> list[object]:
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    found: list[object] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_importing_the_package_loads_no_module_but_itself_and_a_room_that_came_first_still_answers() -> None:
    loaded, listed, seeds = told(ASKED)
    assert loaded == ["genepool"], "beside Python's own types and typing"
    assert listed == sorted(names)
    assert seeds == 14


@pytest.mark.slow
def test_the_libraries_threads_are_capped_before_the_first_of_them_is_loaded() -> None:
    loaded, then, caps = told(CAPPED, json.dumps(list(LIBRARY_THREADS)), environment={})
    assert (loaded, then) == (False, True)
    assert caps == dict.fromkeys(LIBRARY_THREADS, "1")


def test_every_name_is_there() -> None:
    assert all(callable(getattr(gp, name)) for name in names if name != "errors")
    assert gp.errors.LooksAhead is LooksAhead
    with pytest.raises(AttributeError, match="no attribute 'Klient'"):
        gp.Klient  # noqa: B018 - asked for only


def test_a_room_stays_a_room_and_answers_a_call() -> None:
    from genepool.backtest import scorer  # noqa: PLC0415 - what it is imported from is what is tested

    assert gp.backtest.scorer is scorer  # type: ignore[attr-defined] # to a checker it is the function
    assert gp.strategy is own.strategy
