"""What `make secrets` writes, and what it leaves alone."""

import json
import re
import stat
from pathlib import Path

import pytest

from scripts.stack import make_secrets

ROOT = Path(__file__).resolve().parents[3]


def everything(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_every_secret_of_the_compose_file_is_written_and_no_other(tmp_path: Path) -> None:
    written = make_secrets.write_secrets(tmp_path / "secrets")
    named = re.findall(r"file: secrets/(\w+)", (ROOT / "docker-compose.yml").read_text())
    assert sorted(written) == sorted(named) == sorted(everything(tmp_path / "secrets"))


def test_the_folder_that_files_get_in_by_is_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_secrets, "FOLDER", tmp_path / "secrets")
    for _ in range(2):
        assert make_secrets.main() == 0
    assert (tmp_path / "data").is_dir()


def test_secrets_hold_256_random_bits_each(tmp_path: Path) -> None:
    make_secrets.write_secrets(tmp_path)
    values = [text for name, text in everything(tmp_path).items() if name != make_secrets.DERIVED]
    assert all(re.fullmatch(r"[\w-]{43}", value) for value in values)
    assert len(set(values)) == len(make_secrets.NAMES)


def test_a_second_call_changes_nothing(tmp_path: Path) -> None:
    make_secrets.write_secrets(tmp_path)
    before = everything(tmp_path)
    assert make_secrets.write_secrets(tmp_path) == []
    assert everything(tmp_path) == before


def test_an_empty_secret_is_filled_and_the_others_stay(tmp_path: Path) -> None:
    make_secrets.write_secrets(tmp_path)
    before = everything(tmp_path)
    (tmp_path / "ray_auth_token").chmod(0o644)
    (tmp_path / "ray_auth_token").write_text("")
    assert make_secrets.write_secrets(tmp_path) == ["ray_auth_token"]
    changed = {name for name, text in everything(tmp_path).items() if text != before[name]}
    assert changed == {"ray_auth_token"}


def test_a_folder_that_the_engine_made_for_a_missing_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "redis_password").mkdir()
    assert "redis_password" in make_secrets.write_secrets(tmp_path)
    assert (tmp_path / "redis_password").is_file()


def test_the_exporters_password_follows_that_of_redis(tmp_path: Path) -> None:
    make_secrets.write_secrets(tmp_path)
    (tmp_path / "redis_password").chmod(0o644)
    (tmp_path / "redis_password").write_text("changed\n")
    assert make_secrets.write_secrets(tmp_path) == [make_secrets.DERIVED]
    assert json.loads((tmp_path / make_secrets.DERIVED).read_text()) == {"redis://redis:6379": "changed"}


def test_only_the_owner_enters_the_folder_and_every_container_reads_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    make_secrets.write_secrets(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o444}
