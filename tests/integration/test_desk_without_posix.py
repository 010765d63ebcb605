"""A laptop needs nothing that only POSIX systems have: one session there, against the same one here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.bare_desk import bare_desk
from tests.fakes.programs import environment, here
from tests.fakes.windows_names import unfit

pytestmark = pytest.mark.slow

RUN = (
    "evolve", "--data", "synthetic:regimes:seed=3,candles=2000",
    "--strategies", "bollinger_bands,donchian_breakout", "--population-size", "12", "--generations", "2",
    "--seed", "11", "--mode", "local", "--workers", "1", "--name", "small", "--no-report", "--json",
)  # fmt: skip
# One process for the whole session: each start of the program takes a second.
SESSION = """
import contextlib, io, json, os, signal, sys
from pathlib import Path

from genepool.adapters.journal.file import Journal
from genepool.cli import main

def said(*words):
    sys.argv, out = ["genepool", *words], io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            main()
    except SystemExit as left:
        assert not left.code, (words, left.code)
    return out.getvalue()

def journal():
    for body in (b"one", b"two"):
        journal = Journal(Path("journal"))
        journal.append(1, "small", body)
        bodies = [journal.body(frame).decode() for frame in journal.pending]
        journal.close()
    return bodies

if __name__ == "__main__":
    found = {
        "bare": not hasattr(os, "fork") and not hasattr(signal, "pthread_sigmask"),
        "digest": json.loads(said(*json.loads(sys.argv[1])))["digest"],
        "runs": json.loads(said("runs", "--json")),
        "show": said("show", "latest"),
        "report": json.loads(said("report", "latest", "--json")),
        "export": said("export", "latest", "--what", "genome", "--out", "best.json"),
        "journal": journal(),
    }
    print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bare")


@pytest.fixture(scope="module")
def session(folder: Path) -> dict[str, Any]:
    """Return what was said on the bare desk, where two workers evolved."""
    (folder / "session.py").write_text(SESSION)
    words = ["2" if before == "--workers" else now for before, now in zip(("", *RUN), RUN, strict=False)]
    assert words != list(RUN)
    done = subprocess.run(
        [sys.executable, "session.py", json.dumps(words)],
        cwd=folder, env=environment(folder) | bare_desk(folder / "site"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["bare"]
    return found


def test_two_workers_find_the_same_there(session: dict[str, Any], tmp_path: Path) -> None:
    assert session["digest"] == here(tmp_path, *RUN).document["digest"]


def test_the_history_shows_the_run(session: dict[str, Any]) -> None:
    assert [(run["run"], run["state"]) for run in session["runs"]] == [("small", "finished")]
    assert session["digest"] in session["show"]


def test_its_report_and_its_champion_are_written(session: dict[str, Any], folder: Path) -> None:
    assert Path(session["report"]["report"]).stat().st_size > 10_000
    assert json.loads((folder / "best.json").read_text())["schema"] == "genepool/genome/2"


def test_a_journal_comes_back_whole(session: dict[str, Any]) -> None:
    assert session["journal"] == ["one", "two"]


@pytest.mark.usefixtures("session")
def test_no_file_that_was_made_has_a_name_that_windows_refuses(folder: Path) -> None:
    made = [path.relative_to(folder) for path in folder.rglob("*")]
    assert {"genepool.sqlite", "small", "journal", "best.json"} <= {path.name for path in made}
    assert unfit(made) == []
