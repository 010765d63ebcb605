"""A fleet as one account, over HTTP and as a page."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.fakes.service import LiveService, live_service

ADDRESS = "/v1/fleet/portfolio"
ASKED: dict[str, Any] = {"run": ["one", "two/2"], "paths": 100}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    with live_service(tmp_path_factory.mktemp("service")) as live:
        live.recorded("one")
        live.recorded("two")
        yield live


def test_the_account_is_that_of_the_terms(service: LiveService) -> None:
    told = service.reader.get(ADDRESS, params={**ASKED, "weights": "equal", "max_leverage": 0.5}).json()
    assert [bot["share"] for bot in told["bots"]] == [0.25, 0.25]
    assert told["account"]["cash"] == 0.5
    assert told["terms"]["weights"] == "equal"


def test_all_finished_runs_take_part_where_none_is_named(service: LiveService) -> None:
    told = service.reader.get(ADDRESS, params={"paths": 100}).json()
    assert sorted(bot["run"] for bot in told["bots"]) == ["one", "two"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"run": "nowhere"}, 404),
        ({"run": "one/9999"}, 404),
        ({"weights": "best"}, 422),
        ({"clock": "year"}, 422),
        ({"ruin": 0}, 422),
        ({"clock": "month"}, 422),
    ],
)
def test_what_cannot_be_is_a_problem(service: LiveService, asked: dict[str, Any], status: int) -> None:
    answer = service.reader.get(ADDRESS, params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_browser_is_shown_the_same_account(service: LiveService) -> None:
    with httpx.Client(base_url=service.address, follow_redirects=True) as browser:
        browser.post("/login", data={"key": service.keys["read"]})
        page = browser.get("/fleet/portfolio", params=ASKED)
        assert page.status_code == 200, page.text
        told = service.reader.get(ADDRESS, params=ASKED).json()
        assert told["sentence"].split(". ")[0] in page.text
        for name in ("joint-equity", "correlation", "shares"):
            assert f'id="{name}"' in page.text
        assert "style=" not in page.text
        assert 'formaction="/fleet/portfolio"' in browser.get("/fleet").text
