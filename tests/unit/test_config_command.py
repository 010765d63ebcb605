"""``genepool config`` shows every setting and no password."""

import json

import pytest

from genepool.cli.config import config
from genepool.settings import Settings


def test_every_setting_is_shown_with_its_variable(capsys: pytest.CaptureFixture[str]) -> None:
    config(as_json=False)
    text = capsys.readouterr().out
    assert all(f"GENEPOOL_{name.upper()}" in text for name in Settings.model_fields)


def test_the_document_holds_what_the_environment_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENEPOOL_HOME", "elsewhere")
    monkeypatch.setenv("GENEPOOL_CPU_THREADS", "3")
    config(as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["home"] == "elsewhere"
    assert document["cpu_threads"] == 3


def test_a_password_is_hidden(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENEPOOL_DATABASE_URL", "postgresql://quant:secret@host/runs")
    config(as_json=True)
    assert json.loads(capsys.readouterr().out)["database_url"] == "postgresql://quant:***@host/runs"


def test_what_is_no_url_is_not_repeated(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENEPOOL_DATABASE_URL", "secret")
    config(as_json=True)
    assert "secret" not in capsys.readouterr().out
