"""The ranges that the settings must keep to, one row a setting, checked before anything starts."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from scripts.stack.finding import Finding

MEBIBYTE = 1024**2
# ray._private.ray_constants.OBJECT_STORE_MINIMUM_MEMORY_BYTES
RAYS_LEAST_STORE = 75 * MEBIBYTE
IDLE_WORKER = 300 * MEBIBYTE
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}


@dataclass(frozen=True, slots=True)
class Form:
    """How a value is written.

    Parameters
    ----------
    said
        In words.
    read
        Returns it as a number; raises ``ValueError`` when it is written otherwise.
    shown
        The other way round.
    """

    said: str
    read: Callable[[str], float]
    shown: Callable[[float], str] = "{:g}".format


Bound: TypeAlias = tuple[float | str, str]


@dataclass(frozen=True, slots=True)
class Range:
    """What one setting may be.

    Parameters
    ----------
    name
        The variable.
    form
        How it is written.
    least, most
        Bound and its reason; a word for a bound stands for the fact of that name. None for no bound.
    """

    name: str
    form: Form
    least: Bound | None = None
    most: Bound | None = None


def _matching(pattern: str) -> Callable[[str], float]:
    def read(text: str) -> float:
        if not re.fullmatch(pattern, text):
            raise ValueError(text)
        return 0.0

    return read


def _whole(text: str) -> float:
    _matching(r"-?\d+")(text)
    return int(text)


def _bytes(text: str) -> float:
    matched = re.fullmatch(r"(\d+(?:\.\d+)?) ?([kmgt]?)i?b?", text.lower())
    if not matched:
        raise ValueError(text)
    return float(matched[1]) * _UNITS[matched[2]]


def _bytes_of_redis(text: str) -> float:
    _matching(r"\d+([kmg]b?|b)?")(text.lower())
    return _bytes(text)


def _mebibytes(value: float) -> str:
    return f"{value / MEBIBYTE:.0f}m"


WHOLE = Form("a whole number", _whole, "{:.0f}".format)
NUMBER = Form("a number", float)
MEMORY = Form("an amount of memory such as 2g", _bytes, _mebibytes)
MEMORY_OF_REDIS = Form(
    "an amount of memory such as 256mb", _bytes_of_redis, lambda value: _mebibytes(value) + "b"
)
LEVEL = Form("DEBUG, INFO, WARNING or ERROR", _matching("DEBUG|INFO|WARNING|ERROR"))
AGE = Form("a time such as 30d", _matching(r"(\d+(ms|s|m|h|d|w|y))+"))
SIZE = Form("a size such as 4GB", _matching(r"\d+([KMGTPE]?B)"))
TAG = Form("the tag of an image", _matching(r"\w[\w.-]{0,127}"))

_NODE = ("memory of a node", "its object store and 512m for Ray and one evaluating process")
_HEAD = ("memory of the head", "its object store and 768m for Ray's head")
_WHOLE_CPUS, _CORES = "a node grants whole CPUs, at least one", "the machine has no more"
_PRICE = (0, "nothing costs less than nothing")

RANGES = (
    Range(
        "GENEPOOL_OBJECT_STORE_BYTES", WHOLE,
        (RAYS_LEAST_STORE, "Ray does not start with less"),
        ("shared memory", "more than the shared memory of a node puts the store on its disk"),
    ),
    *(
        Range(f"GENEPOOL_{kind}_WORKER_CPUS", WHOLE, (1, _WHOLE_CPUS), ("cpus", _CORES))
        for kind in ("CPU", "MEMORY")
    ),
    *(Range(f"GENEPOOL_{kind}_WORKER_MEMORY", MEMORY, _NODE) for kind in ("CPU", "MEMORY")),
    *(
        Range(
            f"GENEPOOL_{kind}_WORKERS", WHOLE, (0, "fewer than none cannot be"),
            ("workers", "an idle worker takes 300m of this machine's memory"),
        )
        for kind in ("CPU", "MEMORY")
    ),
    Range("GENEPOOL_HEAD_MEMORY", MEMORY, _HEAD),
    Range("GENEPOOL_POOL_MEMORY", MEMORY, _HEAD),
    Range("GENEPOOL_POSTGRES_MEMORY", MEMORY, (256 * MEBIBYTE, "128m are shared buffers")),
    Range("GENEPOOL_REDIS_MEMORY", MEMORY, (64 * MEBIBYTE, "Redis needs room beside its data")),
    Range(
        "GENEPOOL_REDIS_MAXMEMORY", MEMORY_OF_REDIS, (MEBIBYTE, "less caches nothing"),
        ("memory of Redis", "nine tenths of GENEPOOL_REDIS_MEMORY; above, it is killed when full"),
    ),
    Range("GENEPOOL_PROMETHEUS_MEMORY", MEMORY, (128 * MEBIBYTE, "Prometheus does not start with less")),
    Range("GENEPOOL_GRAFANA_MEMORY", MEMORY, (128 * MEBIBYTE, "Grafana does not start with less")),
    *(
        Range(f"GENEPOOL_{one}_CPUS", NUMBER, (0.05, "it would not start in time"), ("cpus", _CORES))
        for one in ("HEAD", "POOL", "POSTGRES", "REDIS", "PROMETHEUS", "GRAFANA")
    ),
    Range("GENEPOOL_EXPECTED_NODES", WHOLE, (0, "fewer than none cannot be")),
    Range("GENEPOOL_CPU_PRICE", NUMBER, _PRICE),
    Range("GENEPOOL_MEMORY_PRICE", NUMBER, _PRICE),
    Range("GENEPOOL_BUDGET", NUMBER, _PRICE),
    Range("GENEPOOL_LOG_LEVEL", LEVEL),
    Range("GENEPOOL_CPU_BUDGET", NUMBER, (1, "nothing would ever be done"), (100, "there is no more")),
    Range(
        "GENEPOOL_JOB_WORKERS", WHOLE, (2, "one is kept for interactive jobs"),
        (64, "each asks the database for connections"),
    ),
    Range("GENEPOOL_METRICS_RETENTION", AGE),
    Range("GENEPOOL_METRICS_SIZE", SIZE),
    Range("GENEPOOL_VERSION", TAG),
)  # fmt: skip


def probe(folder: Path) -> str:
    """Return a Compose file that has Compose itself tell what each setting is, by default too.

    Nothing else reads ``.env`` and its quotes as Compose does. As words of an environment, even values that
    the real files cannot take are told.
    """
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("docker-compose*.yml")))
    defaults = dict(re.findall(r"\$\{(GENEPOOL_\w+):?-([^${}]*)\}", text))
    words = ", ".join(f'{one.name}: "${{{one.name}:-{defaults.get(one.name, "")}}}"' for one in RANGES)
    return f"services: {{settings: {{image: none, environment: {{{words}}}}}}}"


def facts(settings: Mapping[str, str], *, shared: float, cpus: float, memory: float) -> dict[str, float]:
    """Return what bounds refer to by a word.

    Parameters
    ----------
    settings
        Text by variable.
    shared, cpus, memory
        Shared memory of a Ray node in bytes; processors and memory of the engine.
    """
    store = _or_nothing(WHOLE, settings["GENEPOOL_OBJECT_STORE_BYTES"])
    return {
        "shared memory": shared,
        "cpus": cpus,
        "workers": memory // IDLE_WORKER,
        "memory of a node": store + 512 * MEBIBYTE,
        "memory of the head": store + 768 * MEBIBYTE,
        "memory of Redis": 0.9 * _or_nothing(MEMORY, settings["GENEPOOL_REDIS_MEMORY"]),
    }


def _or_nothing(form: Form, text: str) -> float:
    try:
        return form.read(text)
    except ValueError:
        return 0.0


def judge(row: Range, text: str, known: Mapping[str, float]) -> Finding | None:
    """Judge one setting; None when it is within its range."""
    try:
        value = row.form.read(text)
    except ValueError:
        return Finding("bad", f"{row.name}={text} is not {row.form.said}", "write it so in .env")
    least, most = _bound(row.least, known), _bound(row.most, known)
    if row.least and least is not None and not value >= least:
        said = f"{row.name}={text} is below {row.form.shown(least)} ({row.least[1]})"
        return Finding("bad", said, "raise it in .env")
    if row.most and most is not None and value > most:
        said = f"{row.name}={text} is above {row.form.shown(most)} ({row.most[1]})"
        return Finding("bad", said, "lower it in .env")
    return None


def _bound(bound: Bound | None, known: Mapping[str, float]) -> float | None:
    if bound is None:
        return None
    return known[bound[0]] if isinstance(bound[0], str) else bound[0]


def judge_all(settings: Mapping[str, str], known: Mapping[str, float]) -> list[Finding]:
    """Judge every row of the table."""
    found = [judged for row in RANGES if (judged := judge(row, settings[row.name], known))]
    return found or [Finding("good", "settings are within their ranges")]
