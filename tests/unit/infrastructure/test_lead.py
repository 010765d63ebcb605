"""What keeps the coordinator and the autoscaler at work beside Ray's head, with programs that take notes."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

LEAD = Path(__file__).resolve().parents[3] / "infrastructure/core/lead.sh"
STAYS = '#!/bin/bash\necho "{name} $*" >> "$NOTES"\ntrap \'echo "{name} stops" >> "$NOTES"; exit 0\' TERM\n'
PATIENCE_SECONDS = 20


class Host:
    """A folder of programs, and the notes that they take.

    Parameters
    ----------
    folder
        Where both are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("genepool", "python", "ray"):
            self.program(name, STAYS.format(name=name) + "while :; do sleep 0.05; done\n")

    def program(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o755)

    def lead(self, *words: str) -> "subprocess.Popen[bytes]":
        told = {"PATH": f"{self.folder}:{os.environ['PATH']}", "TMPDIR": str(self.folder)}
        told |= {"NOTES": str(self.folder / "notes"), "GENEPOOL_LEAD_PAUSE": "0.1"}
        return subprocess.Popen(["bash", str(LEAD), *words], env=os.environ | told)

    def notes(self) -> list[str]:
        path = self.folder / "notes"
        return path.read_text().splitlines() if path.exists() else []

    def until(self, condition: Callable[[list[str]], bool]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition(self.notes()):
            assert time.monotonic() < end, self.notes()
            time.sleep(0.02)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_it_starts_the_coordinator_and_the_autoscaler_within_the_bounds_it_was_given(host: Host) -> None:
    leading = host.lead("2", "8")
    host.until(lambda notes: len(notes) == 2)
    leading.terminate()
    assert leading.wait(PATIENCE_SECONDS) == 0
    manager = LEAD.with_name("cluster_manager.py")
    assert sorted(host.notes()[:2]) == [
        "genepool serve",
        f"python {manager} autoscale --platform ray --min 2 --max 8",
    ]
    assert sorted(host.notes()[2:]) == ["genepool stops", "python stops"]


def test_what_ends_is_started_again(host: Host) -> None:
    host.program("genepool", '#!/bin/bash\necho "genepool $*" >> "$NOTES"\nexit 3\n')
    leading = host.lead("2", "8")
    host.until(lambda notes: notes.count("genepool serve") == 3)
    leading.terminate()
    assert leading.wait(PATIENCE_SECONDS) == 0


def test_a_second_one_leaves_the_first_alone(host: Host) -> None:
    first = host.lead("2", "8")
    host.until(lambda notes: len(notes) == 2)
    assert host.lead("2", "8").wait(PATIENCE_SECONDS) == 0
    assert first.poll() is None
    assert host.notes().count("genepool serve") == 1
    first.terminate()
    first.wait(PATIENCE_SECONDS)


def test_when_told_to_end_ray_goes_last(host: Host) -> None:
    leading = host.lead("2", "8", "ray", "start")
    host.until(lambda notes: len(notes) == 3)
    leading.send_signal(signal.SIGTERM)
    assert leading.wait(PATIENCE_SECONDS) == 0
    assert host.notes()[-1] == "ray stops"


def test_when_ray_ends_all_of_it_ends_and_says_how(host: Host) -> None:
    host.program("ray", "#!/bin/bash\nsleep 1\nexit 7\n")
    assert host.lead("2", "8", "ray", "start").wait(PATIENCE_SECONDS) == 7
    assert sorted(host.notes()[2:]) == ["genepool stops", "python stops"]
