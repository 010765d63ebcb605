"""The OpenAPI document: what the routes say of themselves, and what holds for all of them."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from genepool.api.problems import ToldProblem, answers
from genepool.api.v1.examples import BODIES, PATHS
from genepool.api.v1.links import LINKS

# Problems that any route may answer; FastAPI describes a 422 of its own, which ours replaces.
_PROBLEMS = {
    "401": "No key that is known.",
    "403": "The key does not allow it.",
    "422": "The request cannot be read or done.",
    "429": "Too many requests: Retry-After says when to ask again.",
    "503": "What it needs is away: Retry-After says when to ask again.",
}
_TOO_LARGE = {"413": "The body is too large."}
_TAGS = {
    "runs": "Runs: ordered, listed, shown, stopped, continued, changed.",
    "genomes": "What the genomes of a run are, traded and come from.",
    "fleet": "The champions of all runs.",
    "jobs": "What waits, what runs, and what became of it.",
    "schedules": "Jobs that are queued again and again.",
    "datasets": "Candles that have a name, and files that get one.",
    "strategies": "What a run may breed, and strive for.",
    "ledger": "How many trials each market has seen.",
    "keys": "What opens the service.",
    "events": "What happens, as it happens.",
    "cluster": "The workers.",
}
# Lists are lists, whatever the function is called that answers them.
_LISTS = frozenset({"page", "every"})
_FASTAPIS = ("HTTPValidationError", "ValidationError")


def operation_name(route: APIRoute) -> str:
    """Return the name of a route, which generated clients call it by: its resource and what it does."""
    tag = str(route.tags[0]) if route.tags else "service"
    does = "list" if route.name in _LISTS else route.name
    return tag if does == tag else f"{tag}_{does}"


def described_routes(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of the routes under ``/v1``."""
    document = app.openapi()
    _describe_problems(document.setdefault("components", {}).setdefault("schemas", {}))
    used = set()
    for operation in _operations(document):
        used |= set(operation["tags"])
        _describe(operation)
    document["tags"] = [{"name": name, "description": text} for name, text in _TAGS.items() if name in used]
    return document


def _describe_problems(schemas: dict[str, Any]) -> None:
    schemas["Problem"] = ToldProblem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schemas["Problem"].pop("$defs", {})
    for name in _FASTAPIS:
        schemas.pop(name, None)


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def _describe(operation: dict[str, Any]) -> None:
    name, told = operation["operationId"], operation["responses"]
    problems = _PROBLEMS | (_TOO_LARGE if "requestBody" in operation else {})
    for status, reason in problems.items():
        told[status] = {**answers(int(status))[int(status)], "description": reason}
    operation["summary"] = _first_words(operation["description"])
    for media in operation.get("requestBody", {}).get("content", {}).values():
        media.update({"example": BODIES[name]} if name in BODIES else {})
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path" and parameter["name"] in PATHS:
            parameter["example"] = PATHS[parameter["name"]]
    for (of, status), links in LINKS.items():
        if of == name:
            told[status]["links"] = {
                to: {
                    "operationId": to,
                    "parameters": {part: f"$response.body#/{taken}" for part, taken in given.items()},
                }
                for to, given in links.items()
            }


def _first_words(description: str) -> str:
    return re.split(r"[.;:]\s|[.;:]$", description.replace("\n", " "), maxsplit=1)[0]
