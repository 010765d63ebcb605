"""The OpenAPI document is complete: a client can be generated from it, and a person can read it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from genepool.api.v1.examples import BODIES, PATHS
from genepool.api.v1.links import LINKS
from tests.fakes.service import LiveService, live_service

LONGEST_NAME = 30


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    with live_service(tmp_path_factory.mktemp("service")) as live:
        yield live


@pytest.fixture(scope="module")
def document(service: LiveService) -> dict[str, Any]:
    answer = service.reader.get("/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["operationId"]: one for path in document["paths"].values() for one in path.values()}


def test_it_is_openapi_3_1_and_asks_for_a_key(document: dict[str, Any], service: LiveService) -> None:
    assert document["openapi"].startswith("3.1")
    assert set(document["components"]["securitySchemes"]) == {"key", "session"}
    assert service.stranger.get("/v1/openapi.json").status_code == 401


def test_every_route_has_a_name_words_and_a_tag_that_is_explained(
    document: dict[str, Any], operations: dict[str, dict[str, Any]]
) -> None:
    assert len(operations) == sum(len(path) for path in document["paths"].values()), "a name stands for one"
    explained = {tag["name"] for tag in document["tags"]}
    wrong = [
        name
        for name, one in operations.items()
        if not (
            re.fullmatch(r"[a-z]+(_[a-z]+)*", name)
            and len(name) <= LONGEST_NAME
            and one["summary"]
            and one["description"]
            and set(one["tags"]) <= explained
        )
    ]
    assert wrong == []


def test_every_route_describes_what_it_answers_and_every_problem(
    operations: dict[str, dict[str, Any]],
) -> None:
    for name, one in operations.items():
        told = one["responses"]
        [success] = [status for status in told if status.startswith("2")]
        if success != "204":
            kinds = told[success]["content"]
            assert all(media.get("schema") or media.get("itemSchema") for media in kinds.values()), name
        assert {"401", "403", "422", "429", "503"} <= set(told), name
        problems = [answer for status, answer in told.items() if status >= "400"]
        assert all(set(answer["content"]) == {"application/problem+json"} for answer in problems), name


def test_every_body_and_every_path_has_an_example(operations: dict[str, dict[str, Any]]) -> None:
    bodies = {name: one["requestBody"]["content"] for name, one in operations.items() if "requestBody" in one}
    assert set(bodies) == set(BODIES)
    assert all(media["example"] for content in bodies.values() for media in content.values())
    parts = {
        part["name"]: part.get("example")
        for one in operations.values()
        for part in one.get("parameters", ())
        if part["in"] == "path"
    }
    assert parts == dict(PATHS)


def test_links_lead_to_routes_and_take_what_is_answered(operations: dict[str, dict[str, Any]]) -> None:
    for (of, status), links in LINKS.items():
        told = operations[of]["responses"][status]["links"]
        assert set(told) == set(links) <= set(operations)
        for to, given in links.items():
            assert set(given) <= {part["name"] for part in operations[to]["parameters"]}


def test_an_address_names_all_that_it_can_be_asked_for(service: LiveService) -> None:
    answer = service.admin.put("/v1/runs/none")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, PATCH, DELETE"


@pytest.mark.parametrize("body", [b"\xff", b"{", b"[1]", b'{"data": "\\ud800"}', b'{"data": "a\\u0000"}'])
def test_a_body_that_is_no_json_is_refused_with_a_sentence(service: LiveService, body: bytes) -> None:
    answer = service.runner.post("/v1/runs", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_a_problem_names_the_error_that_the_command_line_would_have_met(service: LiveService) -> None:
    assert service.reader.get("/v1/runs/none").json()["type"] == "urn:genepool:RunNotFound"
    assert service.stranger.get("/v1/runs").json()["type"] == "about:blank"
