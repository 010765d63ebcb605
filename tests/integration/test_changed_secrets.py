"""`make up` after the secrets changed, on a real engine with the two stores: their volume is older."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.postgres import docker_answers

ROOT = Path(__file__).resolve().parents[2]
FILE = """
name: {project}
services:
  postgres: {{extends: {{file: docker-compose.yml, service: postgres}}, healthcheck: {{interval: 1s}}}}
  redis: {{extends: {{file: docker-compose.yml, service: redis}}, healthcheck: {{interval: 1s}}}}
networks: {{stores: {{}}}}
volumes: {{postgres-data: {{}}, postgres-socket: {{}}}}
secrets:
  postgres_password: {{file: secrets/postgres_password}}
  grafana_reader_password: {{file: secrets/grafana_reader_password}}
  exporter_password: {{file: secrets/exporter_password}}
  redis_password: {{file: secrets/redis_password}}
"""
ENTERING = (
    "PGPASSWORD=$(cat /run/secrets/exporter_password) "
    "psql -h 127.0.0.1 -U exporter -d genepool -Atc 'SELECT 1' 2>&1"
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not docker_answers(), reason="the Docker engine does not answer"),
]


class Clone:
    """A copy of what `make secrets up` needs, in a folder with a space in its name.

    Parameters
    ----------
    folder
        Where it is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in ("docker", "scripts/stack", "infrastructure/core/compose"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "docker-compose.yml", folder)
        (folder / "stores.yml").write_text(FILE.format(project=f"g-{uuid.uuid4().hex[:8]}"))

    def ran(self, *command: str) -> str:
        """Run a command in the clone, which must succeed, and return what it printed."""
        places = {"COMPOSE_FILE": "stores.yml"}
        known = {name: value for name, value in os.environ.items() if not name.startswith("COMPOSE")}
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=known | places,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def up(self) -> str:
        """Do what `make secrets up` does once doctor and build are done."""
        self.ran(sys.executable, "-m", "scripts.stack.make_secrets")
        return self.ran(sys.executable, "-m", "scripts.stack.start")

    def containers(self) -> dict[str, str]:
        rows = self.ran("docker", "compose", "ps", "--format", "{{.Service}} {{.ID}}").splitlines()
        return dict(row.split() for row in rows)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    made = Clone(tmp_path_factory.mktemp("a clone"))
    made.up()
    yield made
    made.ran("docker", "compose", "down", "--volumes", "--timeout", "5")


def test_what_runs_already_is_not_made_anew_by_make_or_by_compose_itself(clone: Clone) -> None:
    before = clone.containers()
    assert "other passwords" not in clone.up()
    clone.ran("docker", "compose", "up", "--detach")
    assert clone.containers() == before


def test_only_the_container_of_the_secret_that_changed_is_made_anew(clone: Clone) -> None:
    before = clone.containers()
    (clone.folder / "secrets" / "redis_password").unlink()
    clone.up()
    after = clone.containers()
    assert after["postgres"] == before["postgres"]
    assert after["redis"] != before["redis"]


def test_new_secrets_over_an_old_volume_lead_to_a_stack_that_works(clone: Clone) -> None:
    before = clone.containers()
    shutil.rmtree(clone.folder / "secrets")
    assert "Postgres had other passwords in its volume" in clone.up()
    assert not set(clone.containers().values()) & set(before.values())
    assert clone.ran("docker", "compose", "exec", "-T", "postgres", "sh", "-c", ENTERING).strip() == "1"
