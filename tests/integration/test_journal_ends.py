"""However a run ended, it stays so: kill its coordinator at every point of the end, or while it is idle."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import create_engine, text

from genepool.adapters.journal.file import Journal
from genepool.adapters.store import SqlStore, embedded_url, open_sql_store, upgrade_layout
from genepool.backtest.evaluation import Evaluation
from genepool.errors import GenepoolError
from genepool.genome import Genome
from genepool.history import RunState
from genepool.pool.coordinator import Coordinator
from tests.fakes.clocks import RealClock
from tests.fakes.hill_coordinator import OWNER, HillDesk, a_hill_run
from tests.fakes.journaled_store import Behind, JournaledStore
from tests.fakes.postgres import history_url
from tests.fakes.service_notes import ServiceNotes

SPEC = a_hill_run()
RUN = SPEC.run
# State, digest, how often a process claimed it, generations.
Row = tuple[str, str | None, int, int]


def row(url: str) -> Row:
    count = "(SELECT count(*) FROM generations WHERE run_id = runs.id)"
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT state, digest, epoch, {count} FROM runs")).one()  # noqa: S608 - our own words
    engine.dispose()
    return cast("Row", tuple(found))


@dataclass
class Camera:
    """What a kill would leave on disk, at each point of a run's end.

    A process that is killed leaves what is on disk, and nothing else: so each point is a copy of the disk,
    and the test opens the copy as the process that comes after the kill.
    """

    disk: Path
    album: Path
    taken: list[str] = field(default_factory=list)

    def take(self, point: str) -> None:
        if point not in self.taken:
            self.taken.append(point)
            shutil.copytree(self.disk, self.album / point)


class Observed:
    """A history that has its picture taken around each step of a run's end."""

    def __init__(self, inner: SqlStore, camera: Camera) -> None:
        self._inner = inner
        self._camera = camera

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the history has
        return getattr(self._inner, name)

    def record_packed(self, run: str, generations: Sequence[bytes]) -> None:
        last = len(self._inner.generations(run, 0, 99)) + len(generations) == SPEC.settings.generations
        if last:
            self._camera.take("last generation journalled")
        self._inner.record_packed(run, generations)
        if last:
            self._camera.take("last generation carried")

    def finish(self, run: str, state: RunState, digest: str | None) -> None:
        self._camera.take("before the end is recorded")
        self._inner.finish(run, state, digest)
        self._camera.take("end recorded")


def store_at(disk: Path, camera: Camera | None = None) -> JournaledStore:
    inner = open_sql_store(embedded_url(disk / "h.sqlite"), owner=OWNER)
    history = cast("Behind", Observed(inner, camera)) if camera else inner
    return JournaledStore(history, disk / "journal", ServiceNotes(), RealClock())


def work(desk: HillDesk) -> None:
    """Let a coordinator work until it is idle."""
    idle: list[float] = []
    Coordinator(desk.store, desk, lambda: bool(idle), idle.append).work()


def pictures(folder: Path, end: str, monkeypatch: pytest.MonkeyPatch) -> Camera:
    """Have a coordinator bring a run to some end; return what a kill would have left at each point of it."""
    camera = Camera(folder / "disk", folder / "album")
    camera.disk.mkdir()
    save = Journal.save_carried

    def observed_save(journal: Journal) -> None:
        camera.take("before the mark is on disk")
        save(journal)
        camera.take("mark on disk")

    store = store_at(camera.disk, camera)
    store.create(SPEC)
    store.submit(RUN)
    desk = HillDesk(store, score=_score(store, end))
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "save_carried", observed_save)
        # What follows a claim is no end.
        camera.taken += ["before the mark is on disk", "mark on disk"]
        claim = store.claim

        def claimed(run: str) -> None:
            claim(run)
            del camera.taken[:]

        patch.setattr(store, "claim", claimed)
        work(desk)
        camera.take("idle")
    store.close()
    return camera


def _score(store: JournaledStore, end: str) -> Callable[[Genome], Evaluation]:
    """Return what scores genomes until the third generation."""
    count = iter(range(1_000_000))

    def score(genome: Genome) -> Evaluation:
        if next(count) == 2 * SPEC.settings.population_size:
            if end == "failed":
                raise GenepoolError("the evaluator is out of order")
            if end == "interrupted":
                store.request_stop(RUN)
        return HillDesk.score(genome)

    return score


def after_restart(disk: Path, *, data_there: bool) -> Row:
    """Return what a coordinator makes of a run that starts on this disk."""
    store = store_at(disk)
    work(HillDesk(store, data_there))
    store.close()
    return row(embedded_url(disk / "h.sqlite"))


BEFORE = [
    "last generation journalled",
    "last generation carried",
    "before the mark is on disk",
    "mark on disk",
    "before the end is recorded",
]
AFTER = ["end recorded", "idle"]


class TestFinishedRuns:
    @pytest.fixture
    def camera(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Camera:
        return pictures(tmp_path, "finished", monkeypatch)

    @pytest.fixture
    def ended(self, camera: Camera) -> Row:
        return row(embedded_url(camera.disk / "h.sqlite"))

    def test_the_journal_is_settled_before_the_end_is_recorded(self, camera: Camera, ended: Row) -> None:
        assert camera.taken == [*BEFORE, *AFTER]
        assert ended[0] == "finished"
        pending = []
        for point in camera.taken:
            journal = Journal(camera.album / point / "journal")
            pending.append(bool(journal.pending))
            journal.close()
        assert dict(zip(camera.taken, pending, strict=True)) == {
            point: point in BEFORE[:3] for point in camera.taken
        }

    @pytest.mark.parametrize("data_there", [True, False], ids=["data there", "data gone"])
    def test_killed_after_the_end_it_stays_as_it_is(
        self, camera: Camera, ended: Row, data_there: bool
    ) -> None:
        for point in AFTER:
            assert after_restart(camera.album / point, data_there=data_there) == ended, point

    def test_killed_before_the_end_it_ends_in_the_same_digest(self, camera: Camera, ended: Row) -> None:
        for point in BEFORE:
            state, digest, _, generations = after_restart(camera.album / point, data_there=True)
            assert (state, digest, generations) == ("finished", ended[1], ended[3]), point

    def test_killed_twice_it_ends_in_the_same_digest(self, camera: Camera, ended: Row) -> None:
        for point in camera.taken:
            once = after_restart(camera.album / point, data_there=True)
            assert after_restart(camera.album / point, data_there=False) == once, point
            assert once[1] == ended[1]

    def test_a_journal_that_kept_no_mark_takes_up_nothing_that_is_finished(
        self, camera: Camera, ended: Row
    ) -> None:
        # As versions before this one left it.
        disk = camera.album / "idle"
        shutil.copy(camera.album / "last generation journalled" / "journal" / "journal", disk / "journal")
        assert after_restart(disk, data_there=False) == ended
        assert list(disk.glob("journal/journal.refused-*")) == []


@pytest.mark.parametrize("end", ["interrupted", "failed"])
def test_a_run_that_ended_otherwise_is_taken_up_by_nobody_either(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = pictures(tmp_path, end, monkeypatch)
    ended = row(embedded_url(camera.disk / "h.sqlite"))
    assert (ended[0], ended[3]) == (end, 2)
    points = [
        "before the end is recorded",
        "end recorded",
        "before the mark is on disk",
        "mark on disk",
        "idle",
    ]
    assert camera.taken == points
    for point in points:
        state, digest, epoch, generations = after_restart(camera.album / point, data_there=True)
        assert (state, digest, generations) == (end, None, 2), point
        # Its end waited in the journal, and the process that carries it to the history must hold the run.
        assert epoch == ended[2] + (point == "before the end is recorded"), point


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "postgres":
        with history_url() as made:
            yield made
    else:
        made = embedded_url(tmp_path / "h.sqlite")
        upgrade_layout(made)
        yield made


@contextmanager
def coordinator(url: str, folder: Path, data: str) -> "Iterator[subprocess.Popen[str]]":
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.hill_coordinator", url, str(folder), data],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


def said_until_idle(process: "subprocess.Popen[str]") -> list[str]:
    assert process.stdout is not None
    said = []
    while (line := process.stdout.readline().strip()) not in {"idle", ""}:
        said.append(line)
    assert process.poll() is None
    return said


@pytest.mark.chaos
@pytest.mark.slow
def test_an_idle_coordinator_that_is_killed_undoes_nothing(url: str, tmp_path: Path) -> None:
    store = open_sql_store(url)
    store.create(SPEC)
    store.submit(RUN)
    store.close()
    with coordinator(url, tmp_path / "journal", "there") as process:
        told = said_until_idle(process)
    ended = row(url)
    assert told == [f"finished {ended[1]}"]
    assert ended == ("finished", ended[1], 1, SPEC.settings.generations)
    with coordinator(url, tmp_path / "journal", "gone") as process:
        assert said_until_idle(process) == []
    assert row(url) == ended
