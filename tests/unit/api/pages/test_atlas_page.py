"""The page of a run's strategy atlas: the map, a row for each champion, and the command for a fleet."""

from collections.abc import Iterator

import httpx
import pytest

from tests.fakes.service import LiveService, live_service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    with live_service(tmp_path_factory.mktemp("service")) as live:
        live.recorded("small")
        yield live


@pytest.fixture(scope="module")
def browser(service: LiveService) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.address, trust_env=False, timeout=60) as client:
        client.post("/login", data={"key": service.keys["read"]})
        yield client


def test_each_champion_has_a_row_and_nothing_is_ticked(service: LiveService, browser: httpx.Client) -> None:
    cells = service.reader.get("/v1/runs/small/atlas").json()["cells"]
    said = browser.get("/runs/small/atlas").text
    assert said.count('type="checkbox"') == len(cells) > 5
    assert "genepool fleet" not in said
    assert "checked" not in said


def test_what_is_ticked_becomes_a_command_and_what_is_unknown_does_not(browser: httpx.Client) -> None:
    first, second = browser.get("/v1/runs/small/leaderboard?count=2").json()["leaderboard"][:2]
    asked = {"genome": [first["fingerprint"], "0" * 16, "<script>"]}
    said = browser.get("/runs/small/atlas", params=asked).text
    assert f"<code>genepool fleet small/{first['fingerprint']}</code>" in said
    assert said.count(" checked") == 1
    assert second["fingerprint"] not in said.partition("<code>")[2].partition("</code>")[0]


def test_more_than_a_fleet_is_made_of_is_refused_in_a_sentence(browser: httpx.Client) -> None:
    refused = browser.get("/runs/small/atlas", params={"genome": ["0" * 16] * 101})
    assert refused.status_code == 422
    assert "at most 100 items" in refused.text


def test_a_run_leads_to_its_atlas(browser: httpx.Client) -> None:
    assert 'href="/runs/small/atlas"' in browser.get("/runs/small/champion").text
