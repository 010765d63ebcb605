"""`genepool grafana verify` says what Grafana lacks; `push` puts dashboards into another one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from genepool.adapters.grafana.grafana_client import Grafana, open_grafana
from genepool.adapters.grafana.inspection import DASHBOARDS, SOURCES, inspect
from genepool.cli.grafana import push_command, verify
from genepool.errors import ConfigError, ServiceUnavailable, ShortfallError
from tests.fakes.dashboards import FOLDER, NAMES, board, expressions, panels, statements
from tests.fakes.grafana import TOKEN, serving
from tests.fakes.grafana import Grafana as Stub


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Stub]:
    token = tmp_path / "token"
    token.write_text(TOKEN + "\n")
    with serving(Stub()) as served:
        monkeypatch.setenv("GENEPOOL_GRAFANA_URL", served.url)
        monkeypatch.setenv("GENEPOOL_GRAFANA_TOKEN_FILE", str(token))
        yield served


def _outcomes(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    document = json.loads(capsys.readouterr().out)
    return {finding["subject"]: finding["outcome"] for finding in document["findings"]}


def test_what_is_checked_is_what_is_provisioned() -> None:
    assert sorted(DASHBOARDS) == sorted(board(name)["uid"] for name in NAMES)
    asked = {target["datasource"]["uid"] for name in NAMES for p in panels(name) for target in p["targets"]}
    assert set(SOURCES) == asked


def test_a_sound_grafana_passes_and_every_panel_was_asked(
    stub: Stub, capsys: pytest.CaptureFixture[str]
) -> None:
    verify(as_json=True)
    outcomes = _outcomes(capsys)
    assert set(outcomes.values()) == {"good"}
    assert len(outcomes) == 1 + len(SOURCES) + len(NAMES) + sum(len(panels(name)) for name in NAMES)
    sent = [query for asked in stub.sent_to("/api/ds/query") for query in asked["queries"]]
    assert {query["expr"] for query in sent if "expr" in query} == {asked.query for asked in expressions()}


def test_statements_ask_for_the_newest_run(stub: Stub) -> None:
    verify(as_json=True)
    sent = [query for asked in stub.sent_to("/api/ds/query") for query in asked["queries"]]
    texts = {query["rawSql"] for query in sent if "rawSql" in query}
    assert texts == {asked.query.replace("${run:sqlstring}", "'1'") for asked in statements()}


def test_a_panel_without_data_falls_short_unless_that_is_accepted(
    stub: Stub, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking = expressions()[0]
    stub.empty = frozenset({lacking.query})
    with pytest.raises(ShortfallError, match="1 of"):
        verify(as_json=True)
    assert _outcomes(capsys)[f"genepool-{lacking.board}: {lacking.panel}"] == "empty"
    verify(empty_ok=True, as_json=True)
    assert json.loads(capsys.readouterr().out)["passed"] is True


def test_a_broken_query_falls_short_and_is_quoted(stub: Stub, capsys: pytest.CaptureFixture[str]) -> None:
    broken = expressions()[-1]
    stub.broken = frozenset({broken.query})
    with pytest.raises(ShortfallError):
        verify(empty_ok=True)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("wrong")] == [
        f"wrong   genepool-{broken.board}: {broken.panel}: cannot answer {broken.query}"
    ]


def test_a_missing_dashboard_and_a_sick_source_fall_short(
    stub: Stub, capsys: pytest.CaptureFixture[str]
) -> None:
    del stub.dashboards["genepool-honesty"]
    stub.sources["genepool-postgres"] = "ERROR"
    del stub.sources["genepool-prometheus"]
    with pytest.raises(ShortfallError, match="3 of"):
        verify(as_json=True)
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {f["subject"]: f["remark"] for f in findings if f["outcome"] == "bad"} == {
        "data source genepool-prometheus": "it is not there",
        "data source genepool-postgres": "genepool-postgres says ERROR",
        "dashboard genepool-honesty": "it is not there",
    }


def test_a_grafana_that_does_not_answer_is_an_unreachable_service(
    stub: Stub, capsys: pytest.CaptureFixture[str]
) -> None:
    stub.instead = (200, "<html>sign in</html>")
    with pytest.raises(ServiceUnavailable) as caught:
        verify(as_json=True)
    assert caught.value.exit_code == 4
    assert capsys.readouterr().out == ""


def test_a_wrong_password_is_said(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("wrong")
    with serving(Stub()) as stub:
        grafana = open_grafana(stub.url, "admin", password, None)
        findings = list(inspect(grafana))
        grafana.close()
    assert [finding.outcome for finding in findings] == ["good", *["bad"] * (len(SOURCES) + len(NAMES))]
    assert {finding.remark for finding in findings[1:]} == {"Invalid username or password"}


def test_user_and_password_do_as_well_as_a_token(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("let-me-in\n")
    with serving(Stub()) as stub:
        grafana = open_grafana(stub.url, "admin", password, None)
        assert {finding.outcome for finding in inspect(grafana)} == {"good"}
        grafana.close()


def test_a_grafana_below_a_path_is_found() -> None:
    with serving(Stub()) as stub:
        grafana = Grafana(stub.url + "/monitoring/", TOKEN)
        with pytest.raises(ServiceUnavailable):
            grafana.get("/health")
        grafana.close()
        assert stub.asked[-1][1] == "/monitoring/api/health"


@pytest.mark.parametrize(
    "url", ["grafana:3000", "ftp://grafana", "http://", "http://admin:secret@grafana:3000"]
)
def test_an_address_that_is_none_is_refused_and_no_secret_repeated(url: str) -> None:
    with pytest.raises(ConfigError, match="GENEPOOL_GRAFANA_URL") as caught:
        Grafana(url, TOKEN)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "content", "hint"),
    [
        ("", "x", "GENEPOOL_GRAFANA_URL"),
        ("http://grafana:3000", None, "GENEPOOL_GRAFANA_TOKEN_FILE"),
        ("http://grafana:3000", "", "not one line"),
        ("http://grafana:3000", "one\ntwo", "not one line"),
        ("http://grafana:3000", "gehe\u00efm", "not one line"),
    ],
    ids=["no address", "no way in", "an empty file", "two lines", "not plain"],
)
def test_what_is_not_configured_is_named(url: str, content: str | None, hint: str, tmp_path: Path) -> None:
    token = None
    if content is not None:
        token = tmp_path / "token"
        token.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=hint):
        open_grafana(url, "admin", None, token)


def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        open_grafana("http://grafana:3000", "admin", tmp_path / "absent", None)


def test_pushing_puts_every_dashboard_into_a_folder_of_its_own(
    stub: Stub, capsys: pytest.CaptureFixture[str]
) -> None:
    stub.dashboards.clear()
    push_command(FOLDER, as_json=True)
    addresses = json.loads(capsys.readouterr().out)["dashboards"]
    assert sorted(addresses) == [f"{stub.url}/d/genepool-{name}/a-slug" for name in NAMES]
    assert stub.folders == {"genepool"}
    for sent in stub.sent_to("/api/dashboards/db"):
        assert (sent["folderUid"], sent["overwrite"], sent["dashboard"]["id"]) == ("genepool", True, None)
        assert {**sent["dashboard"]} == {**_committed(sent["dashboard"]["uid"]), "id": None}


def test_pushing_again_makes_no_second_folder(stub: Stub) -> None:
    push_command(FOLDER)
    push_command(FOLDER)
    assert len(stub.sent_to("/api/folders")) == 1


def test_dashboards_are_moved_to_the_data_sources_that_are_there(stub: Stub) -> None:
    stub.sources = {"mimir": "OK", "warehouse": "OK"}
    push_command(FOLDER, prometheus="mimir", postgres="warehouse")
    text = json.dumps(stub.sent_to("/api/dashboards/db"))
    assert not any(f'"uid": "{uid}"' in text for uid in SOURCES)
    assert '"uid": "mimir"' in text
    assert '"uid": "warehouse"' in text
    assert '"uid": "-- Grafana --"' in text


def test_a_data_source_that_is_not_there_is_named_before_anything_is_written(stub: Stub) -> None:
    with pytest.raises(ConfigError, match="no data source mimir"):
        push_command(FOLDER, prometheus="mimir")
    assert {verb for verb, _, _ in stub.asked} == {"GET"}


@pytest.mark.parametrize("content", [None, "{", "[]", '{"uid": "x"}'])
def test_a_folder_without_dashboards_is_refused(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "broken.json").write_text(content)
    with pytest.raises(ConfigError, match=r"broken\.json" if content else "holds no dashboards"):
        push_command(tmp_path)


def _committed(uid: str) -> dict[str, Any]:
    return next(board(name) for name in NAMES if board(name)["uid"] == uid)
