"""Every route keeps what the OpenAPI document says of it, whatever is sent: tried by schemathesis."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
import schemathesis
from schemathesis.engine import events, from_schema

from genepool.api.token_buckets import TokenBuckets
from genepool.service import serving
from tests.fakes.service import LiveService, live_service

pytestmark = pytest.mark.slow
ALIKE = ("datasets_understand", "fleet_list", "schedules_order")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    with pytest.MonkeyPatch.context() as patch:
        # What is ordered waits: with workers, what a route answers would depend on how fast they are.
        patch.setattr(serving, "job_threads", lambda *_: nullcontext())
        # One client sends more than the rate of clients allows.
        patch.setattr(TokenBuckets.__init__, "__defaults__", (1e6, 1_000_000, 4_096))
        with live_service(tmp_path_factory.mktemp("service")) as live:
            live.recorded("small")
            yield live


def config(service: LiveService, *phases: str, examples: int) -> dict[str, Any]:
    every = ("examples", "coverage", "fuzzing", "stateful")
    return {
        "seed": 1,
        "headers": {"Authorization": f"Bearer {service.keys['admin']}"},
        # Equal requests each time, and few: those that are made of the document find most.
        "generation": {"deterministic": True, "max-examples": examples, "database": "none"},
        "phases": {
            **{name: {"enabled": name in phases} for name in every},
            "coverage": {"enabled": "coverage" in phases, "unexpected-methods": ["DELETE"]},
        },
        # A use case refuses what no schema can say, such as fewer generations than before.
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "304", "404", "409", "422"]}},
        "operations": [
            {"include-path": "/v1/events", "enabled": False},
            # The newest run waits, and has no genomes yet.
            {"include-tag": "genomes", "parameters": {"path.run": "small"}},
            # It draws years: a few of them, a few times, show what it answers.
            {
                "include-path": "/v1/fleet/portfolio",
                "parameters": {"query.paths": 100},
                "phases": {"coverage": {"generation": {"mode": "positive"}}},
            },
            # Another route takes the same form, filter or body, which are most of its requests.
            {"include-operation-id": list(ALIKE), "phases": {"coverage": {"enabled": False}}},
            # Four bodies in one, each member of which would be spoilt in a dozen ways.
            {
                "include-operation-id": "jobs_order",
                "phases": {"coverage": {"generation": {"mode": "positive"}}},
            },
        ],
        "continue-on-failure": True,
    }


def failures(service: LiveService, asked: dict[str, Any]) -> tuple[list[str], set[str]]:
    """Return what schemathesis finds wrong, and the routes that it tried."""
    schema = schemathesis.openapi.from_url(
        f"{service.address}/v1/openapi.json",
        headers=asked["headers"],
        config=schemathesis.Config.from_dict(asked),
    )
    wrong, tried = [], set()
    for event in from_schema(schema).execute():
        match event:
            case events.ScenarioFinished():
                tried |= {node.value.operation.label for node in event.recorder.cases.values()}
            case events.NonFatalError():
                wrong.append(f"{event.label}: {event.value}")
            case events.FatalError():
                raise event.exception
            case events.EngineFinished():
                wrong += [f"{one.operation}: {one.title}, {one.message}" for one in event.failures]
    return wrong, tried


def test_every_route_answers_as_described(service: LiveService) -> None:
    wrong, tried = failures(service, config(service, "examples", "coverage", "fuzzing", examples=3))
    assert wrong == []
    assert len(tried) > 25


def test_what_is_answered_leads_on(service: LiveService) -> None:
    wrong, tried = failures(service, config(service, "stateful", examples=10))
    assert wrong == []
    assert {"POST /v1/runs", "POST /v1/runs/{run}/stop", "POST /v1/runs/{run}/resume"} <= tried
