"""Tests that measure how time is shared have the machine to themselves, however many others run."""

from collections.abc import Iterator

import pytest

from tests.fakes.turns import taking_turns


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Run a test beside others, or alone when it asks for that."""
    folder = item.config.rootpath / ".pytest_cache" / "turns"
    folder.mkdir(parents=True, exist_ok=True)
    with taking_turns(folder, alone=item.get_closest_marker("alone") is not None):
        return (yield)
