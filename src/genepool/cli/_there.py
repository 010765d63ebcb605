"""The command that the user gave, as a user of the stack would give it to its coordinator."""

import shlex
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import typer

from genepool.adapters.files.candle_store import store_folder
from genepool.adapters.files.catalogue import stored_path

_EXEC = "docker compose exec"
_POOL = "genetic-pool"
# The folder of candles in the container, seen from where its commands start.
_HOME_THERE = Path("data")
# A folder of this side means nothing there; reports go to the volume of results.
_LEFT_OUT = ("output",)


def commands_there(context: typer.Context, data: str | None, home: Path) -> str:
    """Return the lines that give the same run to the coordinator of a stack, its candles first.

    Parameters
    ----------
    context
        The command that was given; only flags that the user gave are repeated.
    data
        What the user gave as the candles; None for the usual ones.
    home
        Folder of the imports on this side.
    """
    lines, moved = [], {}
    imported = stored_path(data, home) if data else None
    if imported is not None and imported.parent == store_folder(home):
        lines.append(_copying(imported, _HOME_THERE / "candles"))
    elif data and imported is None and Path(data).is_file():
        moved["--data"] = Path(data)
    if (rates := context.params.get("funding")) is not None:
        moved["--funding"] = Path(rates)
    lines += [_copying(file, _HOME_THERE) for file in moved.values()]
    words: list[str] = []
    for flag, value in _given(context):
        there = str(_HOME_THERE / moved[flag].name) if flag in moved else value
        words += [flag, there] if there else [flag]
    lines.append(shlex.join([*_EXEC.split(), _POOL, "genepool", "evolve", *words]))
    return "\n".join(f"  {line}" for line in lines)


def _copying(file: Path, folder: Path) -> str:
    """Return the line that copies a file: through a pipe, so that the copy belongs to the pool's user."""
    target = shlex.quote(str(folder / file.name))
    inside = shlex.quote(f"mkdir -p {folder} && cat > {target}")
    return f"{_EXEC} -T {_POOL} sh -c {inside} < {shlex.quote(str(file))}"


def _given(context: typer.Context) -> Iterator[tuple[str, str]]:
    """Yield each flag of the command line with its value, the empty text for one that takes none."""
    for parameter in context.command.params:
        name = parameter.name or ""
        source = context.get_parameter_source(name)
        # By its name, as in _evolve_refusals.
        if source is None or source.name != "COMMANDLINE" or name in _LEFT_OUT:
            continue
        value = context.params[name]
        if isinstance(value, bool):
            yield (parameter.opts if value else parameter.secondary_opts)[0], ""
        else:
            for one in value if isinstance(value, list | tuple) else [value]:
                yield parameter.opts[0], str(one.value if isinstance(one, Enum) else one)
