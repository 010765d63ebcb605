"""Genomes, secrets and dashboards are small files, and what has no end is never read."""

import os
from pathlib import Path

import pytest

from genepool.adapters.export.genome_file import MOST_BYTES, read_genome
from genepool.adapters.grafana.grafana_client import open_grafana
from genepool.adapters.grafana.pushing import read_dashboards
from genepool.bootstrap.stores import secret_of
from genepool.errors import ConfigError
from genepool.small_files import Unfit, read_small


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    file = tmp_path / "note"
    file.write_bytes(b"\xef\xbb\xbfabc")
    assert read_small(file, 6) == "abc"
    with pytest.raises(Unfit, match="holds more than 5 bytes"):
        read_small(file, 5)


@pytest.mark.parametrize("kind", ["device", "pipe"])
def test_a_genome_from_a_device_or_pipe_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    file = Path("/dev/zero") if kind == "device" else tmp_path / "pipe"
    with pytest.raises(ConfigError, match=f"{file} is a pipe or a device and no file: give a file"):
        read_genome(file)


def test_a_genome_larger_than_any_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "genome.json"
    file.write_text(" " * (MOST_BYTES + 1))
    with pytest.raises(ConfigError, match=r"genome\.json holds more than 1,000,000 bytes: give a file"):
        read_genome(file)


def test_a_folder_is_no_genome(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        read_genome(tmp_path)


def test_a_secret_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="A_FILE names /dev/zero, which is a pipe or a device"):
        secret_of(Path("/dev/zero"), "A_FILE")
    (tmp_path / "secret").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="which is no text: `make secrets` writes it"):
        secret_of(tmp_path / "secret", "A_FILE")
    with pytest.raises(ConfigError, match="which cannot be read: is a pipe or a device"):
        open_grafana("http://127.0.0.1:1", "admin", Path("/dev/zero"), None)


def test_a_dashboard_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    with pytest.raises(ConfigError, match="cannot be read as a dashboard: is a pipe or a device"):
        read_dashboards(tmp_path)
