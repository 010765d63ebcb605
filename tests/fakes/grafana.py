"""A local HTTP server that answers Grafana's routes as its documentation shows, and can misbehave.

No Grafana can be had where the tests run, so this one is written down from the documented answers.
"""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from typing_extensions import override

from tests.fakes.dashboards import NAMES, board

TOKEN = "glsa_only_for_tests"  # noqa: S105 - a server that lives for one test
Answer = tuple[int, Any]
_NOT_FOUND: Answer = (404, {"message": "Not found"})


@dataclass
class Grafana:
    """What the server has and does.

    Parameters
    ----------
    dashboards
        By UID.
    sources
        Health of each data source, by UID.
    folders
        UIDs of its folders.
    empty, broken
        Queries without data, and those that fail.
    refuse
        Status that every route answers with; 0 for the true answers.
    instead
        What every route answers with, be it JSON or not; None for the true answers.
    reachable
        Cleared, requests wait without an answer.
    asked
        Method, route and document of every request, in order.
    """

    dashboards: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {board(name)["uid"]: board(name) for name in NAMES}
    )
    sources: dict[str, str] = field(
        default_factory=lambda: {"genepool-prometheus": "OK", "genepool-postgres": "OK"}
    )
    folders: set[str] = field(default_factory=set)
    empty: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    refuse: int = 0
    instead: Answer | None = None
    reachable: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)
    url: str = ""

    def sent_to(self, route: str) -> list[Any]:
        """Return the documents that a route was sent."""
        return [document for _, asked, document in self.asked if asked == route]

    def wait_for(self, route: str, count: int) -> list[Any]:
        """Return the documents that a route was sent as soon as there are so many."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.sent_to(route)) >= count, 20), self.asked
        return self.sent_to(route)

    def take(self, verb: str, route: str, document: Any) -> Answer:  # noqa: ANN401 - any JSON
        """Note a request and return status and answer."""
        with self.came:
            refuse = self.refuse
            self.asked.append((verb, route, document))
            self.came.notify_all()
        self.reachable.wait()
        if self.instead is not None:
            return self.instead
        return (refuse, {"message": "told to refuse"}) if refuse else self._answer(route, document)

    def _answer(self, route: str, document: Any) -> Answer:  # noqa: ANN401 - any JSON
        area, _, uid = route.removeprefix("/api/").rpartition("/")
        if area == "datasources/uid" and uid in self.sources:
            return 200, {"uid": uid}
        if route.endswith("/health") and area.startswith("datasources/uid/"):
            return self._source_health(area.removeprefix("datasources/uid/"))
        if area == "dashboards/uid" and uid in self.dashboards:
            return 200, {"dashboard": self.dashboards[uid], "meta": {"provisioned": True}}
        if area == "folders" and uid in self.folders:
            return 200, {"uid": uid}
        return self._fixed(route) if document is None else self._told(route, document)

    def _fixed(self, route: str) -> Answer:
        health = {"database": "ok", "version": "13.1.0", "commit": "abc"}
        return (200, health) if route == "/api/health" else _NOT_FOUND

    def _told(self, route: str, document: dict[str, Any]) -> Answer:
        if route == "/api/folders":
            return self._add_folder(document)
        if route == "/api/dashboards/db":
            return self._save(document)
        if route == "/api/ds/query":
            return self._query(document)
        added = (200, {"id": len(self.asked), "message": "Annotation added"})
        return added if route == "/api/annotations" else _NOT_FOUND

    def _source_health(self, uid: str) -> Answer:
        if uid not in self.sources:
            return _NOT_FOUND
        status = self.sources[uid]
        return (200 if status == "OK" else 400), {"status": status, "message": f"{uid} says {status}"}

    def _add_folder(self, document: dict[str, Any]) -> Answer:
        self.folders.add(document["uid"])
        return 200, document

    def _save(self, document: dict[str, Any]) -> Answer:
        uid = document["dashboard"]["uid"]
        self.dashboards[uid] = document["dashboard"]
        return 200, {"status": "success", "uid": uid, "url": f"/d/{uid}/a-slug", "version": 1}

    def _query(self, document: dict[str, Any]) -> Answer:
        results = {}
        for query in document["queries"]:
            text = query.get("expr") or query["rawSql"]
            values = [] if text in self.empty else [[1, 2], ["x", "y"]]
            results[query["refId"]] = (
                {"status": 400, "error": f"cannot answer {text}", "frames": []}
                if text in self.broken
                else {"status": 200, "frames": [{"schema": {"fields": []}, "data": {"values": values}}]}
            )
        return (207 if self.broken else 200), {"results": results}


@contextmanager
def serving(grafana: Grafana) -> Iterator[Grafana]:
    """Let a Grafana answer on a free port of this machine, to the token and to admin's password."""
    grafana.reachable.set()
    passes = {f"Bearer {TOKEN}", f"Basic {base64.b64encode(b'admin:let-me-in').decode()}"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._do("GET", None)

        def do_POST(self) -> None:
            self._do("POST", json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _do(self, verb: str, document: Any) -> None:  # noqa: ANN401 - any JSON
            # Any client may know that it is alive.
            allowed = self.headers["Authorization"] in passes or self.path == "/api/health"
            refusal: Answer = (401, {"message": "Invalid username or password"})
            status, answer = grafana.take(verb, self.path, document) if allowed else refusal
            body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    grafana.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield grafana
    finally:
        grafana.reachable.set()
        server.shutdown()
        server.server_close()
        thread.join()
