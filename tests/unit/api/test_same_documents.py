"""One definition for both: what a command prints with ``--json`` is what the service answers."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.programs import here
from tests.fakes.service import LiveService, live_service


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("service")


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[LiveService]:
    with live_service(folder) as live:
        live.recorded("small")
        live.evolved("bred")
        yield live


def _whole(document: Any) -> Any:  # noqa: ANN401 - JSON
    return document


def _member(name: str) -> Callable[[Any], Any]:
    return lambda document: document[name]


SAME: Mapping[str, tuple[str, str, Callable[[Any], Any]]] = {
    "a run": ("show small --json", "/v1/runs/small", _whole),
    "a run that the service bred": ("show bred --json", "/v1/runs/bred", _whole),
    "the champion": ("show small --genome 1 --json", "/v1/runs/small/genomes/1", _whole),
    "a later genome": ("show small --genome 3 --json", "/v1/runs/small/genomes/3", _whole),
    "the strategy atlas": ("atlas small --json", "/v1/runs/small/atlas", _whole),
    "checks of a genome": ("check small --rank 2 --json", "/v1/runs/small/checks?genome=2", _whole),
    "the exam": ("exam small --yes --json", "/v1/runs/small/exam", _whole),
    "a fleet": (
        "fleet small small/2 --paths 100 --json",
        "/v1/fleet/portfolio?run=small&run=small/2&paths=100",
        _whole,
    ),
    "the list of runs": ("runs --json", "/v1/runs", _member("runs")),
    "the newest run of the list": ("runs --limit 1 --json", "/v1/runs?count=1", _member("runs")),
    "the list of jobs": ("jobs list --all --json", "/v1/jobs", _member("jobs")),
    "a job": ("jobs show 1 --json", "/v1/jobs/1", _whole),
    "the schedules": ("jobs schedules --json", "/v1/schedules", _whole),
    "the list of data sets": ("data list --json", "/v1/datasets", _whole),
    "a data set": ("data describe eurusd_1h --json", "/v1/datasets/eurusd_1h", _whole),
    "a synthetic market": (
        "data describe synthetic:noise:seed=1,candles=500 --json",
        "/v1/datasets/synthetic:noise:seed=1,candles=500",
        _whole,
    ),
    "the seeds": ("strategies --json", "/v1/strategies", _whole),
    "the keys": ("keys list --json", "/v1/keys", _whole),
}


@pytest.mark.parametrize("what", SAME)
def test_a_command_and_the_service_say_the_same(service: LiveService, folder: Path, what: str) -> None:
    command, address, taken = SAME[what]
    printed = here(folder, *command.split())
    assert printed.code == 0, printed.err
    answer = service.admin.get(address)
    assert answer.status_code == 200, answer.text
    said, told = json.loads(printed.out), taken(answer.json())
    assert said == told
    # Members in one order, too: what a person compares by eye is equal.
    assert json.dumps(said) == json.dumps(told)


@pytest.mark.parametrize(
    ("command", "address"),
    [
        ("show none", "/v1/runs/none"),
        ("show small --genome 99", "/v1/runs/small/genomes/99"),
        ("jobs show 99", "/v1/jobs/99"),
    ],
)
def test_a_command_and_the_service_refuse_in_the_same_words(
    service: LiveService, folder: Path, command: str, address: str
) -> None:
    printed, answer = here(folder, *command.split()), service.admin.get(address)
    assert printed.code == 2
    assert answer.status_code == 404
    assert answer.json()["detail"] in " ".join(printed.err.split())


def test_a_command_and_the_service_unseal_to_the_same_document(service: LiveService, folder: Path) -> None:
    printed = here(folder, "exam", "small", "--unseal", "--yes", "--json")
    assert printed.code == 0, printed.err
    told = service.admin.post("/v1/runs/small/exam/unseal").json()
    assert json.dumps(json.loads(printed.out)) == json.dumps(told)
