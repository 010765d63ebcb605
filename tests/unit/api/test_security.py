"""Nobody gets in without a key, none does more than its key allows, and no text becomes a program."""

import hmac
import re
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from genepool.api import access, sessions
from genepool.api.access import CSRF_HEADER
from genepool.api.pages.login import TRIES_A_MINUTE
from genepool.api.sessions import COOKIE, LASTS_SECONDS, csrf_token, signed_session
from genepool.api_keys import Scope, fresh_key
from tests.fakes.service import LiveService, live_service

SCRIPT: Final = "<script>alert(1)</script>"
# It asks a whole service hundreds of times.
pytestmark = pytest.mark.slow

UNSAFE: Final = {"POST", "PUT", "PATCH", "DELETE"}
# What people and monitors may see without a key.
OPEN: Final = frozenset(["/", "/login", "/logout", "/metrics", "/progress", "/healthz", "/readyz"])
FILLED: Final = {
    "run": "victim", "name": "VICTIM_1h", "number": "1", "key": "1", "job": "1", "schedule_number": "1",
}  # fmt: skip
HOSTILE: Final = (
    "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "....//etc/passwd", "%00",
    "/etc/passwd",
)  # fmt: skip


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    with live_service(tmp_path_factory.mktemp("service")) as live:
        yield live


def routes(service: LiveService) -> list[tuple[str, str]]:
    """Return every route that a key opens, filled in."""
    found = []
    for route in iter_route_contexts(service.app.routes):
        if route.path and route.path not in OPEN and not route.path.startswith("/static"):
            filled = re.sub(r"{(\w+)(:\w+)?}", lambda name: FILLED.get(name[1], "x"), route.path)
            found += [(method, filled) for method in sorted(route.methods or ()) if method != "HEAD"]
    assert len(found) > 40, "routes are found at all"
    return found


def unsafe(service: LiveService) -> list[tuple[str, str]]:
    return [(method, path) for method, path in routes(service) if method in UNSAFE]


@dataclass(frozen=True, slots=True)
class Browsers:
    """Clients as browsers are, each with an address of its own: limits of rate go by address."""

    service: LiveService
    held: ExitStack
    addresses: Iterator[int] = field(default_factory=partial(count, 2))

    def of(self, scope: Scope, **headers: str) -> httpx.Client:
        """Return one that is logged in, and whose page repeats the token."""
        key = self.service.store.keys.find(self.service.keys[scope])
        assert key is not None
        cookie = signed_session(key, time.time())
        return self.with_cookie(cookie, **{CSRF_HEADER: csrf_token(cookie)} | headers)

    def stranger(self, **headers: str) -> httpx.Client:
        """Return one that is not logged in."""
        return self.with_cookie("", **headers)

    def with_cookie(self, cookie: str, **headers: str) -> httpx.Client:
        """Return one that has a cookie."""
        client = httpx.Client(
            base_url=self.service.address,
            headers={"Cookie": f"{COOKIE}={cookie}", "Accept": "text/html"} | headers,
            transport=httpx.HTTPTransport(local_address=f"127.0.0.{next(self.addresses)}"),
            timeout=30,
        )
        return self.held.enter_context(client)


@pytest.fixture(scope="module")
def browsers(service: LiveService) -> Iterator[Browsers]:
    with ExitStack() as held:
        yield Browsers(service, held)


def asked(client: httpx.Client, method: str, path: str) -> httpx.Response:
    with client.stream(method, path) as answer:
        # An endless one is not read.
        if not answer.headers.get("content-type", "").startswith("text/event-stream"):
            answer.read()
        return answer


def test_no_route_of_the_api_answers_without_a_key(service: LiveService) -> None:
    described = service.reader.get("/v1/openapi.json").json()["paths"]
    every = [(method, path) for method, path in routes(service) if path.startswith("/v1")]
    assert len(every) >= sum(len(methods) for methods in described.values())
    for method, path in every:
        answer = asked(service.stranger, method, path)
        assert answer.status_code == 401, f"{method} {path}"
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"


def test_every_page_leads_a_stranger_to_the_login(service: LiveService, browsers: Browsers) -> None:
    stranger = browsers.stranger()
    for method, path in routes(service):
        if not path.startswith("/v1"):
            answer = asked(stranger, method, path)
            assert answer.status_code == 303, f"{method} {path}"
            to = "/login" if method in UNSAFE else f"/login?to={path}"
            assert answer.headers["location"] == to


def test_a_key_that_reads_writes_nowhere(service: LiveService, browsers: Browsers) -> None:
    pages = browsers.of("read")
    for method, path in unsafe(service):
        client = service.reader if path.startswith("/v1") else pages
        assert asked(client, method, path).status_code == 403, f"{method} {path}"


def test_a_key_that_runs_administers_nothing(service: LiveService, browsers: Browsers) -> None:
    pages = browsers.of("run")
    administering = [(method, path) for method, path in routes(service) if "/keys" in path]
    assert len(administering) >= 6
    for method, path in administering:
        client = service.runner if path.startswith("/v1") else pages
        assert asked(client, method, path).status_code == 403, f"{method} {path}"


@pytest.mark.parametrize(
    "headers",
    [{CSRF_HEADER: ""}, {CSRF_HEADER: "0" * 64}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
)
def test_another_sites_page_changes_nothing_by_a_browsers_session(
    service: LiveService, browsers: Browsers, headers: Mapping[str, str]
) -> None:
    client = browsers.of("admin", **headers)
    for method, path in unsafe(service):
        assert asked(client, method, path).status_code == 403, f"{method} {path}"


def test_another_sites_page_can_log_nobody_in_or_out(service: LiveService, browsers: Browsers) -> None:
    client = browsers.stranger(Origin="https://evil.example")
    assert client.post("/login", data={"key": service.keys["read"]}).status_code == 403
    assert client.post("/logout").status_code == 403


def cookies(service: LiveService) -> Mapping[str, str]:
    ring = service.store.keys
    key, revoked = ring.find(service.keys["admin"]), ring.add(fresh_key(), "leaver", "admin")
    assert key is not None
    live, dead = signed_session(key, time.time()), signed_session(revoked, time.time())
    ring.revoke(revoked.id)
    return {
        "forged": live[:-1] + ("0" if live[-1] != "0" else "1"),
        "another key's": re.sub(r"^\d+", str(key.id - 1), live),
        "longer": re.sub(r"\.(\d+)\.", lambda until: f".{int(until[1]) + 9}.", live),
        "expired": signed_session(key, time.time() - LASTS_SECONDS - 1),
        "revoked": dead,
        "rubbish": "1.2.3",
    }


def test_no_session_but_a_live_one_opens_anything(service: LiveService, browsers: Browsers) -> None:
    for kind, cookie in cookies(service).items():
        client = browsers.with_cookie(cookie)
        assert client.get("/v1/keys").status_code == 401, kind
        assert client.get("/keys").status_code == 303, kind


def test_a_revoked_key_opens_nothing_at_once(service: LiveService) -> None:
    key = fresh_key()
    made = service.store.keys.add(key, "leaver", "read")
    headers = {"Authorization": f"Bearer {key}"}
    assert service.stranger.get("/v1/jobs", headers=headers).status_code == 200
    service.admin.delete(f"/v1/keys/{made.id}")
    assert service.stranger.get("/v1/jobs", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example", "http:evil.example", "evil.example", "/runs\r\nSet-Cookie: a=b", "",
    ],
)  # fmt: skip
def test_a_login_leads_to_a_page_of_ours(service: LiveService, browsers: Browsers, to: str) -> None:
    client = browsers.stranger()
    answer = client.post("/login", data={"key": service.keys["read"], "to": to})
    assert (answer.status_code, answer.headers["location"]) == (303, "/runs")
    assert "a=b" not in answer.headers["set-cookie"]


def test_a_login_leads_back_to_the_page_that_was_asked_for(service: LiveService, browsers: Browsers) -> None:
    client = browsers.stranger()
    answer = client.post("/login", data={"key": service.keys["read"], "to": "/queue?state=done"})
    assert answer.headers["location"] == "/queue?state=done"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_an_address_that_guesses_keys_is_told_to_wait(service: LiveService, browsers: Browsers) -> None:
    guesser, other = browsers.stranger(), browsers.stranger()
    told = [guesser.post("/login", data={"key": f"gp_{n}"}).status_code for n in range(TRIES_A_MINUTE + 1)]
    assert told == [401] * TRIES_A_MINUTE + [429]
    late = guesser.post("/login", data={"key": service.keys["read"]})
    assert late.status_code == 429, "a right guess comes too late"
    assert 1 <= int(late.headers["retry-after"]) <= 60
    assert other.post("/login", data={"key": service.keys["read"]}).status_code == 303


def answers(service: LiveService, browsers: Browsers) -> Iterator[tuple[str, httpx.Response]]:
    client = browsers.of("admin")
    for method, path in [
        *routes(service),
        ("GET", "/healthz"),
        ("GET", "/login"),
        ("GET", "/static/pages.js"),
    ]:
        if method == "GET":
            yield path, asked(client, method, path)
    yield "not found", client.get("/nothing")
    yield "no key", service.stranger.get("/v1/runs/x")
    yield "wrong method", client.put("/runs")
    yield "misread", service.runner.post("/v1/runs", content="{")
    yield "too large", service.runner.post("/v1/runs", content=b"x" * 1_000_001)
    yield "another host", client.get("/runs", headers={"Host": "evil.example"})
    guesses = [client.post("/login", data={"key": "gp_"}) for _ in range(TRIES_A_MINUTE + 1)]
    yield "too often", guesses[-1]


def test_every_answer_says_what_a_browser_may_do_with_it(service: LiveService, browsers: Browsers) -> None:
    seen = set()
    for what, answer in answers(service, browsers):
        policy = answer.headers.get("content-security-policy", "")
        assert "default-src 'none'" in policy, what
        assert "unsafe" not in policy, what
        assert "frame-ancestors 'none'" in policy, what
        assert answer.headers["x-content-type-options"] == "nosniff", what
        assert answer.headers["referrer-policy"] == "same-origin", what
        assert answer.headers["cross-origin-opener-policy"] == "same-origin", what
        assert "access-control-allow-origin" not in answer.headers, what
        assert "server" not in answer.headers, what
        seen.add(answer.status_code)
    assert {200, 401, 404, 405, 413, 421, 422, 429} <= seen


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_name_is_a_path(browsers: Browsers, hostile: str) -> None:
    client = browsers.of("admin")
    for place in ("/v1/runs/", "/v1/datasets/", "/data/", "/runs/", "/static/", "/static/vendor/"):
        answer = client.get(place + hostile)
        assert answer.status_code in {404, 422}, f"{place}{hostile}"
        assert "root:" not in answer.text
    assert client.get("/static/..%2fdrawing.py").status_code == 404


@pytest.mark.parametrize(
    "word", ["/etc/passwd", "../../etc/passwd", "file:///etc/passwd", "C:\\boot.ini", "\x00", "~/.ssh/id_rsa"]
)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/runs", {}),
        ("/v1/jobs", {"kind": "backtest", "strategy": "ema_crossover"}),
        ("/v1/jobs", {"kind": "refresh", "run": "victim"}),
    ],
)
def test_a_client_names_no_file_of_the_server(
    service: LiveService, path: str, body: Mapping[str, Any], word: str
) -> None:
    answer = service.runner.post(path, json={**body, "data": word})
    assert answer.status_code in {404, 422}
    assert "root:" not in answer.text


def test_candles_that_lie_on_the_server_without_a_name_are_bred_by_nobody(
    service: LiveService, browsers: Browsers, tmp_path: Path
) -> None:
    file, client = tmp_path / "SECRET.csv", browsers.of("run")
    rows = "".join(f"2024-01-{1 + h // 24:02d} {h % 24:02d}:00,10,12,9,1{h % 2},5\n" for h in range(700))
    file.write_text(f"Date,Open,High,Low,Close,Volume\n{rows}")
    said = {"data": str(file), "preset": "all"}
    before = len(service.store.summaries())
    for told in (
        service.runner.post("/v1/runs", json=said).text,
        client.get("/new/foreseen", params=said).text,
        client.post("/new", data=said, headers={"HX-Request": "true"}).text,
    ):
        assert "there is no data set" in told
    assert len(service.store.summaries()) == before


def test_a_genome_names_no_file_of_the_server(service: LiveService) -> None:
    data = {"source": "/etc/passwd", "digest": "x", "symbol": "X", "timeframe": "1h", "candles": 5}
    genome = {"strategy": "ema_crossover", "genes": {}, "data": data}
    answer = service.runner.post("/v1/jobs", json={"kind": "backtest", "genome": genome})
    assert answer.status_code == 404
    known = {**genome, "data": {**data, "source": "btcusd_1h", "reading": ["--funding", "/etc/passwd"]}}
    kept = service.runner.post("/v1/jobs", json={"kind": "backtest", "genome": known}).json()
    assert kept["request"]["data"] == "btcusd_1h"
    assert "/etc/passwd" not in str(kept)


@pytest.fixture(scope="module")
def poisoned(service: LiveService) -> LiveService:
    """Return the service with a script in every text that a client may give."""
    rows = "".join(f"2024-01-01 {hour:02d}:00,10,12,9,1{hour % 2},5,{SCRIPT}\n" for hour in range(24))
    file = (f"{SCRIPT}.csv", f"Date,Open,High,Low,Close,Volume,{SCRIPT}\n{rows}")
    said = {"name": f"VICTIM {SCRIPT}", "source": SCRIPT, "licence": SCRIPT}
    kept = service.runner.post("/v1/datasets", files={"file": file}, data=said)
    assert kept.status_code == 201, kept.text
    FILLED["name"] = kept.json()["name"]
    service.recorded("victim")
    service.store.book.note("victim", SCRIPT)
    service.admin.post("/v1/keys", json={"name": SCRIPT, "scope": "read"})
    wrong = service.runner.post(
        "/v1/jobs", json={"kind": "backtest", "data": "btcusd_1h", "strategy": SCRIPT, "spans": SCRIPT}
    )
    assert wrong.status_code == 201, wrong.text
    planned = {"job": {"kind": "download", "symbol": SCRIPT.replace(" ", "")}, "every_seconds": 86_400}
    assert service.runner.post("/v1/schedules", json=planned).status_code == 201
    return service


def test_no_text_of_a_client_becomes_a_program(poisoned: LiveService, browsers: Browsers) -> None:
    client, shown = browsers.of("admin"), 0
    jobs = [f"/queue/{job['id']}" for job in poisoned.reader.get("/v1/jobs").json()["jobs"]]
    pages = [path for method, path in routes(poisoned) if method == "GET" and not path.startswith("/v1")]
    for path in [*pages, *jobs]:
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(path, headers=headers)
            assert answer.status_code < 500, path
            text = answer.text
            assert SCRIPT not in text, path
            shown += "&lt;script&gt;alert(1)" in text
    assert shown >= 8, "it was shown at all, escaped"


def test_what_is_understood_of_a_file_is_shown_as_text(browsers: Browsers) -> None:
    client = browsers.of("run")
    bad = (f"{SCRIPT}.csv", f"Date,{SCRIPT}\n1,2\n")
    good = (f"{SCRIPT}.csv", "Date,Open,High,Low,Close,<img src=x onerror=alert(1)>\n" + "".join(
        f"2024-01-01 {hour:02d}:00,10,12,9,1{hour % 2},5\n" for hour in range(24)
    ))  # fmt: skip
    for file in (bad, good):
        for said in ({}, {"symbol": SCRIPT}):
            text = client.post("/data/upload", files={"file": file}, data=said).text
            assert SCRIPT not in text
            assert "<img" not in text
            assert "&lt;" in text or (file is good and not said)


def test_a_problem_repeats_no_markup(browsers: Browsers) -> None:
    client = browsers.of("admin")
    for path in (f"/data/{SCRIPT}", f"/runs/{SCRIPT}", f"/queue?state={SCRIPT}", f"/login?to={SCRIPT}"):
        for headers in ({}, {"HX-Request": "true"}):
            assert SCRIPT not in client.get(path, headers=headers).text


def test_a_key_stands_in_no_log_no_list_and_no_file(
    service: LiveService, browsers: Browsers, capfd: pytest.CaptureFixture[str]
) -> None:
    made = service.admin.post("/v1/keys", json={"name": "seen once", "scope": "read"}).json()
    wrong = fresh_key()
    for key in (made["key"], wrong):
        service.stranger.get("/v1/jobs", headers={"Authorization": f"Bearer {key}"})
        browsers.stranger().post("/login", data={"key": key})
    said = "".join(capfd.readouterr())
    listed = service.admin.get("/v1/keys").text + browsers.of("admin").get("/keys").text
    secret = service.store.keys.find(made["key"])
    assert secret is not None
    for hidden in (made["key"], wrong, secret.session_secret):
        assert hidden not in said
        assert hidden not in listed
    held = [file.read_bytes() for file in Path(service.settings.home).rglob("*") if file.is_file()]
    assert held
    assert all(made["key"].encode() not in content for content in held)


def test_secrets_are_compared_in_constant_time(browsers: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []

    def watched(given: bytes, expected: bytes) -> bool:
        compared.append(given)
        return hmac.compare_digest(given, expected)

    class Watched:
        compare_digest = staticmethod(watched)
        new = staticmethod(hmac.new)

    monkeypatch.setattr(access, "hmac", Watched)
    monkeypatch.setattr(sessions, "hmac", Watched)
    client = browsers.of("admin")
    client.post("/v1/keys/999/revoke")
    client.post("/keys/999/revoke")
    cookie = client.headers["cookie"].partition("=")[2]
    assert cookie.rpartition(".")[2].encode() in compared, "of a session"
    assert csrf_token(cookie).encode() in compared, "of a page"


@pytest.mark.parametrize("path", ["/v1/datasets", "/v1/datasets/describe", "/data/upload"])
@pytest.mark.parametrize("scope", ["", "read"])
def test_a_file_is_refused_before_it_is_read(service: LiveService, path: str, scope: str) -> None:
    host, _, port = service.address.removeprefix("http://").partition(":")
    key = f"Authorization: Bearer {service.keys['read']}\r\n" if scope else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\n{key}Content-Type: multipart/form-data; boundary=x\r\n"
        "Content-Length: 9999999\r\n\r\n--x\r\n"
        'Content-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    )
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head.encode())
        # The rest never comes, and nobody waits for it.
        answer = connection.recv(100).decode()
    expected = {"/data/upload": "303"}.get(path, "403" if scope else "401")
    assert answer.startswith(f"HTTP/1.1 {expected}")
