"""A backup restores to the same history, bit for bit; one that cannot be restored costs nothing."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from genepool.adapters.store import open_sql_store
from genepool.evolution.population import Population
from genepool.history import RunSummary
from tests.fakes.histories import a_history, a_spec
from tests.fakes.postgres import empty_database, migrated_database, postgres_server
from tests.fakes.recorded import populations

SCRIPTS = Path(__file__).parents[2] / "scripts" / "stack"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Yield a database with a finished run and one that was interrupted, and its backup."""
    with migrated_database() as name:
        with closing(open_sql_store(postgres_server().url(name))) as store:
            for run in ("first", "second"):
                store.create(a_spec(run))
                store.claim(run)
                for record in a_history():
                    store.record(run, record)
                store.finish(run, *(("finished", "abc") if run == "first" else ("interrupted", None)))
        done = script("backup.sh", name, tmp_path_factory.mktemp("backups"))
        assert done.returncode == 0, done.stderr
        yield name, Path(done.stdout.strip())


@pytest.fixture
def database(saved: tuple[str, Path]) -> str:
    return saved[0]


@pytest.fixture
def elsewhere() -> Iterator[str]:
    with empty_database() as name:
        yield name


@pytest.fixture
def backup(saved: tuple[str, Path], tmp_path: Path) -> Path:
    """Return a copy of the backup, to be damaged."""
    for part in saved[1].parent.glob(f"{saved[1].name}*"):
        shutil.copy(part, tmp_path)
    return tmp_path / saved[1].name


def script(name: str, database: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    container = postgres_server().container
    if not container:
        pytest.skip("needs Postgres in a container: `docker info` fails")
    words = f"docker exec -i -e GENEPOOL_DATABASE={database} {container}"
    return subprocess.run(
        [SCRIPTS / name, *map(str, arguments)],
        env={**os.environ, "GENEPOOL_POSTGRES_EXEC": words},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def history(database: str) -> tuple[list[RunSummary], list[list[Population]], int]:
    with closing(open_sql_store(postgres_server().url(database))) as store:
        summaries = store.summaries()
        return (
            summaries,
            [populations(store, summary.spec.run) for summary in summaries],
            store.trials("d" * 64),
        )


def test_a_backup_restores_into_an_empty_database_as_the_same_history(
    database: str, elsewhere: str, backup: Path
) -> None:
    done = script("restore.sh", elsewhere, backup)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"restored 2 runs and 12 trials from {backup}\n"
    assert repr(history(elsewhere)) == repr(history(database))


def test_a_migrated_database_without_runs_counts_as_empty(database: str, backup: Path) -> None:
    with migrated_database() as fresh:
        done = script("restore.sh", fresh, backup)
        assert done.returncode == 0, done.stderr
        assert repr(history(fresh)) == repr(history(database))


def test_a_history_that_is_there_is_replaced_only_when_that_is_asked_for(database: str, backup: Path) -> None:
    before = history(database)
    with closing(open_sql_store(postgres_server().url(database))) as store:
        store.create(a_spec("third"))
    refused = script("restore.sh", database, backup)
    assert (refused.returncode, len(history(database)[0])) == (4, 3)
    assert "has runs; --force replaces it" in refused.stderr
    done = script("restore.sh", database, "--force", backup)
    assert done.returncode == 0, done.stderr
    assert repr(history(database)) == repr(before)


def test_a_restored_history_can_be_backed_up_and_restored_again(
    database: str, elsewhere: str, backup: Path, tmp_path: Path
) -> None:
    for _ in range(2):
        assert script("restore.sh", elsewhere, "--force", backup).returncode == 0
        backup = Path(script("backup.sh", elsewhere, tmp_path / "again").stdout.strip())
    assert repr(history(elsewhere)) == repr(history(database))


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def cut_and_sign(file: Path) -> None:
    """Leave a dump that only the program that reads it notices to be short."""
    cut(file)
    words = ["sha256sum", file.name]
    said = subprocess.run(words, cwd=file.parent, capture_output=True, text=True, check=True)
    file.with_name(f"{file.name}.sha256").write_text(said.stdout)


def forget_the_checksum(file: Path) -> None:
    file.with_name(f"{file.name}.sha256").unlink()


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (cut, "is damaged: it is not what its checksum says"),
        (cut_and_sign, "Postgres refused the backup, and the history is as it was"),
        (forget_the_checksum, "the checksum .* is missing"),
        (Path.unlink, "there is no file"),
    ],
    ids=["cut", "cut and signed", "no checksum", "no file"],
)
def test_a_backup_that_is_no_good_costs_nothing(
    database: str, backup: Path, damage: Callable[[Path], None], says: str
) -> None:
    before = history(database)
    damage(backup)
    done = script("restore.sh", database, "--force", backup)
    assert done.returncode in {2, 4}
    assert re.search(says, done.stderr), done.stderr
    assert repr(history(database)) == repr(before)


def test_a_history_in_use_is_not_replaced(database: str, backup: Path) -> None:
    with closing(open_sql_store(postgres_server().url(database))) as store:
        assert store.summaries()
        done = script("restore.sh", database, "--force", backup)
    assert done.returncode == 4
    assert "the history is in use: `docker compose stop genetic-pool` first" in done.stderr


def test_a_database_that_does_not_answer_leaves_no_backup(tmp_path: Path) -> None:
    done = script("backup.sh", "nowhere", tmp_path)
    assert done.returncode == 4
    assert "no backup was made: Postgres did not give its rows" in done.stderr
    assert list(tmp_path.iterdir()) == []
