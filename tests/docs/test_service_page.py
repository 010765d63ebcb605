"""The examples of docs/service.md do what they say, in the order in which a newcomer would type them."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import genepool as gp
from genepool.api.pages.drawing import PLACES
from tests.fakes.cells import run_cells
from tests.fakes.service import LiveService, live_service

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/service.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.slow


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveService]:
    monkeypatch.chdir(tmp_path)
    with live_service(tmp_path / "service") as live:
        monkeypatch.setenv("GENEPOOL_SERVICE_URL", live.address)
        monkeypatch.setenv("GENEPOOL_SERVICE_KEY", live.keys["run"])
        yield live


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_each_test_that_the_table_of_actions_names_is_there_and_each_page_is_in_the_table() -> None:
    table = PAGE.partition("## What is tested of the pages")[2].partition("\nWhat a stranger")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")][1:]
    files = {path.name: path.read_text() for path in (ROOT / "tests/e2e/pages").glob("test_*.py")}
    file = ""
    for line in lines:
        file = next(iter(re.findall(r"`(test_\w+\.py)`", line)), file)
        for name in re.findall(r"`(test_\w+)`", line):
            assert f"def {name}(" in files[file], line
    pages = {line.split("|")[1].strip() for line in lines}
    assert set(PLACES.values()) <= pages


def typed(lines: str) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", lines], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
@pytest.mark.usefixtures("service")
def test_what_curl_is_told_works(tmp_path: Path) -> None:
    first, then, sent = blocks("bash")
    defined = next(line for line in first.splitlines() if line.startswith("ask()"))
    assert '"run":"first"' in typed(first)
    with gp.Client() as client:
        assert client.run("first").wait(progress=False).state == "finished"
    typed(f"{defined}\n{then}")
    assert "<!doctype html" in (tmp_path / "first.html").read_text(encoding="utf-8").lower()
    assert (tmp_path / "trades.csv").read_text(encoding="utf-8").startswith("phase,")
    assert '"name":"MINE_1d"' in typed(f"{defined}\n{sent}")


def test_what_python_is_told_works(service: LiveService, capsys: pytest.CaptureFixture[str]) -> None:
    [cell] = blocks("python")
    held = run_cells([cell])
    client, run = held["client"], held["run"]
    assert isinstance(client, gp.Client)
    assert run.verdict in capsys.readouterr().out
    assert run.run in client.runs().index
    client.close()
    assert service.address == os.environ["GENEPOOL_SERVICE_URL"]


def test_the_limits_that_are_told_are_those_in_force() -> None:
    from genepool.api.places import ConnectionLimits  # noqa: PLC0415 - with what it needs of an extra
    from genepool.api.v1.events import LISTENERS_AT_MOST  # noqa: PLC0415 - as above
    from genepool.service.application import UPLOADS  # noqa: PLC0415 - as above

    assert f"| {ConnectionLimits().places}, {LISTENERS_AT_MOST} |" in PAGE
    assert f"| 1 MB, {max(UPLOADS.values()) // 1_000_000} MB |" in PAGE
