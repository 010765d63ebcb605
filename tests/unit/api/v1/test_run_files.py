"""Reports, exports and the workers over HTTP, of a service that runs."""

import csv
import tempfile
import time
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from genepool.jobs import ENDED, NewJob
from tests.fakes.programs import here
from tests.fakes.service import LiveService, live_service

RUN = "evolved-Ünal"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    with live_service(tmp_path_factory.mktemp("service")) as live:
        live.evolved(RUN, data="synthetic:regimes:seed=3,candles=1500", strategies="donchian_breakout")
        live.recorded("recorded")
        yield live


def test_a_report_is_the_file_that_was_written_and_can_do_nothing_beside_drawing_itself(
    service: LiveService,
) -> None:
    answer = service.reader.get(f"/v1/runs/{RUN}/report")
    assert answer.content == (service.settings.results / f"{RUN}.html").read_bytes()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; sandbox allow-scripts"
    )


def test_a_run_without_a_report_says_how_to_get_one(service: LiveService) -> None:
    answer = service.reader.get("/v1/runs/recorded/report")
    assert answer.status_code == 404
    assert "POST /v1/runs/recorded/report" in answer.json()["detail"]


def test_a_report_is_ordered_once_however_often_it_is_asked_for(service: LiveService) -> None:
    assert service.reader.post("/v1/runs/recorded/report").status_code == 403
    answers = [service.runner.post("/v1/runs/recorded/report") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    job = answers[0].json()
    assert (job["kind"], job["run"], job["request"]) == ("report", "recorded", {"run": "recorded"})
    assert answers[0].headers["location"] == f"/v1/jobs/{job['id']}"


def test_nothing_is_ordered_for_a_run_that_is_not_there(service: LiveService) -> None:
    assert service.runner.post("/v1/runs/nowhere/report").status_code == 404


def test_the_report_of_a_batch_is_written_anew_and_read(service: LiveService) -> None:
    # Of a kind that no worker does: its parts stay where they are.
    whole, part = service.store.jobs.submit_batch(
        NewJob("batch", {"data": ["x"]}), [NewJob("none", {"data": "x"})]
    )
    service.store.jobs.cancel(whole.id)
    report = f"/v1/jobs/{whole.id}/report"
    assert f"POST {report}" in service.reader.get(report).json()["detail"]
    assert service.reader.post(report).status_code == 403
    job = service.runner.post(report).json()
    assert job["request"] == {"run": f"batch-{whole.id}"}
    while service.store.jobs.job(job["id"]).state not in ENDED:
        time.sleep(0.02)
    answer = service.reader.get(report)
    assert "It is cancelled." in answer.text
    assert "sandbox" in answer.headers["content-security-policy"]
    assert service.reader.get(f"/v1/jobs/{part.id}/report").status_code == 404
    assert service.runner.post(f"/v1/jobs/{part.id}/report").status_code == 404


@pytest.mark.parametrize("what", ["genome", "trades", "fills", "equity", "trials"])
def test_an_export_is_the_file_that_the_command_writes(
    service: LiveService, what: str, tmp_path: Path
) -> None:
    file, folder = tmp_path / "file", service.settings.home.parent
    assert here(folder, "export", RUN, "--what", what, "--rank", "2", "--out", str(file)).code == 0
    answer = service.reader.get(f"/v1/runs/{RUN}/exports/{what}", params={"rank": 2})
    assert answer.content == file.read_bytes()
    if what == "genome":
        assert answer.json()["rank"] == 2
    else:
        assert len(list(csv.reader(StringIO(answer.text)))) > 1


def test_an_export_is_a_download_with_a_name_of_any_script(service: LiveService) -> None:
    answer = service.reader.get(f"/v1/runs/{RUN}/exports/trades")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=utf-8''evolved-%C3%9Cnal-trades.csv"
    )
    answer = service.reader.get(f"/v1/runs/{RUN}/exports/genome", params={"rank": 3})
    assert answer.headers["content-disposition"].endswith("-genome-3.json")


def test_nothing_of_an_export_stays_behind(
    service: LiveService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    service.reader.get(f"/v1/runs/{RUN}/exports/trials")
    service.reader.get(f"/v1/runs/{RUN}/exports/genome", params={"rank": 999_999})
    with service.reader.stream("GET", f"/v1/runs/{RUN}/exports/equity"):
        pass
    # The client has its last byte a moment before the service has forgotten the file.
    until = time.monotonic() + 5
    while (left := list(tmp_path.iterdir())) and time.monotonic() < until:
        time.sleep(0.01)
    assert left == []


def test_a_rank_that_there_is_not_is_told_with_those_that_there_are(service: LiveService) -> None:
    answer = service.reader.get(f"/v1/runs/{RUN}/exports/genome", params={"rank": 999_999})
    assert "it has ranks 1 to" in answer.json()["detail"]
    assert service.reader.get(f"/v1/runs/{RUN}/exports/wings").status_code == 422


def test_the_workers_are_told_with_what_they_do(service: LiveService) -> None:
    told = service.reader.get("/v1/cluster").json()
    assert told["cpus"] == 1
    assert [(node["node"], node["seats"]) for node in told["nodes"]] == [("this machine", 1)]
    assert told["queue"] == {"waiting": 0, "running": 0}
    assert told["runs"] == []
    assert told["waiting_for"] is None


def test_a_genome_is_downloaded_as_the_files_of_a_program(service: LiveService, tmp_path: Path) -> None:
    folder, out = service.settings.home.parent, tmp_path / "out"
    assert here(folder, "export", RUN, "--to", "backtrader", "--rank", "2", "--out", str(out)).code == 0
    address = f"/v1/runs/{RUN}/genomes/2/exports"
    offered = service.reader.get(address).json()
    assert {"backtrader", "csv", "json", "quantstats"} <= {one["name"] for one in offered["targets"]}
    answers = [service.reader.get(f"{address}/backtrader") for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[0].headers["content-type"] == "application/zip"
    assert answers[0].headers["content-disposition"].endswith("nal-backtrader-2.zip")
    with ZipFile(BytesIO(answers[0].content)) as archive:
        sent = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert sent == {path.name: path.read_bytes() for path in out.iterdir()}


def test_the_page_of_a_genome_offers_the_programs(service: LiveService) -> None:
    with httpx.Client(base_url=service.address, trust_env=False) as browser:
        browser.post("/login", data={"key": service.keys["read"]})
        page = browser.get(f"/runs/{RUN}/genomes/2").text
        assert "/genomes/2/exports/backtrader" in page
        assert "/genomes/1/exports/backtrader" in browser.get(f"/runs/{RUN}/champion").text


def test_a_program_that_there_is_not_is_told_with_those_that_there_are(service: LiveService) -> None:
    answer = service.reader.get(f"/v1/runs/{RUN}/genomes/1/exports/excel")
    assert answer.status_code == 422
    assert "choose from backtrader, csv" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["report", "exports/genome", "genomes/1/exports", "genomes/1/exports/csv"])
def test_a_stranger_gets_nothing(service: LiveService, path: str) -> None:
    assert service.stranger.get(f"/v1/runs/{RUN}/{path}").status_code == 401
    assert service.stranger.get("/v1/cluster").status_code == 401
