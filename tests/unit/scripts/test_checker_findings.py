"""The outside checker accepts what the product writes, and names each planted violation."""

import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from genepool.adapters.files.acknowledged import AcknowledgedLog
from genepool.adapters.store import embedded_url, open_sql_store
from genepool.history import run_digest
from genepool.ports import GenerationFinished
from scripts.validation.check_history import main
from tests.fakes.evidence import Evidence
from tests.fakes.histories import a_history, a_spec

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts" / "validation"
CHECKER = SCRIPTS / "check_history.py"
SOURCES = tuple(
    SCRIPTS / name for name in ("check_history.py", "acknowledged.py", "checked_ledger.py", "log_lines.py")
)


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    records, spec, folder = a_history(), a_spec(), tmp_path_factory.mktemp("intact")
    log = folder / "log" / "acknowledged.jsonl"
    acknowledged = AcknowledgedLog(log)
    store = open_sql_store(embedded_url(folder / "genepool.sqlite"))
    store.create(spec)
    for record in records:
        store.record(spec.run, record)
        acknowledged(GenerationFinished(spec, record))
    digest = run_digest(records)
    store.finish(spec.run, "finished", digest)
    acknowledged.finished(spec.run, digest, store.epoch(spec.run))
    store.close()
    return Evidence(folder / "genepool.sqlite", log, digest)


@pytest.fixture
def evidence(intact: Evidence, tmp_path: Path) -> Evidence:
    """Return a copy, which the test may harm."""
    folder = shutil.copytree(intact.history.parent, tmp_path / "copy")
    return replace(intact, history=folder / intact.history.name, log=folder / "log" / intact.log.name)


def loosened(table: str) -> list[str]:
    """Return what takes keys and conditions off a table; views that look at it stay as they are."""
    return [
        "PRAGMA legacy_alter_table = ON",
        f"CREATE TABLE loose AS SELECT * FROM {table}",  # noqa: S608 - a test's own names
        f"DROP TABLE {table}",
        f"ALTER TABLE loose RENAME TO {table}",
    ]


def rebuilt(table: str, then: str) -> Callable[[Evidence], None]:
    """Return a violation that only a table without keys can hold."""

    def plant(evidence: Evidence) -> None:
        evidence.change(*loosened(table), then)

    return plant


def changed(*statements: str) -> Callable[[Evidence], None]:
    """Return a violation by SQL."""
    return lambda evidence: evidence.change(*statements)


def relogged(edit: Callable[[list[str]], list[str]]) -> Callable[[Evidence], None]:
    """Return a violation in the log."""
    return lambda evidence: evidence.write_log(edit(evidence.lines))


def a_line(run: str = "first", generation: int = 0, digest: str = "0" * 64) -> str:
    return json.dumps({"at": "2026-01-01T00:00:00", "run": run, "generation": generation, "digest": digest})


def an_end(digest: str, epoch: int, run: str = "first") -> str:
    return json.dumps({"at": "2026-01-01T00:00:00", "run": run, "finished": digest, "epoch": epoch})


def finished_again(evidence: Evidence) -> None:
    """Have a finished run taken up again, and finished in the same digest."""
    evidence.change("UPDATE runs SET epoch = 1")
    evidence.write_log([*evidence.lines, an_end(evidence.digest, 1)])


def resumed(evidence: Evidence) -> None:
    """Have the user of a finished run give it more time: its last generation came after its end."""
    evidence.write_log([*evidence.lines[:2], an_end("0" * 64, 0), *evidence.lines[2:]])


def being_resumed(evidence: Evidence) -> None:
    """As ``resumed``, and the run has not ended again."""
    evidence.write_log([*evidence.lines[:2], an_end("0" * 64, 0), evidence.lines[2]])


def with_epochs(*epochs: str) -> Callable[[Evidence], None]:
    """Return a history whose generations were written under these epochs, and whose run was claimed twice."""

    def plant(evidence: Evidence) -> None:
        written = [
            f"UPDATE generations SET epoch = {epoch} WHERE number = {k}"  # noqa: S608 - as above
            for k, epoch in enumerate(epochs)
        ]
        evidence.change(*loosened("generations"), "UPDATE runs SET epoch = 2", *written)
        evidence.write_log([*evidence.lines[:3], an_end(evidence.digest, 2)])

    return plant


def pruned(*statements: str) -> Callable[[Evidence], None]:
    """Return a violation in a run whose trials were pruned."""

    def plant(evidence: Evidence) -> None:
        with closing(open_sql_store(embedded_url(evidence.history))) as store:
            assert store.prune_trials(timedelta(0)).trials > 0
        evidence.change(*statements)

    return plant


WORK = (
    "INSERT INTO generation_nodes (run_id, generation, node, worker_kind, evaluations, seconds) "
    "SELECT id, 1, 'node', 'cpu', {count}, 1.0 FROM runs"
)
SWAPPED = "UPDATE ledger_entries SET number = {there} WHERE number = {here}"


def rewritten(evidence: Evidence) -> None:
    """Have an entry tell of other trials, with the hash that it should then have."""
    with sqlite3.connect(evidence.history) as connection:
        columns = "market_digest, number, what, trials, digest, note, at, previous"
        query = f"SELECT {columns} FROM ledger_entries WHERE number = 2"  # noqa: S608 - of ours
        said = list(connection.execute(query).fetchone())
    said[5] = "another"
    forged = hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()
    evidence.change(f"UPDATE ledger_entries SET note = 'another', hash = '{forged}' WHERE number = 2")  # noqa: S608 - as above


PLANTED: dict[str, tuple[str, Callable[[Evidence], None]]] = {
    "an entry of the ledger is gone": (
        "chain-entry-missing",
        changed("DELETE FROM ledger_entries WHERE number = 1"),
    ),
    "an entry of the ledger was edited": (
        "chain-entry-changed",
        changed("UPDATE ledger_entries SET note = 'x' WHERE number = 2"),
    ),
    "an entry of the ledger was edited with its hash": ("chain-broken", rewritten),
    "two entries of the ledger changed places": (
        "chain-broken",
        changed(
            SWAPPED.format(here=1, there=99),
            SWAPPED.format(here=2, there=1),
            SWAPPED.format(here=99, there=2),
        ),
    ),
    "the newest entry of the ledger is gone": (
        "chain-head-differs",
        changed("DELETE FROM ledger_entries WHERE number = 3"),
    ),
    "a trial was dated otherwise": (
        "chain-trials-differ",
        changed("UPDATE ledger SET first_at = '2020' WHERE entry = 2"),
    ),
    "a look at the sealed candles is told of by no entry": (
        "chain-looks-differ",
        changed(
            "INSERT INTO sealed_looks SELECT 'q', market_digest, 1, 'exam', 'first', 'f', 'now', NULL "
            "FROM ledger_entries LIMIT 1"
        ),
    ),
    "the marks of a data set were put in": (
        "chain-marks-differ",
        changed("INSERT INTO markets SELECT market_digest, 'A', '1h', '' FROM ledger_entries LIMIT 1"),
    ),
    "data sets were joined by hand": (
        "chain-common-differs",
        changed("INSERT INTO common_candles SELECT market_digest, 'other' FROM ledger_entries LIMIT 1"),
    ),
    "an acknowledged generation was lost": (
        "acknowledged-missing",
        changed("DELETE FROM generations WHERE number = 2"),
    ),
    "an acknowledged generation was rewritten": (
        "acknowledged-differs",
        changed("UPDATE generations SET digest = 'f' || substr(digest, 2) WHERE number = 1"),
    ),
    "a generation was acknowledged a second time": (
        "acknowledged-twice",
        relogged(lambda lines: [*lines[:3], *lines[2:]]),
    ),
    "generations were acknowledged out of order": (
        "acknowledged-backwards",
        relogged(lambda lines: [lines[1], lines[0], *lines[2:]]),
    ),
    "a run was acknowledged and is gone": ("run-missing", relogged(lambda lines: [*lines, a_line("gone")])),
    "a run was acknowledged as finished and is gone": (
        "run-missing",
        relogged(lambda lines: [*lines, an_end("0" * 64, 1, "gone")]),
    ),
    "a finished run was taken up again": (
        "finished-undone",
        changed("UPDATE runs SET state = 'running', digest = NULL, epoch = 1"),
    ),
    "a finished run failed and lost its digest": (
        "finished-undone",
        changed("UPDATE runs SET state = 'failed', digest = NULL"),
    ),
    "a finished run was claimed again": ("finished-undone", changed("UPDATE runs SET epoch = epoch + 1")),
    "a finished run was finished once more": ("finished-undone", finished_again),
    "the end of a run has no claim": (
        "log-unreadable",
        relogged(lambda lines: [*lines[:3], '{"run": "first", "finished": "f"}']),
    ),
    "a line of the log is garbage": ("log-unreadable", relogged(lambda lines: [lines[0], "{", *lines[1:]])),
    "a line of the log is no object": ("log-unreadable", relogged(lambda lines: ["17", *lines])),
    "a generation in the middle is gone": (
        "generation-gap",
        changed("DELETE FROM generations WHERE number = 1"),
    ),
    "a generation is there twice": (
        "generation-twice",
        rebuilt("generations", "INSERT INTO generations SELECT * FROM generations WHERE number = 1"),
    ),
    "a member is gone": (
        "members-incomplete",
        changed("DELETE FROM individuals WHERE generation = 1 AND slot = 3"),
    ),
    "two members have one slot": (
        "member-twice",
        rebuilt("individuals", "UPDATE individuals SET slot = 0 WHERE generation = 1 AND slot = 1"),
    ),
    "a member was never born": (
        "member-never-born",
        changed("UPDATE individuals SET fingerprint = 'nobody' WHERE generation = 2 AND slot = 1"),
    ),
    "a member was born after it lived": (
        "member-never-born",
        changed("UPDATE individuals SET born = 2 WHERE generation = 0 AND slot = 1"),
    ),
    "a birth is gone": (
        "births-incomplete",
        changed("DELETE FROM lineage WHERE generation = 1 AND asked = 0"),
    ),
    "an evaluation is gone": (
        "evaluation-missing",
        changed("DELETE FROM evaluations WHERE fingerprint = (SELECT fingerprint FROM lineage LIMIT 1)"),
    ),
    "the last bit of a member's fitness changed": (
        "fitness-differs",
        changed("UPDATE individuals SET fitness = fitness * 1.0000000000000002 WHERE generation = 0"),
    ),
    "an elite lost its mark": (
        "generation-digest-wrong",
        changed("UPDATE individuals SET elite = 0 WHERE generation = 1"),
    ),
    "an operator was rewritten": (
        "generation-digest-wrong",
        changed("UPDATE lineage SET operator = 'mutation' WHERE generation = 1"),
    ),
    "one digit of a fold's return changed": (
        "generation-digest-wrong",
        changed("UPDATE evaluations SET scored = replace(scored, '0.3333', '0.3334')"),
    ),
    "the run's digest was rewritten": (
        "run-digest-wrong",
        changed("UPDATE runs SET digest = 'f' || substr(digest, 2)"),
    ),
    "a trial was not counted": (
        "trial-uncounted",
        changed("DELETE FROM ledger WHERE rowid = (SELECT min(rowid) FROM ledger)"),
    ),
    "late duplicates were counted": (
        "work-counted-twice",
        changed(WORK.format(count=4)),
    ),
    "a zombie wrote after its successor": ("epoch-backwards", with_epochs("1", "2", "1")),
    "a generation has no epoch": ("epoch-missing", with_epochs("1", "NULL", "2")),
    "a pruned run is running": ("pruned-unfinished", pruned("UPDATE runs SET state = 'running'")),
    "a birth that was kept is gone": (
        "pruned-birth-missing",
        pruned("DELETE FROM lineage WHERE rowid = (SELECT max(rowid) FROM lineage)"),
    ),
    "an ancestor that was kept is gone": (
        "ancestor-missing",
        pruned("DELETE FROM lineage WHERE generation = 0", "UPDATE runs SET kept_births = kept_births - 3"),
    ),
    "a member outlived the pruning": (
        "pruned-member-left",
        pruned("INSERT INTO individuals SELECT 1, 0, 0, fingerprint, 0, 0, 0.5 FROM lineage LIMIT 1"),
    ),
    "an epoch was never claimed": ("epoch-ahead", with_epochs("1", "2", "3")),
}


@pytest.mark.parametrize("violation", PLANTED)
def test_a_planted_violation_is_found_by_its_name(violation: str, evidence: Evidence) -> None:
    name, plant = PLANTED[violation]
    plant(evidence)
    assert name in evidence.findings()


CLEAN: dict[str, Callable[[Evidence], None]] = {
    "as the product wrote it": lambda _: None,
    "written under two epochs": with_epochs("1", "1", "2"),
    "stored and then killed before the acknowledgement": relogged(lambda lines: [lines[0], *lines[2:]]),
    "finished and then killed before the acknowledgement": relogged(lambda lines: lines[:3]),
    "resumed by its user": resumed,
    "resumed by its user, and its new end not acknowledged": being_resumed,
    "nothing acknowledged": relogged(lambda _: []),
    "its trials pruned": pruned(),
    "its trials pruned half-way": pruned("UPDATE runs SET kept_births = NULL"),
    "every genome that was not cached evaluated once": changed(WORK.format(count=3)),
}


@pytest.mark.parametrize("case", CLEAN)
def test_a_clean_history_is_accepted(case: str, evidence: Evidence) -> None:
    CLEAN[case](evidence)
    assert evidence.findings("--finished", "--run", "first", "--reference", evidence.digest) == set()


def test_a_line_that_a_kill_cut_off_is_no_violation(evidence: Evidence) -> None:
    with evidence.log.open("a", encoding="utf-8") as log:
        log.write('{"at": "2026-')
    assert evidence.findings() == set()


def test_every_finding_has_a_planted_violation() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    named = set(re.findall(r'(?:Finding|found)\(\s*"([a-z-]+)"', text))
    assert named - {"not-finished", "reference-differs"} == {name for name, _ in PLANTED.values()}


def test_another_digest_than_the_reference_is_a_violation(evidence: Evidence) -> None:
    assert evidence.findings("--run", "first", "--reference", "0" * 64) == {"reference-differs"}


def test_a_run_that_is_not_over_is_a_violation_when_it_should_be(evidence: Evidence) -> None:
    evidence.change("UPDATE runs SET state = 'running', digest = NULL")
    evidence.write_log(evidence.lines[:3])
    assert evidence.findings() == set()
    assert evidence.findings("--finished") == {"not-finished"}


def test_a_run_that_was_never_recorded_is_a_violation(evidence: Evidence) -> None:
    assert evidence.findings("--run", "unknown") == {"run-missing"}


def test_only_the_run_that_is_asked_for_is_checked(evidence: Evidence) -> None:
    evidence.write_log([*evidence.lines, a_line("gone")])
    assert evidence.findings("--run", "first") == set()


@pytest.mark.parametrize("missing", ["history", "log"])
def test_what_cannot_be_read_is_an_error_and_not_a_pass(missing: str, evidence: Evidence) -> None:
    (evidence.history if missing == "history" else evidence.log).unlink()
    code, document = evidence.check()
    assert code == 4
    assert "cannot check" in document["stderr"]


def test_the_checker_shares_no_code_with_the_product() -> None:
    assert "genepool" not in {
        line.split()[1].partition(".")[0]
        for path in SOURCES
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import ", "from "))
    }


@pytest.mark.slow
def test_it_runs_as_a_program_of_its_own(evidence: Evidence) -> None:
    evidence.change("UPDATE runs SET digest = 'f' || substr(digest, 2)")
    command = [sys.executable, str(CHECKER), *evidence.flags]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 5
    assert {one["finding"] for one in json.loads(done.stdout)["findings"]} == {
        "finished-undone",
        "run-digest-wrong",
    }


@pytest.mark.parametrize(
    ("flags", "told"),
    [([], "which history"), (["--database-url", "sqlite://", "--reference", "0"], "exactly one --run")],
    ids=["no history", "a reference for all runs"],
)
def test_arguments_that_make_no_sense_are_refused(
    flags: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GENEPOOL_DATABASE_URL", raising=False)
    with pytest.raises(SystemExit, match="2"):
        main(flags)
    assert told in capsys.readouterr().err
