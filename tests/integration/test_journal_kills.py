"""What was acknowledged is stored, once: kill the process at any instant, with any history behind it."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from genepool.adapters.store import embedded_url, open_sql_store, upgrade_layout
from genepool.randomness import Purpose, generator
from tests.fakes import recorder
from tests.fakes.forked import Forked
from tests.fakes.forms import LONG
from tests.fakes.histories import a_spec
from tests.fakes.postgres import history_url
from tests.fakes.recorded import populations

pytestmark = [pytest.mark.chaos, pytest.mark.slow]

COUNT, KILLS = (200, 8) if LONG else (100, 4)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "postgres":
        with history_url() as made:
            yield made
    else:
        made = embedded_url(tmp_path / "h.sqlite")
        upgrade_layout(made)
        yield made


def start(url: str, folder: Path) -> Forked:
    return Forked(folder, dict(os.environ), (url, str(folder / "journal"), str(COUNT)), recorder.run)


def test_generations_survive_kills_at_random_instants(url: str, tmp_path: Path) -> None:
    store = open_sql_store(url)
    store.create(a_spec())
    store.close()
    acknowledged: list[int] = []
    draw = generator(7, Purpose.BENCHMARK)
    gaps = []
    for delay in draw.uniform(0.0, 0.08, KILLS):
        process = start(url, tmp_path)
        first = process.stdout.readline()
        time.sleep(delay)
        process.kill()
        rest, _ = process.communicate(timeout=120)
        acknowledged += [int(line) for line in (first, *rest.splitlines())]
        gaps.append(_missing(url, acknowledged[-1]))
    process = start(url, tmp_path)
    rest, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    acknowledged += [int(line) for line in rest.split()]
    # Nothing acknowledged is ever recorded again; a kill may swallow one acknowledgement, not more.
    assert acknowledged == sorted(set(acknowledged))
    assert len(acknowledged) >= COUNT - KILLS
    _check_stored(url)
    # Not a test of a journal that is always empty.
    assert max(gaps) >= 1


def _missing(url: str, newest: int) -> int:
    store = open_sql_store(url)
    stored = len(populations(store, a_spec().run))
    store.close()
    return newest + 1 - stored


def _check_stored(url: str) -> None:
    store = open_sql_store(url)
    stored = populations(store, a_spec().run)
    summary = store.summaries()[0]
    store.close()
    assert [repr(one) for one in stored] == [repr(one.population) for one in recorder.generations(COUNT)]
    assert (summary.state, summary.generations, summary.evaluations) == ("finished", COUNT, 4 * COUNT)
