"""The order of the tests: whole files are shared out, so the longest ones start first."""

import pytest

# Each takes more than twenty seconds.
LONGEST = (
    "test_ray_evaluator.py",
    "test_kill_and_resume.py",
    "test_documented_commands.py",
    "test_journal_postgres.py",
    "test_vectorbt_agreement.py",
    "test_cluster_manager_compose.py",
    "test_learning_seeds.py",
    "test_postgres_outages.py",
    "test_journal_kills.py",
    "test_evaluators.py",
    "test_redis_outages.py",
    "test_postgres_leases.py",
    "test_cluster_manager_ray.py",
    "test_evolve_cli.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the order within a file and of the others stays."""
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path.name, len(ranks)))
