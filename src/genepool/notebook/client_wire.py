"""What a client says to a service over HTTP: retried where that is safe, problems raised as exceptions."""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import httpx
from httpx_retries import Retry, RetryTransport
from httpx_sse import EventSource, ServerSentEvent, connect_sse

from genepool.errors import ConfigError, ServiceUnavailable
from genepool.notebook.client_problems import error_of

_CONNECT_SECONDS, _ANSWER_SECONDS = 10.0, 300.0
# The service says that it is there every 15 seconds.
_SILENT_SECONDS = 40.0
# Of these nothing was done.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout)
_TOO_MANY = (429,)
_EXAMPLE = "it looks like http://127.0.0.1:8000"


class Wire:
    """The connection to one service.

    Parameters
    ----------
    url
        Its address.
    key
        What opens it.
    patience
        Seconds that a request is repeated while a service that has answered before does not.
    """

    def __init__(self, url: str, key: str, patience: float) -> None:
        self.url = url
        self._patience = patience
        self._known = False
        try:
            self._http = httpx.Client(
                base_url=url,
                headers={"Authorization": f"Bearer {key}"},
                timeout=httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS),
                transport=RetryTransport(retry=_never()),
            )
        except (httpx.InvalidURL, ValueError) as error:
            raise ConfigError(f"{url!r} is no address of a service ({error}): {_EXAMPLE}") from error

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:  # noqa: ANN401 - as JSON has it
        """Ask for a document; asked again while the service is away."""
        return self._asked("GET", path, self._patient(), params=_given(query)).json()

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - as above
        """Have something done; asked again only while the service cannot be reached."""
        return self._asked("POST", path, self._careful(), json=body).json()

    def post_once(self, path: str, body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as above
        """Have something done once, however often it has to be asked for."""
        key = {"Idempotency-Key": secrets.token_urlsafe(24)}
        return self._asked("POST", path, self._patient(), json=body, headers=key).json()

    def change(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - as above
        """Change or delete what there is; asked again only while the service cannot be reached."""
        return self._asked(method, path, self._careful(), json=body).json()

    def send(self, path: str, fields: Mapping[str, Any], name: str, file: BinaryIO) -> Any:  # noqa: ANN401 - as above
        """Send a file with the fields of a form."""
        return self._asked("POST", path, self._careful(), data=fields, files={"file": (name, file)}).json()

    def download(self, path: str, file: Path) -> None:
        """Write what the service answers to a file, which is there once all of it is."""
        answer = self._asked("GET", path, self._patient())
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(answer.content)
        except OSError as error:
            raise ConfigError(f"{file} cannot be written: {error.strerror}") from error

    @contextmanager
    def events(self, mark: str, **query: Any) -> Iterator[Iterator[ServerSentEvent]]:  # noqa: ANN401 - words of a query
        """Yield what happens, from a mark on, as long as the connection lasts.

        Raises
        ------
        ServiceUnavailable
            When the service does not answer, hangs up or has no place for another listener.
        """
        headers = {"Last-Event-ID": mark} if mark else {}
        timeout = httpx.Timeout(_SILENT_SECONDS, connect=_CONNECT_SECONDS)
        with (
            self._telling(),
            connect_sse(
                self._http, "GET", "/v1/events", params=query, headers=headers, timeout=timeout
            ) as source,
        ):
            self._refuse(source.response)
            yield _heard(source)

    def _asked(self, method: str, path: str, retry: Retry, **asked: Any) -> httpx.Response:  # noqa: ANN401 - as httpx
        with self._telling():
            answer = self._http.request(method, path, extensions={"retry": retry}, **asked)
        self._refuse(answer)
        return answer

    def _refuse(self, answer: httpx.Response) -> None:
        self._known = True
        if answer.is_success:
            return
        with self._telling():
            answer.read()
        raise error_of(answer.status_code, _document(answer))

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise ConfigError(f"{self.url!r} is no address of a service ({error}): {_EXAMPLE}") from error
        except httpx.TransportError as error:
            reason = str(error) or type(error).__name__
            raise ServiceUnavailable(
                f"the service at {self.url} does not answer ({reason}): start it with `genepool serve`, "
                "or say where it is with url= or GENEPOOL_SERVICE_URL"
            ) from error

    def _patient(self) -> Retry:
        return self._retry(("GET", "POST"), Retry.RETRYABLE_EXCEPTIONS, Retry.RETRYABLE_STATUS_CODES)

    def _careful(self) -> Retry:
        return self._retry(("POST", "PATCH", "DELETE"), _NOT_SENT, _TOO_MANY)

    def _retry(
        self, methods: Sequence[str], exceptions: Sequence[type[Exception]], statuses: Collection[int]
    ) -> Retry:
        if self._patience <= 0:
            return _never()
        return Retry(
            total=1_000,
            allowed_methods=methods,
            status_forcelist=statuses,
            # Who mistyped the address is told at once.
            retry_on_exceptions=exceptions if self._known else (),
            total_timeout=self._patience,
            backoff_factor=0.25,
            backoff_jitter=0.5,
            max_backoff_wait=5.0,
        )


def _never() -> Retry:
    return Retry(total=0)


def _given(query: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value is not None}


def _heard(source: EventSource) -> Iterator[ServerSentEvent]:
    if "text/event-stream" not in source.response.headers.get("content-type", ""):
        raise ServiceUnavailable("what answers in the place of the service passes no events on")
    yield from source.iter_sse()


def _document(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
