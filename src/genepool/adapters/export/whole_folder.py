"""Folders of exported files that are there whole or not at all."""

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from genepool.errors import ConfigError
from genepool.usecases.export_target import CERTIFICATE_FILES, MANIFEST, MANIFEST_SCHEMA

_ELSEWHERE = "choose another --out"
# What programs leave beside files that they ran.
_LEFT_BY_PROGRAMS = frozenset({"__pycache__"})


def lay_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder that is new, empty, or holds nothing but an earlier export.

    Parameters
    ----------
    folder
        Where to.
    files
        Texts by their path inside it.

    Raises
    ------
    ConfigError
        When the folder holds something else, or cannot be written.
    """
    _check_replaceable(folder)
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        write_texts(unfinished, files)
        _put_in_place(unfinished, folder)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written: {error.strerror}; {_ELSEWHERE}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def write_texts(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts by their path inside a folder, which is made where it is missing."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")


def _put_in_place(made: Path, folder: Path) -> None:
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    if folder.exists():
        folder.replace(aside)
    try:
        made.replace(folder)
    except OSError:
        if aside.exists():
            aside.replace(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _check_replaceable(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder} is a file, and an export is a folder: {_ELSEWHERE}")
    there = _files_in(folder)
    if not there:
        return
    ours = _listed(folder)
    if ours is None:
        raise ConfigError(f"{folder} is not empty, and holds no earlier export: {_ELSEWHERE}")
    if foreign := sorted(there - ours):
        raise ConfigError(
            f"{folder} holds {foreign[0]}, which no export wrote: move it away, or {_ELSEWHERE}"
        )


def _files_in(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if not path.is_dir())
    return {path.relative_to(folder).as_posix() for path in found if not _LEFT_BY_PROGRAMS & set(path.parts)}


def _listed(folder: Path) -> set[str] | None:
    """Return the files of the export that a folder holds; None where it holds none."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["schema"] == MANIFEST_SCHEMA:
            return {MANIFEST, *CERTIFICATE_FILES, *map(str, manifest["files"])}
    return None
