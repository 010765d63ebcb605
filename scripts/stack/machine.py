"""What the stack asks of the machine itself: Docker, memory, processors, disk, files."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from scripts.stack.finding import Finding

MOUNTED = ("docker/redis", "docker/postgres", "monitoring")
GIBIBYTE = 1024**3
MEMORY = 6 * GIBIBYTE
DISK = 10 * GIBIBYTE
ONE_MACHINE, FLEET = (2, 20), (2, 24)


def docker_answers(version: str | None) -> Finding:
    """Judge the engine by the version that it gave, None when it gave none."""
    if version is None:
        remedy = "start Docker, or let your user reach it (docker info tells why it does not)"
        return Finding("away", "no Docker engine answers", remedy)
    return Finding("good", f"Docker engine {version}")


def compose_is_second(version: str | None, *, fleet: bool = False) -> Finding:
    """Judge Compose by the version of ``docker compose``, None when there is no such command.

    Parameters
    ----------
    version
        As it tells it.
    fleet
        Whether docker-compose.fleet.yml is among the files: it removes what another one says.
    """
    least = FLEET if fleet else ONE_MACHINE
    wanted = "{}.{}".format(*least)
    if version is None:
        return Finding("away", "no docker compose", f"install the Compose plug-in, version {wanted} or newer")
    parts = version.lstrip("v").split(".")
    if (int(parts[0]), int(parts[1])) < least:
        return Finding("bad", f"Compose {version} is too old", f"install version {wanted} or newer")
    return Finding("good", f"Compose {version}")


def memory_suffices(total: int) -> Finding:
    """Judge the engine's memory, in bytes."""
    said = f"{total / GIBIBYTE:.1f} GiB of memory"
    if total < MEMORY:
        remedy = f"{MEMORY // GIBIBYTE} GiB are comfortable: lower the *_MEMORY lines in .env"
        return Finding("warning", said, remedy)
    return Finding("good", said)


def cpus_suffice(count: int, wanted: Mapping[str, float]) -> Finding:
    """Judge the engine's processors against the largest limit of one service.

    Parameters
    ----------
    count
        Logical CPUs of the engine.
    wanted
        Limit in CPUs by the service that has it.
    """
    greedy = [name for name, limit in wanted.items() if limit > count]
    if greedy:
        return Finding("bad", f"{count} CPUs, fewer than {', '.join(greedy)}", "lower it in .env")
    if count < 2:  # noqa: PLR2004 - a coordinator and a worker
        return Finding("warning", f"{count} CPU", "it will run, but slowly: two are the least that is useful")
    return Finding("good", f"{count} CPUs")


def disk_suffices(free: int) -> Finding:
    """Judge the free bytes where the checkout lies."""
    said = f"{free / GIBIBYTE:.0f} GiB of free disk"
    if free < DISK:
        return Finding("warning", said, f"images and volumes take up to {DISK // GIBIBYTE} GiB")
    return Finding("good", said)


def secrets_are_there(folder: Path, names: Iterable[str]) -> Finding:
    """Judge whether every secret of docker-compose.yml has a file with something in it."""
    missing = [name for name in names if not _filled(folder / name)]
    if missing:
        return Finding("bad", f"secrets/ lacks {', '.join(missing)}", "make secrets")
    return Finding("good", "secrets are there")


def _filled(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def files_are_readable(unreadable: Iterable[Path]) -> Finding:
    """Judge the files that containers mount: each runs as a user of its own and must be able to read them."""
    shut = [str(path) for path in unreadable]
    if shut:
        return Finding("bad", f"containers cannot read {shut[0]}", f"chmod -R a+rX {' '.join(MOUNTED)}")
    return Finding("good", "mounted files are readable")


def unreadable(root: Path) -> list[Path]:
    """Return the mounted files of a checkout that not everybody may read."""
    mounted = (path for folder in MOUNTED for path in (root / folder).rglob("*"))
    wanted = (
        (path, 0o005 if path.is_dir() else 0o004) for path in mounted if "__pycache__" not in path.parts
    )
    return [path.relative_to(root) for path, bits in wanted if path.stat().st_mode & bits != bits]
