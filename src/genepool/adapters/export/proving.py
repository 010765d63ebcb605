"""Runs a proof in the interpreter or the image that a user named, and reads what it wrote."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from genepool.adapters.export.targets._texts import filled
from genepool.adapters.export.whole_folder import write_texts
from genepool.errors import ConfigError, ServiceUnavailable
from genepool.market.moments import nanoseconds
from genepool.ports.proofs import ComparedTrade, Proof

SECONDS = 900.0
IMAGE = "genepool-certify"
_LAST_LINES = 3
_CANNOT_RUN = frozenset({125, 126, 127})
_MISSING = ("ModuleNotFoundError: ", "PackageNotFoundError: ")


@dataclass(frozen=True, slots=True)
class PythonProver:
    """Runs proofs in the environment of an interpreter.

    Parameters
    ----------
    python
        The interpreter; GenePool must be importable there.
    seconds
        How long one may take.
    """

    python: str
    seconds: float = SECONDS

    @property
    def environment(self) -> str:
        """What ran it: the file's name, since paths are nobody else's business."""
        return f"interpreter {Path(self.python).name}"

    def __call__(self, files: Mapping[str, str]) -> Proof:
        """Run a proof."""
        with TemporaryDirectory(prefix="genepool-proof-") as folder:
            offline = filled("offline/sitecustomize.py.j2")
            write_texts(Path(folder), {**files, "offline/sitecustomize.py": offline})
            _run([self.python, "prove.py"], folder, self.seconds, _environment(folder), self.python)
            return read_proof(Path(folder) / "proof.json")


@dataclass(frozen=True, slots=True)
class ImageProver:
    """Runs proofs in the image of ``docker/certify``.

    Parameters
    ----------
    target
        Name of the target, which the image finds its interpreter by.
    image
        Name of the image.
    seconds
        How long one may take.
    """

    target: str
    image: str = IMAGE
    seconds: float = SECONDS

    @property
    def environment(self) -> str:
        """The image."""
        return f"image {self.image}"

    def __call__(self, files: Mapping[str, str]) -> Proof:
        """Run a proof."""
        with TemporaryDirectory(prefix="genepool-proof-") as folder:
            write_texts(Path(folder), files)
            # What the proof writes must be this user's, or its folder could not be deleted.
            owner = Path(folder).stat()
            user = f"{owner.st_uid}:{owner.st_gid}"
            call = ["docker", "run", "--rm", "--network", "none", "--user", user]
            call += ["--volume", f"{folder}:/proof", self.image, self.target]
            _run(call, folder, self.seconds, dict(os.environ), self.environment)
            return read_proof(Path(folder) / "proof.json")


def _run(call: list[str], folder: str, seconds: float, environment: dict[str, str], where: str) -> None:
    try:
        ended = subprocess.run(  # noqa: S603 - the user named what runs, and each word is one of ours
            call, cwd=folder, env=environment, timeout=seconds, capture_output=True, text=True, check=False,
            errors="replace",
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise ServiceUnavailable(
            f"the proof in {where} took longer than {seconds:.0f} seconds, and was ended: "
            "run it on an idle machine"
        ) from error
    except OSError as error:
        raise ConfigError(
            f"{call[0]} cannot be started: {error.strerror}; name an interpreter with --python"
        ) from error
    if ended.returncode:
        raise _broken(where, ended)


def _broken(where: str, ended: subprocess.CompletedProcess[str]) -> ConfigError | ServiceUnavailable:
    lines = [line for line in ended.stderr.splitlines() if line.strip()]
    for line in lines:
        if line.startswith(_MISSING):
            missing = line.partition(": ")[2].removeprefix("No module named ").strip("'\"")
            return ConfigError(
                f"{where} lacks {missing}: install it there, as docs/exports.md says, or name another "
                "environment with --python"
            )
    last = " | ".join(lines[-_LAST_LINES:]) or f"exit code {ended.returncode}, and it said nothing"
    if ended.returncode in _CANNOT_RUN:
        return ConfigError(f"{where} cannot be run: {last}")
    return ServiceUnavailable(f"the proof in {where} broke off: {last}")


def _environment(folder: str) -> dict[str, str]:
    """Return the variables of a proof: no network, and no Python paths of this process."""
    dropped = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "PYTHONPATH": str(Path(folder) / "offline")}


def read_proof(file: Path) -> Proof:
    """Read what a proof wrote.

    Raises
    ------
    ServiceUnavailable
        When it wrote nothing, or something else.
    """
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        return Proof(
            [_trade(one) for one in said["trades"]],
            {str(name): str(version) for name, version in said["versions"].items()},
            None if said.get("tick") is None else float(said["tick"]),
            [str(line) for line in said.get("remarks", [])],
            {str(name): str(verdict) for name, verdict in (said.get("analyses") or {}).items()},
        )
    except OSError as error:
        raise ServiceUnavailable("the proof ended without writing proof.json") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ServiceUnavailable(f"the proof.json of the proof is damaged: {error!r}") from error


def _trade(said: Mapping[str, Any]) -> ComparedTrade:
    if said["side"] not in {"long", "short"}:
        raise ValueError(f"side {said['side']!r}")
    return ComparedTrade(
        nanoseconds(said["entry_time"]),
        nanoseconds(said["exit_time"]),
        said["side"],
        float(said["entry_price"]),
        float(said["exit_price"]),
        bool(said["closed"]),
        _fills(said.get("fills")),
    )


def _fills(said: Sequence[Sequence[Any]] | None) -> tuple[tuple[int, float], ...] | None:
    return None if said is None else tuple(sorted((nanoseconds(time), float(price)) for time, price in said))
