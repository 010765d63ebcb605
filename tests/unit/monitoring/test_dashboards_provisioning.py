"""Grafana's provisioning files have the fields that it knows, and keep what must be kept."""

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.fakes.dashboards import ROOT

FOLDER = ROOT / "monitoring" / "grafana" / "provisioning"

_TEXT, _NUMBER, _SWITCH = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}


def _closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


SOURCES = _closed(
    {
        "apiVersion": {"const": 1},
        "prune": _SWITCH,
        "datasources": {
            "type": "array",
            "items": _closed(
                {
                    "name": _TEXT,
                    "uid": _TEXT,
                    "type": {"enum": ["prometheus", "grafana-postgresql-datasource"]},
                    "access": {"const": "proxy"},
                    "url": _TEXT,
                    "user": _TEXT,
                    "isDefault": _SWITCH,
                    "editable": {"const": False},
                    "jsonData": _closed(
                        {
                            "httpMethod": {"enum": ["POST", "GET"]},
                            "timeInterval": {"type": "string", "pattern": "^[0-9]+s$"},
                            "manageAlerts": _SWITCH,
                            "database": _TEXT,
                            "sslmode": {"enum": ["disable", "require", "verify-ca", "verify-full"]},
                            "postgresVersion": _NUMBER,
                            "timescaledb": _SWITCH,
                            "maxOpenConns": _NUMBER,
                            "maxIdleConns": _NUMBER,
                            "connMaxLifetime": _NUMBER,
                        }
                    ),
                    "secureJsonData": _closed({"password": _TEXT}, "password"),
                },
                "name", "uid", "type", "access", "url", "editable",
            ),
        },
    },
    "apiVersion", "datasources",
)  # fmt: skip
PROVIDERS = _closed(
    {
        "apiVersion": {"const": 1},
        "providers": {
            "type": "array",
            "items": _closed(
                {
                    "name": _TEXT,
                    "orgId": {"const": 1},
                    "folder": _TEXT,
                    "folderUid": _TEXT,
                    "type": {"const": "file"},
                    "disableDeletion": {"const": True},
                    "allowUiUpdates": {"const": False},
                    "updateIntervalSeconds": _NUMBER,
                    "options": _closed({"path": _TEXT, "foldersFromFilesStructure": _SWITCH}, "path"),
                },
                "name", "type", "disableDeletion", "allowUiUpdates", "options",
            ),
        },
    },
    "apiVersion", "providers",
)  # fmt: skip


def _read(kind: str) -> Any:  # noqa: ANN401 - what YAML holds
    return yaml.safe_load((FOLDER / kind / "genepool.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("kind", "schema"), [("datasources", SOURCES), ("dashboards", PROVIDERS)])
def test_a_file_has_the_fields_that_grafana_knows(kind: str, schema: dict[str, Any]) -> None:
    assert [error.message for error in Draft202012Validator(schema).iter_errors(_read(kind))] == []


def test_a_mistyped_field_would_be_noticed() -> None:
    document = _read("datasources")
    document["datasources"][0]["editble"] = document["datasources"][0].pop("editable")
    assert not Draft202012Validator(SOURCES).is_valid(document)


def test_the_history_is_read_with_the_readers_own_password() -> None:
    history = next(s for s in _read("datasources")["datasources"] if s["uid"] == "genepool-postgres")
    assert history["user"] == "grafana_reader"
    assert history["secureJsonData"] == {"password": "$__file{/run/secrets/grafana_reader_password}"}


def test_the_services_have_the_names_that_compose_gives_them() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    hosts = [s["url"].removeprefix("http://").split(":")[0] for s in _read("datasources")["datasources"]]
    assert set(hosts) <= compose["services"].keys()


def test_compose_mounts_the_files_where_grafana_looks() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    mounts = compose["services"]["grafana"]["volumes"]
    dashboards = _read("dashboards")["providers"][0]["options"]["path"]
    assert f"./monitoring/grafana/dashboards:{dashboards}:ro" in mounts
    assert "./monitoring/grafana/provisioning:/etc/grafana/provisioning:ro" in mounts


def test_grafana_keeps_the_data_sources_that_its_image_brings() -> None:
    """Since 13.2 they are plugins, which Grafana removes to update them, and then cannot write anew."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    grafana = compose["services"]["grafana"]
    assert not grafana.get("read_only") or grafana["environment"]["GF_PLUGINS_PREINSTALL_DISABLED"] == "true"
