"""Folders of exports: whole or not at all, and nobody else's files are lost."""

from pathlib import Path

import pytest

from genepool.adapters.export.whole_folder import lay_files
from genepool.errors import ConfigError
from genepool.usecases.export_target import MANIFEST

MINE = '{"schema": "genepool/export/1", "files": ["a.py", "deep/b.csv"]}'
FILES = {"a.py": "1\n", "deep/b.csv": "2\n", MANIFEST: MINE}


def there(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("made", [False, True])
def test_a_new_or_an_empty_folder_takes_the_files(tmp_path: Path, *, made: bool) -> None:
    folder = tmp_path / "out"
    if made:
        folder.mkdir()
    lay_files(folder, FILES)
    assert there(folder) == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_earlier_export_gives_way_with_its_certificate_and_what_programs_left(tmp_path: Path) -> None:
    lay_files(tmp_path / "out", {**FILES, "certificate.json": "{}"})
    (tmp_path / "out" / "__pycache__").mkdir()
    (tmp_path / "out" / "__pycache__" / "a.pyc").write_text("")
    lay_files(tmp_path / "out", {"c.py": "3\n", MANIFEST: MINE})
    assert there(tmp_path / "out") == {"c.py": "3\n", MANIFEST: MINE}


def test_a_folder_of_something_else_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years")
    with pytest.raises(ConfigError, match="is not empty, and holds no earlier export: choose another --out"):
        lay_files(tmp_path, FILES)
    assert there(tmp_path) == {"thesis.txt": "years"}


def test_a_file_that_a_user_put_into_an_export_is_not_lost(tmp_path: Path) -> None:
    lay_files(tmp_path / "out", FILES)
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(ConfigError, match=r"holds notes\.txt, which no export wrote"):
        lay_files(tmp_path / "out", FILES)
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(ConfigError, match="is a file, and an export is a folder"):
        lay_files(tmp_path / "out", FILES)


def test_what_cannot_be_written_leaves_the_earlier_export(tmp_path: Path) -> None:
    lay_files(tmp_path / "out", FILES)
    with pytest.raises(ConfigError, match="cannot be written"):
        lay_files(tmp_path / "out", {"a": "1", "a/b": "a file cannot be a folder too"})
    assert there(tmp_path / "out") == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
