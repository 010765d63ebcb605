"""The sealed exam over HTTP, and that no other route tells of the sealed candles."""

import io
import re
import zipfile
from collections.abc import Iterator

import httpx
import pytest

from genepool.market.moments import timestamp
from tests.fakes.bred_runs import bred_run
from tests.fakes.service import LiveService, live_service

RUN = bred_run("small")
VISIBLE = len(RUN.plan.problem.candles)
SEALED = {timestamp(int(stamp)) for stamp in RUN.plan.candles.stamps[VISIBLE:]}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    with live_service(tmp_path_factory.mktemp("service")) as live:
        live.recorded("small")
        yield live


def test_what_is_asked_for_a_run_tells_of_no_sealed_candle(service: LiveService) -> None:
    document = service.reader.get("/v1/openapi.json").json()
    told = 0
    for path, routes in document["paths"].items():
        if "get" not in routes or not path.startswith("/v1/runs/{run}") or "report" in path:
            continue
        address = path.replace("{run}", "small").replace("{genome}", "1").replace("{what}", "trades")
        address = address.replace("{target}", "csv")
        said = service.reader.get(address, params={"points": 20_000} if "equity" in path else None)
        assert said.status_code == 200, (address, said.text)
        moments = set(re.findall(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", _text_of(said)))
        assert not moments & SEALED, address
        told += len(moments) > 0
    # Trades and equity tell of candles.
    assert told >= 3


def _text_of(said: httpx.Response) -> str:
    if said.headers["content-type"] != "application/zip":
        return said.text
    with zipfile.ZipFile(io.BytesIO(said.content)) as files:
        return "\n".join(files.read(name).decode() for name in files.namelist())


@pytest.mark.parametrize("what", ["trades", "fills", "equity"])
def test_no_export_tells_of_a_sealed_candle(service: LiveService, what: str) -> None:
    said = service.reader.get(f"/v1/runs/small/exports/{what}")
    moments = set(re.findall(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d", said.text))
    assert said.status_code == 200
    assert moments
    assert not moments & {sealed[:-1].replace("T", mark) for sealed in SEALED for mark in "T "}


def test_it_is_sat_once_by_those_who_may_breed(service: LiveService) -> None:
    address = "/v1/runs/small/exam"
    assert service.reader.get(address).json() == {"run": "small", "exam": None}
    assert service.reader.post(address).status_code == 403
    assert service.reader.get(address).json()["exam"] is None
    sat = service.runner.post(address)
    assert sat.status_code == 200, sat.text
    assert (sat.json()["exam"]["attempt"], sat.json()["run"]) == (1, "small")
    assert sat.json()["bred_on_by"] == []
    assert service.runner.post(address).json() == sat.json()
    assert service.reader.get(address).json() == {"run": "small", "exam": sat.json()["exam"]}
    assert service.reader.get("/v1/runs/small").json()["exam"] == sat.json()["exam"]
    assert service.reader.get("/v1/runs/none/exam").status_code == 404


def test_after_the_unsealing_which_takes_an_admin_it_is_refused(service: LiveService) -> None:
    address = "/v1/runs/small/exam/unseal"
    assert [client.post(address).status_code for client in (service.reader, service.runner)] == [403, 403]
    assert service.admin.post("/v1/runs/none/exam/unseal").status_code == 404
    sat = service.reader.get("/v1/runs/small/exam").json()["exam"]
    shown = service.admin.post(address)
    assert shown.status_code == 200, shown.text
    assert shown.json()["exam"] == sat
    assert {"measures", "buy_and_hold", "short_and_hold", "unsealed_at"} <= set(shown.json())
    assert service.admin.post(address).json() == shown.json(), "once for good"
    service.recorded("late", generations=1, size=6)
    refused = service.runner.post("/v1/runs/late/exam")
    assert refused.status_code == 409
    assert "were unsealed on" in refused.json()["detail"]
