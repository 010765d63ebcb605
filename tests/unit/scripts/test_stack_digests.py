"""The digests of the secrets, and the file of settings that keeps them."""

from pathlib import Path

from scripts.stack.digests import digests, remember


def folder(path: Path, **secrets: str) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in secrets.items():
        (path / name).write_text(text)
    return path


def test_a_digest_changes_with_its_secret_and_with_no_other(tmp_path: Path) -> None:
    before = digests(folder(tmp_path / "secrets", ray_auth_token="a", redis_password="b"))  # noqa: S106 - tokens of a test
    after = digests(folder(tmp_path / "secrets", redis_password="c"))  # noqa: S106 - as above
    assert set(before) == {"GENEPOOL_DIGEST_RAY_AUTH_TOKEN", "GENEPOOL_DIGEST_REDIS_PASSWORD"}
    assert before["GENEPOOL_DIGEST_RAY_AUTH_TOKEN"] == after["GENEPOOL_DIGEST_RAY_AUTH_TOKEN"]
    assert before["GENEPOOL_DIGEST_REDIS_PASSWORD"] != after["GENEPOOL_DIGEST_REDIS_PASSWORD"]


def test_equal_secrets_of_two_names_have_different_digests(tmp_path: Path) -> None:
    assert len(set(digests(folder(tmp_path, one="same", two="same")).values())) == 2


def test_no_folder_has_no_digests(tmp_path: Path) -> None:
    assert digests(tmp_path / "absent") == {}


def test_the_settings_of_the_user_stay_and_old_digests_go(tmp_path: Path) -> None:
    settings = tmp_path / ".env"
    settings.write_text("GENEPOOL_BIND=127.0.0.2\n\n# mine\nGENEPOOL_CPU_WORKERS=2")
    assert remember(settings, {"GENEPOOL_DIGEST_A": "1", "GENEPOOL_DIGEST_B": "2"})
    assert remember(settings, {"GENEPOOL_DIGEST_A": "3"})
    lines = settings.read_text().splitlines()
    assert lines[:4] == ["GENEPOOL_BIND=127.0.0.2", "", "# mine", "GENEPOOL_CPU_WORKERS=2"]
    assert lines[5:] == ["GENEPOOL_DIGEST_A=3"]


def test_what_is_known_already_is_not_written_again(tmp_path: Path) -> None:
    settings = tmp_path / ".env"
    assert remember(settings, {"GENEPOOL_DIGEST_A": "1"})
    settings.chmod(0o400)
    before = settings.stat().st_mtime_ns
    assert not remember(settings, {"GENEPOOL_DIGEST_A": "1"})
    assert settings.stat().st_mtime_ns == before
