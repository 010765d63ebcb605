"""The queue in a real browser: jobs live, cancelled, retried, and what is queued again and again."""

import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from genepool.jobs import NewJob
from tests.e2e.pages.conftest import Accessible
from tests.fakes.service import LiveService, ServiceOverHttp

pytestmark = pytest.mark.slow

LONG: Any = {"generations": 100_000, "data": "synthetic:noise:seed=2,candles=4000"}


def refused(service: ServiceOverHttp) -> int:
    asked = {"kind": "backtest", "data": "btcusd_1h", "strategy": "nowhere"}
    job = int(service.runner.post("/v1/jobs", json=asked).json()["id"])
    while service.job(job)["state"] != "failed":
        time.sleep(0.05)
    return job


def row(page: Page, job: int) -> Any:  # noqa: ANN401 - playwright's own
    return page.locator(f"#job-{job}")


def test_a_job_is_seen_live_and_cancelled(
    page: Page, service: ServiceOverHttp, accessible: Accessible
) -> None:
    page.goto("/queue")
    run = service.ordered("endless", **LONG)
    job = service.jobs_of(run)[0]["id"]
    expect(row(page, job)).to_contain_text("evolve endless")
    expect(row(page, job)).to_contain_text("running")
    expect(row(page, job).get_by_role("progressbar")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name=f"Cancel job {job}").click()
    expect(row(page, job)).to_contain_text("cancelled")
    row(page, job).get_by_role("link", name=f"Retry job {job}").click()
    page.get_by_label("Time limit in hours").fill("24")
    accessible(page)
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    assert service.job(job)["time_limit"] == 24 * 3600
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Retry")).to_be_visible()


def test_jobs_are_filtered_by_state_and_kind(page: Page, service: ServiceOverHttp) -> None:
    job = refused(service)
    other = service.reader.get("/v1/jobs", params={"kind": "evolve", "count": 1}).json()["jobs"]
    page.goto("/queue")
    page.get_by_label("State").select_option("failed")
    page.get_by_label("Kind").select_option("backtest")
    page.get_by_role("button", name="Show").click()
    expect(row(page, job)).to_contain_text("there is no strategy")
    for one in other:
        expect(row(page, one["id"])).to_have_count(0)
    page.get_by_label("State").select_option("expired")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("No job is here of that kind and state")).to_be_visible()


def test_a_job_says_what_was_asked_and_why_it_failed(
    page: Page, service: ServiceOverHttp, accessible: Accessible
) -> None:
    page.goto(f"/queue/{refused(service)}")
    expect(page.locator(".problem")).to_contain_text("there is no strategy 'nowhere': choose from")
    page.get_by_text("What was asked for").click()
    expect(page.get_by_text('"strategy": "nowhere"')).to_be_visible()
    accessible(page)


def test_a_refresh_is_scheduled_and_removed(
    page: Page, service: ServiceOverHttp, accessible: Accessible
) -> None:
    service.recorded("gold")
    page.goto("/queue")
    page.get_by_label("Run to refresh").fill("nowhere")
    page.get_by_role("button", name="Schedule it").click()
    expect(page.get_by_role("alert")).to_contain_text("there is no run nowhere")
    page.get_by_label("Run to refresh").fill("gold")
    page.get_by_label("Every so many days").fill("14")
    page.get_by_role("button", name="Schedule it").click()
    expect(page.get_by_role("row", name="refresh gold")).to_contain_text("every 14 d")
    accessible(page)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove schedule").click()
    expect(page.get_by_text("Nothing is queued again and again")).to_be_visible()
    assert service.reader.get("/v1/schedules").json() == []


def test_the_report_of_a_batch_is_written_and_opened(
    page: Page, service: LiveService, accessible: Accessible
) -> None:
    service.recorded("silver")
    # A kind that no worker does: its part stays as it is.
    part = NewJob("none", {"data": "silver"}, run="silver")
    whole, _ = service.store.jobs.submit_batch(NewJob("batch", {"data": ["silver"]}), [part])
    service.store.jobs.cancel(whole.id)
    page.goto(f"/queue/{whole.id}")
    accessible(page)
    page.get_by_role("button", name="Write the report").click()
    expect(page.locator("#job > .standfirst .state")).to_have_text("done")
    page.goto(f"/queue/{whole.id}")
    page.get_by_role("link", name="The report").click()
    page.get_by_role("navigation", name="Sections", exact=True).get_by_role("link").last.click()
    expect(page.get_by_role("heading", name="Equity by phase")).to_be_visible()
    assert page.locator("article").count() == 1
    assert page.evaluate("origin") == "null"


def test_older_jobs_are_on_the_next_page(page: Page, service: ServiceOverHttp) -> None:
    asked = {"kind": "download", "exchange": "nowhere"}
    jobs = [service.runner.post("/v1/jobs", json=asked).json()["id"] for _ in range(51)]
    page.goto("/queue")
    expect(row(page, jobs[-1])).to_be_visible()
    expect(row(page, jobs[0])).to_have_count(0)
    page.get_by_role("link", name="Older").click()
    expect(row(page, jobs[0])).to_be_visible()
    page.get_by_role("link", name="Newest").click()
    expect(row(page, jobs[-1])).to_be_visible()
