"""Data in a real browser: looked at, uploaded, corrected, kept, downloaded, deleted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.conftest import Accessible
from tests.fakes.service import ServiceOverHttp

pytestmark = pytest.mark.slow

HEADER = "Date,Open,High,Low,Close,Volume\n"


def rows(*missing: int) -> str:
    return "".join(
        f"2024-01-{1 + hour // 24:02d} {hour % 24:02d}:00,10,12,9,{10 + hour % 2},5\n"
        for hour in range(240)
        if hour not in missing
    )


def uploaded(service: ServiceOverHttp, name: str) -> None:
    answer = service.runner.post("/v1/datasets", files={"file": (f"{name}.csv", HEADER + rows())})
    assert answer.status_code == 201


def test_the_list_leads_to_what_is_known_of_a_data_set(page: Page, accessible: Accessible) -> None:
    page.goto("/data")
    accessible(page)
    page.get_by_role("link", name="btcusd_1h").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("btcusd_1h")
    expect(page.get_by_role("img", name="BTCUSD, 1h candles")).to_be_visible()
    expect(page.get_by_text("20,111 (")).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    accessible(page)
    assert page.get_by_role("link", name="Evolve on it").get_attribute("href") == "/new?data=btcusd_1h"


def test_a_file_is_understood_corrected_and_kept(
    page: Page, tmp_path: Path, service: ServiceOverHttp, accessible: Accessible
) -> None:
    file = tmp_path / "GOLD.csv"
    file.write_text(HEADER + rows(40, 41, 42))
    page.goto("/data")
    page.get_by_role("link", name="Upload a file").click()
    accessible(page)
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("alert")).to_contain_text("3 candles are missing")
    accessible(page)
    page.get_by_role("button", name="--max-gap 3").click()
    expect(page.get_by_role("status").filter(has_text="237 candles of 1h")).to_contain_text("GOLD_1h")
    expect(page.get_by_role("img", name="GOLD, 1h candles")).to_be_visible()
    expect(page.get_by_role("cell", name="2024-01-02 16:00")).to_be_visible()
    accessible(page)
    assert "GOLD_1h" not in names(service), "nothing is kept yet"
    page.get_by_text("Correct what was understood").click()
    expect(page.get_by_label("--max-gap", exact=True)).to_have_value("3")
    page.get_by_label("--symbol").fill("SILVER")
    page.get_by_role("button", name="Look again").click()
    keep = page.get_by_role("button", name="Keep it as SILVER_1h")
    expect(keep).to_be_visible()
    page.get_by_label("Licence").fill("my own")
    keep.click()
    expect(page).to_have_url(f"{service.address}/data/SILVER_1h")
    expect(page.get_by_text("my own")).to_be_visible()
    assert "SILVER_1h" in names(service)


def names(service: ServiceOverHttp) -> list[str]:
    return [entry["name"] for entry in service.reader.get("/v1/datasets").json()]


def test_a_file_that_is_none_is_refused_and_the_page_stays(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "GOLD.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    page.goto("/data/upload")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("alert")).to_contain_text("picture")
    page.get_by_label("--timezone").fill("Nowhere/Atall")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("alert").first).to_be_visible()


def test_an_import_is_deleted_after_a_question(page: Page, service: ServiceOverHttp) -> None:
    uploaded(service, "LEAD")
    page.goto("/data/LEAD_1h")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Delete").click()
    assert "LEAD_1h" in names(service)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    expect(page).to_have_url(f"{service.address}/data")
    expect(page.get_by_role("link", name="LEAD_1h")).to_have_count(0)
    assert "LEAD_1h" not in names(service)


def test_an_import_that_is_needed_stays_and_the_page_says_why(page: Page, service: ServiceOverHttp) -> None:
    uploaded(service, "TIN")
    service.recorded("tinny")
    planned = {"job": {"kind": "refresh", "run": "tinny", "data": "TIN_1h"}, "every_seconds": 86_400}
    schedule = service.runner.post("/v1/schedules", json=planned).json()["id"]
    page.goto("/data/TIN_1h")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("alert")).to_contain_text(f"schedule {schedule} needs it")
    assert "TIN_1h" in names(service)
    service.runner.delete(f"/v1/schedules/{schedule}")


def test_a_download_is_a_job_whose_end_is_seen(page: Page, service: ServiceOverHttp) -> None:
    page.goto("/data")
    page.get_by_role("textbox", name="Exchange").fill("nowhere")
    page.get_by_role("textbox", name="Market").fill("BTC")
    page.get_by_role("button", name="Download").click()
    told = page.get_by_role("list", name="Downloads")
    expect(told).to_contain_text("ccxt")
    expect(told).to_contain_text("failed")
    assert service.reader.get("/v1/jobs", params={"kind": "download"}).json()["jobs"]


def test_who_may_only_look_is_offered_nothing_else(
    tab: Callable[..., Page], service: ServiceOverHttp
) -> None:
    page = tab(storage_state=None)
    page.goto("/login")
    page.get_by_label("Key").fill(service.keys["read"])
    page.get_by_role("button", name="Log in").click()
    page.goto("/data")
    expect(page.get_by_role("link", name="Upload a file")).to_have_count(0)
    expect(page.get_by_role("button", name="Download")).to_have_count(0)
    page.goto("/queue")
    expect(page.get_by_role("button", name="Schedule it")).to_have_count(0)


@pytest.mark.parametrize("place", ["/data", "/data/btcusd_1h", "/data/upload", "/queue", "/ledger", "/keys"])
def test_a_page_fits_a_phone_and_the_dark(
    tab: Callable[..., Page], place: str, accessible: Accessible
) -> None:
    page = tab(viewport={"width": 320, "height": 640}, color_scheme="dark")
    page.goto(place)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    accessible(page)
