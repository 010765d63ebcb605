"""Jobs of every kind over HTTP, what is queued again and again, strategies and the ledger."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from genepool.usecases.explain_ledger import explain_ledger
from genepool.usecases.ledger_market import checked_market
from genepool.usecases.show_ledger import show_ledger
from tests.fakes.programs import here
from tests.fakes.service import LiveService, live_service

BACKTEST: Mapping[str, Any] = {
    "kind": "backtest", "data": "btcusd_1h", "strategy": "ema_crossover", "genes": {"fast": 12, "slow": 48},
    "candles": 3000, "fee_bps": 7.5,
}  # fmt: skip


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    with live_service(tmp_path_factory.mktemp("service")) as live:
        live.recorded("gold")
        yield live


def ordered(service: LiveService, body: Mapping[str, Any], key: str = "") -> Any:  # noqa: ANN401 - JSON
    answer = service.runner.post("/v1/jobs", json=body, headers={"Idempotency-Key": key} if key else {})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
    return answer.json()


def test_nulls_are_made_by_the_service_and_shown_with_the_run(service: LiveService) -> None:
    assert service.reader.get("/v1/runs/gold").json()["nulls"] is None
    job = ended(service, ordered(service, {"kind": "nulls", "run": "gold", "count": 1})["id"])
    assert (job["state"], job["result"]["run"], job["result"]["nulls"]["count"]) == ("done", "gold", 1)
    assert service.reader.get("/v1/runs/gold").json()["nulls"] == job["result"]["nulls"]


def ended(service: LiveService, job: int) -> Any:  # noqa: ANN401 - JSON
    while (found := service.reader.get(f"/v1/jobs/{job}").json())["ended_at"] is None:
        time.sleep(0.05)
    return found


def test_a_backtest_finds_what_the_command_prints(service: LiveService, tmp_path: Path) -> None:
    found = ended(service, ordered(service, BACKTEST)["id"])
    words = (
        "--strategy", "ema_crossover", "--gene", "fast=12", "--gene", "slow=48", "--candles", "3000",
        "--fee-bps", "7.5",
    )  # fmt: skip
    printed = here(tmp_path, "backtest", "--data", "btcusd_1h", *words, "--json").document
    assert (found["state"], found["result"]) == ("done", printed)


def test_a_report_is_written_for_the_run_that_is_named(service: LiveService) -> None:
    found = ended(service, ordered(service, {"kind": "report", "run": "latest"})["id"])
    assert (found["run"], found["state"]) == ("gold", "done"), found["error"]
    assert (service.settings.results / "gold.html").is_file()


def test_a_refresh_waits_behind_what_people_wait_for(service: LiveService) -> None:
    job = ordered(service, {"kind": "refresh", "run": "gold"})
    assert (job["priority"], job["request"]["run"]) == ("batch", "gold")
    service.runner.post(f"/v1/jobs/{job['id']}/cancel")


def test_a_download_is_asked_of_the_exchange_itself(service: LiveService) -> None:
    job = ordered(service, {"kind": "download", "exchange": "nowhere", "symbol": "BTC", "repair": True})
    assert (job["request"]["base_url"], job["request"]["checks"]) == ("", ["--repair"])
    assert "nowhere" in ended(service, job["id"])["error"]


def test_ordered_twice_under_one_key_it_is_one_job(service: LiveService) -> None:
    first = ordered(service, BACKTEST, "nightly")["id"]
    assert ordered(service, BACKTEST, "nightly")["id"] == first
    other = service.runner.post(
        "/v1/jobs", json={**BACKTEST, "candles": 2000}, headers={"Idempotency-Key": "nightly"}
    )
    assert other.status_code == 409
    assert ordered(service, BACKTEST)["id"] != first


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"kind": "evil"}, 422, "backtest"),
        ({"kind": "import", "file": "/etc/passwd", "called": "x"}, 422, "kind"),
        ({**BACKTEST, "reading": ["--funding", "/etc/passwd"]}, 422, "reading"),
        ({**BACKTEST, "data": None}, 422, "say on which candles"),
        ({**BACKTEST, "data": "nothing_1h"}, 404, "there is no data set"),
        ({**BACKTEST, "genes": {"fast": "12"}}, 422, "genes"),
        ({**BACKTEST, "market": "moon"}, 422, "market"),
        ({"kind": "report", "run": "nowhere"}, 404, "there is no run nowhere"),
        ({"kind": "nulls", "run": "nowhere"}, 404, "there is no run nowhere"),
        ({"kind": "nulls", "run": "gold", "generator": "coin"}, 422, "no generator of null markets"),
        ({"kind": "nulls", "run": "gold", "count": 0}, 422, "count"),
        ({"kind": "refresh", "run": "gold", "data": "/etc/passwd"}, 404, "there is no data set"),
        ({"kind": "download", "base_url": "http://169.254.169.254"}, 422, "base_url"),
        ({"kind": "download", "exchange": "../../etc"}, 422, "exchange"),
        ({"kind": "download", "candles": 1}, 422, "candles"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_at_once(
    service: LiveService, body: Mapping[str, Any], status: int, said: str
) -> None:
    before = len(service.store.jobs.jobs())
    answer = service.runner.post("/v1/jobs", json=body)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text
    assert len(service.store.jobs.jobs()) == before


@pytest.mark.parametrize("text", [r'"\ud800"', r'"a\u0000b"', r'{"\udfff": 1}'])
def test_text_that_no_database_can_hold_is_refused(service: LiveService, text: str) -> None:
    answer = service.runner.post(
        "/v1/jobs",
        content=f'{{"kind": "backtest", "data": "btcusd_1h", "genome": {{"strategy": {text}}}}}',
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status_code, "hold" in answer.json()["detail"]) == (422, True)


def test_jobs_are_found_by_their_kind(service: LiveService) -> None:
    ordered(service, BACKTEST)
    found = service.reader.get("/v1/jobs", params={"kind": "backtest"}).json()["jobs"]
    assert found
    assert {job["kind"] for job in found} == {"backtest"}


def test_a_schedule_is_made_once_listed_and_removed_once(service: LiveService) -> None:
    asked = {"job": {"kind": "refresh", "run": "gold", "download": True}, "every_seconds": 604_800}
    made = service.runner.post("/v1/schedules", json=asked)
    assert (made.status_code, made.json()["kind"], made.json()["every_seconds"]) == (201, "refresh", 604_800)
    assert service.runner.post("/v1/schedules", json=asked).json() == made.json()
    assert service.reader.get("/v1/schedules").json() == [made.json()]
    place = f"/v1/schedules/{made.json()['id']}"
    assert service.runner.delete(place).status_code == 204
    assert service.runner.delete(place).status_code == 404
    assert service.reader.get("/v1/schedules").json() == []
    assert service.runner.post("/v1/schedules", json={**asked, "every_seconds": 59}).status_code == 422


def test_strategies_are_those_of_the_command(service: LiveService, tmp_path: Path) -> None:
    assert service.reader.get("/v1/strategies").json() == here(tmp_path, "strategies", "--json").document
    assert "sharpe" in [one["name"] for one in service.reader.get("/v1/objectives").json()]


def test_the_ledger_tells_the_trials_that_verdicts_go_by(service: LiveService) -> None:
    page = service.reader.get("/v1/ledger").json()
    digest = service.store.spec("gold").market_digest
    line = next(one for one in page["ledgers"] if one["market_digest"] == digest)
    assert line["trials"] == service.store.trials(digest) > 0
    assert page["total"] == len(page["ledgers"])
    assert service.reader.get("/v1/ledger", params={"after": 1}).json()["ledgers"] == page["ledgers"][1:]
    store = service.store
    assert page == explain_ledger(store.ledger_book, store).as_json()
    shown = service.reader.get(f"/v1/ledger/markets/{digest[:12]}").json()
    assert shown == show_ledger(store.ledger_book, checked_market(digest, store.ledger_book)).as_json()
    assert (shown["trials"], shown["lucky_sharpe"]) == (line["trials"], line["lucky_sharpe"])
    assert service.reader.get("/v1/ledger/markets/nothing").status_code == 404


def test_the_ledger_is_verified_over_http(service: LiveService) -> None:
    digest = service.store.spec("gold").market_digest
    head = service.store.ledger_book.account(digest).head
    found = service.reader.get("/v1/ledger/verify", params={"noted": head}).json()
    assert (found["valid"], found["faults"], found["lost"]) == (True, [], [])
    lost = service.reader.get("/v1/ledger/verify", params={"noted": "f" * 64}).json()
    assert (lost["valid"], lost["lost"]) == (False, ["f" * 64])


def test_a_run_is_ordered_with_its_optimizer(service: LiveService) -> None:
    body = {"data": "synthetic:noise:seed=1,candles=2000", "strategies": "rsi_filter", "optimizer": "random"}
    job = service.runner.post("/v1/runs", json={**body, "population_size": 4, "generations": 1}).json()["job"]
    found = ended(service, job)
    assert (found["state"], found["request"]["settings"]["optimizer"]) == ("done", "random"), found["error"]
    shown = service.reader.get(f"/v1/runs/{found['run']}").json()
    assert shown["spec"]["settings"]["optimizer"] == "random"
    refused = service.runner.post("/v1/runs", json={**body, "optimizer": "luck"})
    assert "there is no optimizer 'luck': choose from atlas, cma, genetic, random, tpe" in refused.text
    assert [one["name"] for one in service.reader.get("/v1/optimizers").json()] == [
        "atlas",
        "cma",
        "genetic",
        "random",
        "tpe",
    ]
