"""The order of the tests, and which of them are slow: whole files are shared out, the longest first."""

import gc
import os
from collections.abc import Iterator

import pytest

# Each takes more than ten seconds.
LONGEST = (
    "test_ray_evaluator.py",
    "test_calibration_cluster.py",
    "test_schemathesis.py",
    "test_shared_jobs.py",
    "test_job_work.py",
    "test_kill_and_resume.py",
    "test_documented_commands.py",
    "test_cluster_manager_compose.py",
    "test_postgres_outages.py",
    "test_journal_kills.py",
    "test_redis_outages.py",
    "test_postgres_leases.py",
    "test_evolve_cli.py",
    "test_changed_secrets.py",
    "test_strategies.py",
    "test_stores.py",
    "test_run_books.py",
    "test_serve_kills.py",
    "test_aws_cluster.py",
    "test_local_evaluator.py",
)

# Tests are no guests on their machine: what they start works at full speed unless it says otherwise.
os.environ.setdefault("GENEPOOL_CPU_BUDGET", "100")

# Where tests start servers or programs, or draw hundreds of examples: `make check` passes the others.
SLOW = {"contract", "integration", "e2e", "chaos", "property"}


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage while tests are collected, and never among what collecting leaves: it stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow or takes a browser, and put the longest files first; others keep their order."""
    for item in items:
        if SLOW & set(item.path.parts):
            item.add_marker(pytest.mark.slow)
        if "pages" in item.path.parts and "e2e" in item.path.parts:
            item.add_marker(pytest.mark.browser)
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path.name, len(ranks)))
