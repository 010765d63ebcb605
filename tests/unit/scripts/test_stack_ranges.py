"""Each row of the table of ranges: a value inside, and one beyond each bound."""

from pathlib import Path

import pytest

from scripts.stack import ranges

ROOT = Path(__file__).resolve().parents[3]
DEFAULTS = {
    "GENEPOOL_OBJECT_STORE_BYTES": "209715200",
    "GENEPOOL_REDIS_MEMORY": "512m",
}
FACTS = ranges.facts(DEFAULTS, shared=256 * 1024**2, cpus=4, memory=8 * 1024**3)
CASES: dict[str, tuple[list[str], list[str]]] = {
    "GENEPOOL_OBJECT_STORE_BYTES": (
        ["78643200", "268435456"],
        ["1000", "78643199", "268435457", "1e9", "200m"],
    ),
    "GENEPOOL_CPU_WORKER_CPUS": (["1", "4"], ["0", "0.5", "1.5", "5", ""]),
    "GENEPOOL_MEMORY_WORKER_CPUS": (["1", "4"], ["0", "0.5", "5", "two"]),
    "GENEPOOL_CPU_WORKER_MEMORY": (["712m", "2g", "2GiB"], ["711m", "64m", "lots"]),
    "GENEPOOL_MEMORY_WORKER_MEMORY": (["712m", "4g"], ["711m", "4 gigabytes"]),
    "GENEPOOL_CPU_WORKERS": (["0", "27"], ["-1", "28", "1.5"]),
    "GENEPOOL_MEMORY_WORKERS": (["0", "27"], ["-1", "28", "many"]),
    "GENEPOOL_HEAD_MEMORY": (["968m", "2g"], ["967m"]),
    "GENEPOOL_POOL_MEMORY": (["968m", "3g"], ["512m"]),
    "GENEPOOL_POSTGRES_MEMORY": (["256m"], ["255m"]),
    "GENEPOOL_REDIS_MEMORY": (["64m"], ["63m"]),
    "GENEPOOL_REDIS_MAXMEMORY": (["1mb", "256mb", "460m"], ["0", "461mb", "1g", "256MiB"]),
    "GENEPOOL_PROMETHEUS_MEMORY": (["128m"], ["127m"]),
    "GENEPOOL_GRAFANA_MEMORY": (["128m"], ["127m"]),
    "GENEPOOL_HEAD_CPUS": (["0.5", "4"], ["0", "4.5", "nan"]),
    "GENEPOOL_POOL_CPUS": (["0.5", "4"], ["0", "5"]),
    "GENEPOOL_POSTGRES_CPUS": (["0.5", "4"], ["0", "5"]),
    "GENEPOOL_REDIS_CPUS": (["0.5", "4"], ["0", "5"]),
    "GENEPOOL_PROMETHEUS_CPUS": (["0.5", "4"], ["0", "5"]),
    "GENEPOOL_GRAFANA_CPUS": (["0.5", "4"], ["0", "5"]),
    "GENEPOOL_EXPECTED_NODES": (["0", "9"], ["-1", "2.5"]),
    "GENEPOOL_CPU_PRICE": (["0", "0.04"], ["-0.01", "free"]),
    "GENEPOOL_MEMORY_PRICE": (["0", "0.05"], ["-0.01"]),
    "GENEPOOL_BUDGET": (["0", "100"], ["-1"]),
    "GENEPOOL_LOG_LEVEL": (["DEBUG", "ERROR"], ["debug", "TRACE"]),
    "GENEPOOL_CPU_BUDGET": (["1", "75", "100"], ["0", "101", "most"]),
    "GENEPOOL_JOB_WORKERS": (["2", "8"], ["1", "65", "two"]),
    "GENEPOOL_METRICS_RETENTION": (["30d", "1y6d"], ["30", "a month"]),
    "GENEPOOL_METRICS_SIZE": (["4GB", "0B"], ["4", "4gb"]),
    "GENEPOOL_VERSION": (["0.1.0"], ["", "a tag"]),
}


def test_every_row_has_its_cases() -> None:
    assert sorted(CASES) == sorted(row.name for row in ranges.RANGES)


@pytest.mark.parametrize("row", ranges.RANGES, ids=lambda row: row.name)
def test_a_value_within_its_range_passes_and_one_beyond_is_refused_by_name(row: ranges.Range) -> None:
    inside, outside = CASES[row.name]
    assert [text for text in inside if ranges.judge(row, text, FACTS)] == []
    for text in outside:
        found = ranges.judge(row, text, FACTS)
        assert found is not None, text
        assert found.level == "bad"
        assert found.said.startswith(f"{row.name}={text} is ")
        assert ".env" in found.remedy


def test_a_larger_object_store_asks_for_more_memory() -> None:
    larger = ranges.facts(
        {**DEFAULTS, "GENEPOOL_OBJECT_STORE_BYTES": "1073741824"}, shared=2 * 1024**3, cpus=4, memory=1
    )
    (row,) = (one for one in ranges.RANGES if one.name == "GENEPOOL_CPU_WORKER_MEMORY")
    found = ranges.judge(row, "1g", larger)
    assert found is not None
    assert found.said.startswith("GENEPOOL_CPU_WORKER_MEMORY=1g is below 1536m")


def test_the_least_object_store_is_that_of_ray() -> None:
    constants = pytest.importorskip("ray._private.ray_constants")
    assert ranges.RAYS_LEAST_STORE == constants.OBJECT_STORE_MINIMUM_MEMORY_BYTES


def test_the_file_that_asks_compose_holds_every_setting_with_the_default_of_the_compose_file() -> None:
    asked = ranges.probe(ROOT)
    assert all(f'{row.name}: "${{{row.name}:-' in asked for row in ranges.RANGES)
    assert "${GENEPOOL_HEAD_MEMORY:-2g}" in asked
