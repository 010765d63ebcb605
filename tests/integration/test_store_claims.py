"""One process claims a run; a killed one never stands in the way of the next."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.errors import Fenced, StoreError
from tests.fakes.histories import a_spec

pytestmark = pytest.mark.slow

# Claims the run, says so, and stays: alone, or with a forked child that outlives it.
HOLDER = """
import os, sys, time
from genepool.adapters.store import open_sql_store
store = open_sql_store(sys.argv[1])
store.claim("first")
if sys.argv[2] == "forks" and os.fork() == 0:
    os.close(1)
    time.sleep(5)
    os._exit(0)
print("claimed", flush=True)
time.sleep(60)
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return embedded_url(tmp_path / "genepool.sqlite")


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    opened = open_sql_store(url)
    opened.create(a_spec())
    yield opened
    opened.close()


@contextmanager
def holder(url: str, manner: str = "alone") -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, url, manner], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "claimed\n"
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


def test_a_second_process_is_refused(store: SqlStore, url: str) -> None:
    with holder(url), pytest.raises(StoreError, match="run first is owned by another process"):
        store.claim("first")


def test_a_second_store_of_the_same_process_is_refused_too(store: SqlStore, url: str) -> None:
    store.claim("first")
    other = open_sql_store(url)
    with pytest.raises(StoreError, match="owned by another process"):
        other.claim("first")
    store.close()
    other.claim("first")
    other.close()


def test_the_budget_of_a_run_that_another_process_has_claimed_stays(store: SqlStore, url: str) -> None:
    before = store.spec("first")
    larger = replace(before, settings=replace(before.settings, generations=99))
    other = open_sql_store(url)
    other.claim("first")
    with pytest.raises(Fenced, match="keeps to the budget that it has: stop it, and resume it"):
        store.enlarge(larger)
    assert store.spec("first") == before
    other.close()
    store.enlarge(larger)
    assert store.spec("first") == larger


def test_other_runs_are_free(store: SqlStore, url: str) -> None:
    store.create(a_spec("second"))
    with holder(url):
        store.claim("second")


@pytest.mark.parametrize("manner", ["alone", "forks"])
def test_a_killed_owner_leaves_the_run_to_the_next(store: SqlStore, url: str, manner: str) -> None:
    with holder(url, manner) as process:
        process.kill()
        process.wait(timeout=30)
        store.claim("first")


def test_a_run_is_running_while_its_process_lives_and_interrupted_afterwards(
    store: SqlStore, url: str
) -> None:
    def state() -> str:
        return store.summaries()[0].state

    with holder(url) as process:
        assert state() == "running"
        process.kill()
        process.wait(timeout=30)
        assert state() == "interrupted"
    store.claim("first")
    assert state() == "running"
    store.finish("first", "finished", "abc")
    assert state() == "finished"


def test_a_claim_survives_what_others_ask_of_the_list(store: SqlStore, url: str) -> None:
    with holder(url):
        for _ in range(20):
            store.summaries()
        with pytest.raises(StoreError, match="owned by another process"):
            store.claim("first")


def test_a_folder_of_claims_that_cannot_be_made_is_explained(store: SqlStore, tmp_path: Path) -> None:
    (tmp_path / "genepool.sqlite.claims").write_text("a file in the way")
    with pytest.raises(StoreError, match=r"cannot lock run first in .*: give this user write access"):
        store.claim("first")
