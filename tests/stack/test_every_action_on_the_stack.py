"""The actions of the pages on the running stack, in a real browser: the tests of a laptop's service again.

Tests that need a history of their own, empty or written by hand, stay with the laptop. To try another service
that runs already, name it and a key that may do everything:
``GENEPOOL_TRIED_URL=http://127.0.0.1:8000 GENEPOOL_TRIED_KEY=gp_… pytest -m "stack and browser" FILE``.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_args

import httpx
import pytest
from playwright.sync_api import Page, expect

from genepool.api_keys import Scope
from scripts.validation.stack import POOL, Stack
from tests.e2e.pages.conftest import Accessible, accessible, browser, page, session, tab
from tests.e2e.pages.test_data_pages import (
    test_a_download_is_a_job_whose_end_is_seen,
    test_a_file_is_understood_corrected_and_kept,
    test_a_file_that_is_none_is_refused_and_the_page_stays,
    test_an_import_is_deleted_after_a_question,
    test_an_import_that_is_needed_stays_and_the_page_says_why,
    test_the_list_leads_to_what_is_known_of_a_data_set,
)
from tests.e2e.pages.test_first_page import test_a_person_logs_in_with_a_key_and_out_again
from tests.e2e.pages.test_ledger_and_keys_pages import (
    test_a_key_is_made_shown_once_copied_and_revoked,
    test_keys_are_shown_to_those_who_administer_alone,
)
from tests.e2e.pages.test_new_run_page import (
    form,
    test_an_address_fills_the_form_in,
    test_each_field_is_explained_and_the_run_foreseen,
    test_what_is_mistyped_is_told_beside_it_and_stays,
    test_what_is_typed_changes_what_is_foreseen,
)
from tests.e2e.pages.test_queue_page import (
    test_a_job_is_seen_live_and_cancelled,
    test_a_job_says_what_was_asked_and_why_it_failed,
    test_a_refresh_is_scheduled_and_removed,
    test_jobs_are_filtered_by_state_and_kind,
)
from tests.e2e.pages.test_run_page import (
    DONE,
    bred,
    live,
    test_a_budget_that_is_too_small_is_refused_in_a_sentence,
    test_a_key_that_may_only_look_has_no_buttons,
    test_a_live_run_grows_before_the_eyes_of_all_who_look,
    test_a_run_is_stopped_and_resumed_by_buttons,
    test_a_run_is_watched_to_its_end_and_continued_with_more_generations,
    test_a_run_that_is_not_there_is_told,
    test_any_genome_of_the_leaderboard_has_a_page,
    test_candles_are_looked_at_more_closely,
    test_every_trade_is_listed_and_shown_on_the_chart,
    test_files_are_downloaded,
    test_the_champion_is_shown_with_its_verdict_first,
    test_the_report_is_opened_and_written_anew,
)
from tests.fakes.service import ServiceOverHttp, service_at

# Fixtures and tests of the laptop's service, collected here too.
__all__ = [
    "accessible", "bred", "browser", "form", "live", "page", "session", "tab",
    "test_a_budget_that_is_too_small_is_refused_in_a_sentence", "test_a_download_is_a_job_whose_end_is_seen",
    "test_a_file_is_understood_corrected_and_kept", "test_a_file_that_is_none_is_refused_and_the_page_stays",
    "test_a_job_is_seen_live_and_cancelled", "test_a_job_says_what_was_asked_and_why_it_failed",
    "test_a_key_is_made_shown_once_copied_and_revoked", "test_a_key_that_may_only_look_has_no_buttons",
    "test_a_live_run_grows_before_the_eyes_of_all_who_look", "test_a_person_logs_in_with_a_key_and_out_again",
    "test_a_refresh_is_scheduled_and_removed", "test_a_run_is_stopped_and_resumed_by_buttons",
    "test_a_run_is_watched_to_its_end_and_continued_with_more_generations",
    "test_a_run_that_is_not_there_is_told", "test_an_address_fills_the_form_in",
    "test_an_import_is_deleted_after_a_question", "test_an_import_that_is_needed_stays_and_the_page_says_why",
    "test_any_genome_of_the_leaderboard_has_a_page", "test_candles_are_looked_at_more_closely",
    "test_each_field_is_explained_and_the_run_foreseen", "test_every_trade_is_listed_and_shown_on_the_chart",
    "test_files_are_downloaded", "test_jobs_are_filtered_by_state_and_kind",
    "test_keys_are_shown_to_those_who_administer_alone",
    "test_the_champion_is_shown_with_its_verdict_first", "test_the_list_leads_to_what_is_known_of_a_data_set",
    "test_the_report_is_opened_and_written_anew", "test_what_is_mistyped_is_told_beside_it_and_stays",
    "test_what_is_typed_changes_what_is_foreseen",
]  # fmt: skip

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.slow]

_RUNS = (DONE, "watched", "endless", "gold", "tinny", "mine", "yours", "mine-too")
_DATA = ("GOLD_1h", "SILVER_1h", "LEAD_1h", "TIN_1h")
_NAME = "for tests of the pages"
_SETTLED_SECONDS = 180


@pytest.fixture(scope="module")
def where(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Return the address of what is tried, and a key of it that may do everything."""
    if (address := os.environ.get("GENEPOOL_TRIED_URL")) is not None:
        return address.rstrip("/"), os.environ["GENEPOOL_TRIED_KEY"]
    stack: Stack = request.getfixturevalue("stack")
    key = stack.inside("genepool", "keys", "create", "--scope", "admin", "--name", _NAME).strip()
    return f"http://{stack.address(POOL)}", key


@pytest.fixture(scope="module", autouse=True)
def settled(where: tuple[str, str]) -> None:
    """Wait until all that the service needs answers: the module before may have restarted some."""
    deadline = time.monotonic() + _SETTLED_SECONDS
    while not _is_ready(where[0]):
        assert time.monotonic() < deadline, f"not ready within {_SETTLED_SECONDS} s"
        time.sleep(0.5)


@pytest.fixture(scope="module")
def service(where: tuple[str, str], settled: None) -> Iterator[ServiceOverHttp]:  # noqa: ARG001 - for its waiting
    address, admin = where
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {admin}"}, timeout=60) as client:
        with (
            _emptied(client),
            service_at(address, {scope: _made(client, scope) for scope in get_args(Scope)}) as over,
        ):
            yield over
        for key in client.get("/v1/keys").json():
            if key["name"] == _NAME and key["revoked_at"] is None:
                client.delete(f"/v1/keys/{key['id']}")


def test_a_run_is_renamed_noted_and_deleted(
    page: Page, service: ServiceOverHttp, accessible: Accessible
) -> None:
    service.evolved("mine")
    page.goto("/runs?text=mine")
    page.get_by_label("Edit mine").click()
    page.get_by_label("Name", exact=True).fill("yours")
    page.get_by_label("Note", exact=True).fill("two\nlines")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Run yours is saved.")).to_be_visible()
    listed = service.reader.get("/v1/runs", params={"text": "yours"}).json()["runs"]
    assert [one["note"] for one in listed] == ["two\nlines"]
    page.goto("/runs?text=yours")
    page.get_by_label("Edit yours").click()
    accessible(page)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete the run").click()
    expect(page.get_by_text("Run yours is deleted")).to_be_visible()
    assert service.reader.get("/v1/runs/yours").status_code == 404


def test_champions_are_found_and_compared(
    page: Page, service: ServiceOverHttp, accessible: Accessible
) -> None:
    service.evolved("mine-too", seed=5)
    page.goto("/fleet?text=")
    page.get_by_label("Symbol").fill("synthetic")
    expect(page.locator("tbody th a", has_text=DONE).first).to_be_visible()
    page.goto(f"/compare?run={DONE}&run=mine-too")
    expect(page.get_by_role("heading", name="Settings that differ")).to_be_visible()
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    accessible(page)
    page.goto("/ledger")
    expect(page.get_by_text("SYNTHETIC-").first).to_be_visible()


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _made(client: httpx.Client, scope: str) -> str:
    made: Any = client.post("/v1/keys", json={"name": _NAME, "scope": scope}).raise_for_status().json()
    return str(made["key"])


@contextmanager
def _emptied(client: httpx.Client) -> Iterator[None]:
    """Take away, before and after, what these tests make under names of their own."""
    _empty(client)
    yield
    _empty(client)


def _empty(client: httpx.Client) -> None:
    for schedule in client.get("/v1/schedules").json():
        if schedule["request"].get("run") in _RUNS:
            client.delete(f"/v1/schedules/{schedule['id']}")
    for job in client.get("/v1/jobs", params=[("state", "queued"), ("state", "running")]).json()["jobs"]:
        if job["run"] in _RUNS:
            client.post(f"/v1/jobs/{job['id']}/cancel")
    for run in _RUNS:
        deadline = time.monotonic() + 20
        while client.delete(f"/v1/runs/{run}").status_code == httpx.codes.CONFLICT:
            assert time.monotonic() < deadline, f"run {run} is still busy"
            time.sleep(0.5)
    for name in _DATA:
        client.delete(f"/v1/datasets/{name}")
