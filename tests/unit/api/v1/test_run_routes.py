"""Recorded runs over HTTP: lists, changes, generations, leaderboards, genomes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.bred_runs import bred_run
from tests.fakes.histories import a_spec
from tests.fakes.programs import here
from tests.fakes.service import LiveService, live_service

ADDRESSES = [
    "/v1/runs",
    "/v1/fleet",
    "/v1/fleet/portfolio?run=small&paths=100",
    "/v1/runs/small",
    "/v1/runs/small/generations",
    "/v1/runs/small/leaderboard",
    "/v1/runs/small/atlas",
    "/v1/runs/small/checks?only=constant_side,neighbourhood",
    "/v1/runs/small/exam",
    "/v1/runs/small/genomes/1",
    "/v1/runs/small/genomes/1/trades",
    "/v1/runs/small/genomes/1/equity",
    "/v1/runs/small/genomes/1/lineage",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("service")


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[LiveService]:
    with live_service(folder) as live:
        live.recorded("small")
        for number in range(5):
            live.store.create(a_spec(f"open-{number}", symbol="ETHUSD"))
        yield live


def told(answer: httpx.Response, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    document: dict[str, Any] = answer.json()
    return document


def problem(answer: httpx.Response, status: int) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    return str(told(answer, status)["detail"])


def paged(client: httpx.Client, address: str, members: str, **asked: Any) -> list[Any]:  # noqa: ANN401 - of a query
    """Read a list to its end, and check that it says how long it is."""
    found, after = list[Any](), dict[str, Any]()
    while True:
        page = told(client.get(address, params={**asked, **after}))
        found += page[members]
        if page["next"] is None:
            assert len(found) == page["total"]
            return found
        after = {"after": page["next"]}


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_known_already_is_not_sent_again(service: LiveService, address: str) -> None:
    first = service.reader.get(address)
    tag = first.headers["etag"]
    assert tag.startswith('"')
    for known in (tag, f'"other", W/{tag}', "*"):
        again = service.reader.get(address, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert told(service.reader.get(address, headers={"If-None-Match": '"other"'})) == first.json()


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_read_without_a_key(service: LiveService, address: str) -> None:
    assert "genepool keys create" in problem(service.stranger.get(address), 401)


def test_a_run_is_what_the_command_shows(service: LiveService, folder: Path) -> None:
    shown = here(folder, "show", "small", "--json").document
    for name in ("small", "sma"):
        assert told(service.reader.get(f"/v1/runs/{name}")) == shown
    assert told(service.reader.get("/v1/runs/latest"))["run"] == "open-4"


def test_the_list_has_every_run_once(service: LiveService) -> None:
    names = ["small", *(f"open-{number}" for number in range(5))]
    assert [run["run"] for run in paged(service.reader, "/v1/runs", "runs", count=2)] == [
        *names[:0:-1],
        "small",
    ]
    by_name = paged(service.reader, "/v1/runs", "runs", count=4, sort="name", descending=False)
    assert [run["run"] for run in by_name] == sorted(names)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"state": "finished"}, ["small"]),
        ({"symbol": "eth", "text": "-3"}, ["open-3"]),
        ({"state": ["finished", "failed"], "symbol": "ETH"}, []),
    ],
)
def test_the_list_is_filtered(service: LiveService, asked: dict[str, Any], expected: list[str]) -> None:
    assert [run["run"] for run in paged(service.reader, "/v1/runs", "runs", **asked)] == expected


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "asleep"},
        {"sort": "colour"},
        {"count": 0},
        {"count": 501},
        {"after": "nothing"},
        {"text": "\0"},
        {"symbol": "x" * 201},
    ],
)
def test_a_list_that_cannot_be_made_is_refused(service: LiveService, asked: dict[str, Any]) -> None:
    problem(service.reader.get("/v1/runs", params=asked), 422)
    problem(service.reader.get("/v1/fleet", params=asked), 422)


def test_generations_and_leaderboard_are_those_of_the_run(service: LiveService) -> None:
    run = bred_run("small")
    generations = paged(service.reader, "/v1/runs/small/generations", "generations", count=3)
    assert [one["digest"] for one in generations] == [record.digest for record in run.records]
    board = paged(service.reader, "/v1/runs/small/leaderboard", "leaderboard", count=40)
    ranked = sorted(
        (one for _, one in run.newborn if one.evaluation.selection_score is not None),
        key=lambda one: (-(one.evaluation.selection_score or 0), one.genome.fingerprint),
    )
    assert [place["fingerprint"] for place in board] == [one.genome.fingerprint for one in ranked]


def test_a_genome_is_found_by_place_and_by_fingerprint(service: LiveService) -> None:
    third = told(service.reader.get("/v1/runs/small/genomes/3"))
    assert third["rank"] == 3
    assert told(service.reader.get(f"/v1/runs/small/genomes/{third['fingerprint']}")) == third
    address = "/v1/runs/small/genomes/1"
    trades = paged(service.reader, f"{address}/trades", "trades", count=7)
    assert trades == told(service.reader.get(f"{address}/trades", params={"count": 500}))["trades"]
    phases = told(service.reader.get(f"{address}/equity", params={"points": 60}))["phases"]
    assert [phase["phase"] for phase in phases][:2] == ["in-sample", "fold 1"]
    assert all(len(phase["equity"]) <= 60 for phase in phases)
    members = told(service.reader.get(f"{address}/lineage"))["members"]
    assert members[0]["fingerprint"] == told(service.reader.get(address))["fingerprint"]


@pytest.mark.parametrize("part", ["", "/generations", "/leaderboard", "/genomes/1", "/genomes/1/trades"])
def test_a_run_that_is_not_there_is_not_found(service: LiveService, part: str) -> None:
    assert "there is no run nowhere" in problem(service.reader.get(f"/v1/runs/nowhere{part}"), 404)


@pytest.mark.parametrize(
    ("genome", "status"), [("9999", 404), ("0123456789abcdef", 404), ("best", 422), ("0", 422)]
)
def test_a_genome_that_is_not_there_is_not_found(service: LiveService, genome: str, status: int) -> None:
    for part in ("", "/trades", "/equity", "/lineage"):
        problem(service.reader.get(f"/v1/runs/small/genomes/{genome}{part}"), status)


def test_the_fleet_shows_champions_beside_each_other(service: LiveService) -> None:
    everyone = paged(service.reader, "/v1/fleet", "champions", sort="score", count=4)
    assert everyone[0]["run"] == "small"
    first = told(service.reader.get("/v1/runs/small/genomes/1"))
    assert everyone[0]["fingerprint"] == first["fingerprint"]
    assert [one["fingerprint"] for one in everyone[1:]] == [None] * 5
    assert [one["verdict"] for one in everyone[1:]] == [None] * 5
    alike = paged(service.reader, "/v1/fleet", "champions", strategy=first["strategy"])
    assert [one["run"] for one in alike] == ["small"]
    assert paged(service.reader, "/v1/fleet", "champions", strategy="sma_trend_filter") == []


def test_the_fleet_tells_the_verdict_of_the_run_itself(service: LiveService) -> None:
    ladder = told(service.reader.get("/v1/runs/small"))["ladder"]
    line = next(one for one in told(service.reader.get("/v1/fleet"))["champions"] if one["run"] == "small")
    assert (line["rung"], line["reached"], line["verdict"]) == (
        ladder["height"],
        ladder["reached"],
        ladder["sentence"],
    )


class TestChanges:
    @pytest.fixture
    def run(self, service: LiveService) -> Iterator[str]:
        name = service.recorded("changed", generations=1, size=4)
        yield name
        left = {summary.spec.run for summary in service.store.summaries()} & {name, "better"}
        for one in left:
            service.store.book.delete(one)

    def test_a_run_is_renamed_and_noted_in_one_go(self, service: LiveService, run: str) -> None:
        changed = told(service.runner.patch(f"/v1/runs/{run}", json={"name": "better", "note": " Größe \n"}))
        assert (changed["run"], changed["note"]) == ("better", "Größe")
        problem(service.reader.get(f"/v1/runs/{run}"), 404)
        assert told(service.reader.get("/v1/runs/better"))["run"] == "better"
        assert told(service.runner.patch("/v1/runs/better", json={"note": ""}))["note"] == ""

    def test_a_change_that_is_refused_changes_nothing(self, service: LiveService, run: str) -> None:
        for change, status in [
            ({"name": "small", "note": "x"}, 409),
            ({"name": "a/b", "note": "x"}, 422),
            ({"name": "better", "note": "\0"}, 422),
            ({"name": "better", "colour": "x"}, 422),
            ({"name": 3}, 422),
        ]:
            problem(service.runner.patch(f"/v1/runs/{run}", json=change), status)
        line = next(one for one in told(service.reader.get("/v1/runs"))["runs"] if one["run"] == run)
        assert line["note"] == ""

    def test_a_deleted_run_is_gone_and_its_trials_still_count(self, service: LiveService, run: str) -> None:
        spec = service.store.spec(run)
        before = service.store.trials(spec.market_digest)
        assert told(service.admin.delete(f"/v1/runs/{run}"))["run"] == run
        problem(service.admin.delete(f"/v1/runs/{run}"), 404)
        assert service.store.trials(spec.market_digest) == before

    def test_a_run_that_somebody_works_on_stays(self, service: LiveService) -> None:
        spec = a_spec("busy")
        service.store.create(spec)
        service.store.claim("busy")
        assert "busy" in problem(service.admin.delete("/v1/runs/busy"), 409)
        problem(service.runner.patch("/v1/runs/busy", json={"name": "idle"}), 409)
        assert (
            told(service.runner.patch("/v1/runs/busy", json={"note": "a long one"}))["note"] == "a long one"
        )
        service.store.finish("busy", "interrupted", None)
        service.store.book.delete("busy")

    def test_only_the_whole_name_names_what_is_changed(self, service: LiveService, run: str) -> None:
        problem(service.admin.delete(f"/v1/runs/{run[:4]}"), 404)
        problem(service.runner.patch("/v1/runs/latest", json={"note": "x"}), 404)

    def test_each_change_takes_a_key_that_allows_it(self, service: LiveService, run: str) -> None:
        assert "takes run" in problem(service.reader.patch(f"/v1/runs/{run}", json={"note": "x"}), 403)
        assert "takes admin" in problem(service.runner.delete(f"/v1/runs/{run}"), 403)


def test_a_check_that_there_is_not_is_refused_with_those_that_there_are(service: LiveService) -> None:
    said = problem(service.reader.get("/v1/runs/small/checks", params={"only": "luck"}), 422)
    assert said.startswith("there is no check 'luck': choose from ambiguity_gap, ")


def test_reading_checks_counts_no_trial(service: LiveService) -> None:
    digest = bred_run().plan.spec.market_digest
    before = service.store.trials(digest)
    document = told(service.reader.get("/v1/runs/small/checks"))
    assert document["trials"] == service.store.trials(digest) == before
    outcomes = {line["name"]: line["outcome"] for line in document["checks"]}
    assert outcomes["neighbourhood"] == "not applicable"
