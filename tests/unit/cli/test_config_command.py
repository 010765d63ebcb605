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


@pytest.mark.parametrize(
    ("variable", "address", "shown"),
    [
        ("redis_url", "redis://:secret@redis:6379/0", "redis://:***@redis:6379/0"),
        ("redis_url", "redis://redis:6379/0?password=secret", "redis://redis:6379/0?password=%2A%2A%2A"),
        (
            "database_url",
            "postgresql://host/runs?password=secret",
            "postgresql://host/runs?password=%2A%2A%2A",
        ),
        ("service_url", "http://me:secret@pool:8000", "http://me:***@pool:8000"),
        ("grafana_url", "http://admin:secret@grafana:3000/x", "http://admin:***@grafana:3000/x"),
    ],
    ids=["redis", "redis-query", "database-query", "service", "grafana"],
)
def test_no_address_shows_its_password(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    address: str,
    shown: str,
) -> None:
    monkeypatch.setenv(f"GENEPOOL_{variable.upper()}", address)
    config(as_json=True)
    assert json.loads(capsys.readouterr().out)[variable] == shown


def test_an_address_without_a_password_is_shown_as_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENEPOOL_SERVICE_URL", "http://127.0.0.1:8000/")
    config(as_json=True)
    assert json.loads(capsys.readouterr().out)["service_url"] == "http://127.0.0.1:8000/"


def test_numbers_are_numbers_in_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    config(as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert (document["cpu_price"], document["service_port"]) == (0.04, 8000)
    assert set(document) == set(Settings.model_fields)


def test_what_is_no_url_is_not_repeated(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENEPOOL_DATABASE_URL", "secret")
    config(as_json=True)
    assert "secret" not in capsys.readouterr().out
