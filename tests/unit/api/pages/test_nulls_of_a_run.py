"""A run's page says how its search stands among those of null markets, or that nobody asked."""

from collections.abc import Iterator

import httpx
import pytest

from genepool.history import THE_RUN_ITSELF, NullSearch
from genepool.robustness.search_statistics import DEFAULT_STATISTIC
from tests.fakes.service import LiveService, live_service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    with live_service(tmp_path_factory.mktemp("service")) as live:
        yield live


@pytest.fixture
def browser(service: LiveService) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.address, trust_env=False) as client:
        client.post("/login", data={"key": service.keys["read"]})
        yield client


def test_nulls_are_told_with_what_they_amount_to(service: LiveService, browser: httpx.Client) -> None:
    run = service.recorded("asked")
    digest = service.store.book.summary(run).digest or ""
    for number, figure in ((THE_RUN_ITSELF, 3.0), *((null, 1.0) for null in range(1, 20))):
        generator = "block_shuffle" if number else ""
        one = NullSearch(digest, generator, number, {DEFAULT_STATISTIC: figure}, 50)
        service.store.keep_null_search(run, one)
    said = browser.get(f"/runs/{run}/champion").text
    assert "19 markets without an edge found as much in no case" in said
    assert "genepool nulls" not in said
    assert 'id="chance"' in said


def test_a_run_without_nulls_says_how_to_ask(service: LiveService, browser: httpx.Client) -> None:
    run = service.recorded("unasked")
    assert f"<code>genepool nulls {run} --count 19</code>" in browser.get(f"/runs/{run}/champion").text
