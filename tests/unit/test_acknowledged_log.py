"""One whole line for every generation that was acknowledged."""

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from genepool.adapters.files.acknowledged import AcknowledgedLog
from genepool.history import generation_digest
from genepool.ports import GenerationFinished
from tests.fakes.histories import a_history, a_spec

RECORDS = a_history(3)


def lines(path: Path) -> list[tuple[str, int, str]]:
    documents = [json.loads(line) for line in path.read_text().splitlines()]
    return [(line["run"], line["generation"], line["digest"]) for line in documents]


EXPECTED = [("first", number, generation_digest(record)) for number, record in enumerate(RECORDS)]


def test_each_generation_has_a_line(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "acknowledged.jsonl"
    for record in RECORDS:
        # As after a restart each time.
        AcknowledgedLog(path)(GenerationFinished(a_spec(), record))
    assert lines(path) == EXPECTED


@pytest.mark.parametrize("torn", ['{"at": "2026', '{"run": "first"}', ""], ids=["half", "no-end", "empty"])
def test_a_line_that_a_kill_tore_does_not_spoil_the_next(tmp_path: Path, torn: str) -> None:
    path = tmp_path / "acknowledged.jsonl"
    AcknowledgedLog(path)(GenerationFinished(a_spec(), RECORDS[0]))
    with path.open("a") as file:
        file.write(torn)
    AcknowledgedLog(path)(GenerationFinished(a_spec(), RECORDS[1]))
    assert lines(path) == EXPECTED[:2]


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_costs_the_line_and_not_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "acknowledged.jsonl"
    log = AcknowledgedLog(path)
    log(GenerationFinished(a_spec(), RECORDS[0]))
    with no_file_longer_than(path.stat().st_size + 20):
        log(GenerationFinished(a_spec(), RECORDS[1]))
    log(GenerationFinished(a_spec(), RECORDS[2]))
    assert lines(path) == [EXPECTED[0], EXPECTED[2]]


def test_a_finished_run_has_a_line_with_its_digest_and_its_claim(tmp_path: Path) -> None:
    log = AcknowledgedLog(tmp_path / "acknowledged.jsonl")
    log(GenerationFinished(a_spec(), RECORDS[0]))
    log.finished("first", "f" * 64, 2)
    told = json.loads((tmp_path / "acknowledged.jsonl").read_text().splitlines()[1])
    assert told.pop("at")
    assert told == {"run": "first", "finished": "f" * 64, "epoch": 2}
