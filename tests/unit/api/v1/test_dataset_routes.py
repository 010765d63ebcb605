"""Data sets over HTTP: what the commands say of them, and files that are kept or refused whole."""

import gzip
import io
import lzma
import socket
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.programs import here
from tests.fakes.service import LiveService, live_service

HEADER = "Date,Open,High,Low,Close,Volume\n"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    with live_service(tmp_path_factory.mktemp("service")) as live:
        yield live


def rows(close: float = 10.5, but: tuple[int, ...] = ()) -> str:
    return "".join(
        f"2024-01-{1 + hour // 24:02d} {hour % 24:02d}:00,10,12,9,{close},5\n"
        for hour in range(72)
        if hour not in but
    )


def sent(
    service: LiveService, content: str | bytes, name: str = "GOLD.csv", place: str = "", **said: Any  # noqa: ANN401 - fields of a form
) -> httpx.Response:  # fmt: skip
    return service.runner.post(f"/v1/datasets{place}", files={"file": (name, content)}, data=said)


def kept(service: LiveService) -> list[str]:
    return [entry["name"] for entry in service.reader.get("/v1/datasets").json()]


def left(service: LiveService) -> list[Path]:
    folder = service.settings.home / "uploads"
    return list(folder.iterdir()) if folder.exists() else []


def test_a_file_is_kept_under_its_name_and_described_as_the_command_does(
    service: LiveService, tmp_path: Path
) -> None:
    answer = sent(service, HEADER + rows(), "C:\\files\\..\\GOLD.csv", licence="mine")
    assert (answer.status_code, answer.headers["location"]) == (201, "/v1/datasets/GOLD_1h")
    (tmp_path / "GOLD.csv").write_text(HEADER + rows())
    here(tmp_path, "data", "import", "GOLD.csv", "--licence", "mine")
    printed: Any = here(tmp_path, "data", "describe", "GOLD_1h", "--json").document
    assert answer.json() == printed
    assert service.reader.get("/v1/datasets/gold_1H").json() == printed
    assert "GOLD_1h" in kept(service)
    assert left(service) == []


def test_the_list_is_that_of_the_command(service: LiveService, tmp_path: Path) -> None:
    samples = [entry for entry in service.reader.get("/v1/datasets").json() if entry["kind"] == "sample"]
    printed: Any = here(tmp_path, "data", "list", "--json").document
    assert samples == printed


def test_fields_of_the_form_are_flags_by_their_names(service: LiveService) -> None:
    holed = HEADER.replace("Open", "Dawn") + rows(but=(30, 31))
    assert "--column open=HEADER" in sent(service, holed).json()["detail"]
    assert "--max-gap 2" in sent(service, holed, column="open=Dawn").json()["detail"]
    answer = sent(
        service, holed, column=["open=Dawn", "close=Close"], max_gap="2", name="Silver", market="crypto"
    )
    assert answer.status_code == 201, answer.text
    assert (answer.json()["name"], answer.json()["missing"]) == ("Silver_1h", 2)
    assert answer.json()["market"] == "crypto"


def test_a_file_may_be_looked_at_and_nothing_is_kept(service: LiveService) -> None:
    before = kept(service)
    answer = sent(service, HEADER + rows(), "LOOKED.csv", "/describe")
    assert (answer.status_code, answer.json()["symbol"], answer.json()["candles"]) == (200, "LOOKED", 72)
    assert kept(service) == before
    assert left(service) == []


def zipped(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def tarred() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        link = tarfile.TarInfo("GOLD.csv")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return packed.getvalue()


BOMB = b"1" * 30_000_000


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("GOLD.csv", b"", "empty", id="nothing"),
        pytest.param("GOLD.exe", b"MZ\x90\x00\x03\x00", "neither text nor Parquet nor feather", id="program"),
        pytest.param("GOLD.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "picture", id="picture"),
        pytest.param("GOLD.parquet", b"PAR1rubbishPAR1", "Parquet", id="broken Parquet"),
        pytest.param("GOLD.csv.gz", gzip.compress(BOMB), "1111", id="gzip bomb"),
        pytest.param("GOLD.csv.xz", lzma.compress(BOMB), "1111", id="xz bomb"),
        pytest.param("GOLD.zip", zipped(("a.csv", BOMB)), "1111", id="zip bomb"),
        pytest.param("GOLD.zip", zipped(("a.csv", b"x"), ("b.csv", b"x")), "", id="two files"),
        pytest.param("GOLD.tar", tarred(), "", id="archive with a link"),
        pytest.param("GOLD.html", b"<html><body>Not found</body></html>", "web page", id="web page"),
        pytest.param("GOLD.csv", (HEADER + rows(but=(30,))).encode(), "--max-gap 1", id="gap"),
        pytest.param("GOLD.csv", (HEADER + rows(13.0)).encode(), "high", id="impossible candle"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(
    service: LiveService, name: str, content: bytes, said: str
) -> None:
    before = kept(service)
    answer = sent(service, content, name)
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert said in problem["detail"]
    assert str(service.settings.home) not in problem["detail"], "no path of the server is told"
    assert "\n" not in problem["detail"]
    assert kept(service) == before
    assert left(service) == []


def test_the_sentence_is_that_of_the_command(service: LiveService, tmp_path: Path) -> None:
    content = HEADER + rows(but=(30, 31))
    (tmp_path / "GOLD.csv").write_text(content)
    refused = here(tmp_path, "data", "import", "GOLD.csv")
    assert sent(service, content).json()["detail"] in refused.err.replace("\n", " ")


def test_a_file_that_is_too_large_is_refused_before_it_comes(service: LiveService) -> None:
    host, _, port = service.address.removeprefix("http://").partition(":")
    head = f"POST /v1/datasets HTTP/1.1\r\nHost: {host}\r\nContent-Length: 200000001\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda runner: runner.post("/v1/datasets", json={"file": "GOLD.csv"}), "multipart/form-data"),
        (lambda runner: runner.post("/v1/datasets", files={"other": ("a", "b")}), "no file"),
        (lambda runner: runner.post("/v1/datasets", files={"file": ("", "")}), "no file"),
        (lambda runner: posted(runner, funding="/etc/passwd"), "there is no field 'funding'"),
        (lambda runner: posted(runner, max_gaps="3"), "there is no field 'max_gaps'"),
        (lambda runner: posted(runner, max_gap="many"), "--max-gap"),
        (lambda runner: posted(runner, max_gap=["3", "4"]), "max_gap 2 times"),
        (lambda runner: posted(runner, repair="perhaps"), "say true or false"),
        (lambda runner: posted(runner, name="A", symbol="B"), "give one of them"),
        (lambda runner: posted(runner, symbol="\x00"), "no file can hold"),
        (lambda runner: posted(runner, calendar="--help"), "calendar"),
    ],
)
def test_a_form_that_is_not_understood_says_why(
    service: LiveService, ask: Callable[[httpx.Client], httpx.Response], said: str
) -> None:
    answer = ask(service.runner)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert left(service) == []


def posted(runner: httpx.Client, **said: Any) -> httpx.Response:  # noqa: ANN401 - fields of a form
    return runner.post("/v1/datasets", files={"file": ("GOLD.csv", HEADER + rows())}, data=said)


def test_another_markets_candles_need_a_word(service: LiveService) -> None:
    first = sent(service, HEADER + rows(10.25), "TIN.csv").json()["digest"]
    assert sent(service, HEADER + rows(10.25), "TIN.csv").status_code == 201, "sent twice it is the same"
    other = HEADER + rows(11.5)
    assert "--replace" in sent(service, other, "TIN.csv").json()["detail"]
    assert service.reader.get("/v1/datasets/TIN_1h").json()["digest"] == first
    assert sent(service, other, "TIN.csv", replace="true").json()["digest"] != first


def test_candles_are_drawn_in_buckets_with_their_gaps(service: LiveService) -> None:
    sent(service, HEADER + rows(but=(30, 31)), "HOLED.csv", max_gap="2")
    drawn = service.reader.get("/v1/datasets/HOLED_1h/candles", params={"points": 10}).json()
    assert len(drawn["open"]) == 10
    (gap,) = drawn["gaps"]
    assert (gap["first"], gap["until"], gap["missing"]) == ("2024-01-02T06:00:00Z", "2024-01-02T08:00:00Z", 2)
    assert service.reader.get("/v1/datasets/HOLED_1h/candles", params={"points": 0}).status_code == 422


def test_an_import_is_deleted_once_and_what_is_needed_stays(service: LiveService) -> None:
    sent(service, HEADER + rows(), "LEAD.csv")
    planned = {"job": {"kind": "refresh", "run": "leaden", "data": "LEAD_1h"}, "every_seconds": 86_400}
    service.recorded("leaden")
    schedule = service.runner.post("/v1/schedules", json=planned).json()["id"]
    needed = service.runner.delete("/v1/datasets/LEAD_1h")
    assert (needed.status_code, f"schedule {schedule}" in needed.json()["detail"]) == (409, True)
    service.runner.delete(f"/v1/schedules/{schedule}")
    assert service.runner.delete("/v1/datasets/LEAD_1h").json() == {"deleted": "LEAD_1h"}
    assert service.runner.delete("/v1/datasets/LEAD_1h").status_code == 404
    assert service.reader.get("/v1/datasets/LEAD_1h").status_code == 404
    assert service.runner.delete("/v1/datasets/btcusd_1h").status_code == 422
