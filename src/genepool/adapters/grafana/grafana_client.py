"""One Grafana behind grafana-api: generic calls, bounded in time, with errors in sentences."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from genepool.errors import ConfigError, ServiceUnavailable
from genepool.small_files import read_small

# Seconds for a connection, and as many for the next piece of an answer.
PATIENCE = 5.0
NOT_FOUND = 404
_MOST_SECRET_BYTES = 10_000


class Refused(ServiceUnavailable):
    """Grafana answered, and would not.

    Parameters
    ----------
    status
        HTTP status.
    reason
        What it said.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"Grafana refused with status {status}: {reason}")
        self.status = status
        self.reason = reason


class Grafana:
    """A Grafana that can be asked and told things; no call waits for it without end.

    Parameters
    ----------
    url
        Its address, such as ``http://grafana:3000``, with a path where it is served below one.
    credentials
        A service account's token, or user and password.
    patience
        Seconds for a connection, and as many for the next piece of an answer.

    Raises
    ------
    ConfigError
        When the address is none, or grafana-api is not installed.
    """

    def __init__(self, url: str, credentials: str | tuple[str, str], patience: float = PATIENCE) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise ConfigError(
                "GENEPOOL_GRAFANA_URL is not the address of a Grafana: write http://HOST:PORT, and put the "
                "password or token into the files of GENEPOOL_GRAFANA_PASSWORD_FILE or _TOKEN_FILE"
            )
        self.url = url
        path = parts.path.strip("/")
        self._api = _face()(
            auth=credentials,
            host=parts.netloc,
            protocol=parts.scheme,
            url_path_prefix=f"{path}/" if path else "",
            timeout=patience,
        ).api
        self._read_environment_once()

    def get(self, route: str) -> Any:  # noqa: ANN401 - whatever Grafana answers
        """Return what a route answers.

        Raises
        ------
        Refused
            When it answers with an error.
        ServiceUnavailable
            When it does not answer.
        """
        return self._call("GET", route)

    def post(self, route: str, document: object) -> Any:  # noqa: ANN401 - as above
        """Post a document and return the answer; it raises what ``get`` raises."""
        return self._call("POST", route, document)

    def close(self) -> None:
        """Let go of connections; may be called twice."""
        self._api.s.close()

    def _read_environment_once(self) -> None:
        # Marks are sent by another thread, and reading the environment there fails while this one changes it.
        session = self._api.s
        found = session.merge_environment_settings(self.url, {}, None, None, None)
        session.proxies, self._api.verify = found["proxies"], found["verify"]
        session.trust_env = False

    def _call(self, verb: str, route: str, document: object = None) -> Any:  # noqa: ANN401 - as above
        from grafana_api.grafana_api import GrafanaException  # noqa: PLC0415 - an optional extra
        from requests import RequestException  # noqa: PLC0415 - comes with it

        try:
            return getattr(self._api, verb)(route, json=document)
        except GrafanaException as error:
            raise Refused(error.status_code, _said(error.response)) from error
        except (RequestException, ValueError, TypeError) as error:
            # Besides failures of the network, grafana-api stumbles over answers that are no JSON.
            raise ServiceUnavailable(
                f"Grafana at {self.url} does not answer ({type(error).__name__}): see that it runs there"
            ) from error


def open_grafana(url: str, user: str, password_file: Path | None, token_file: Path | None) -> Grafana:
    """Return the Grafana that the settings name.

    Parameters
    ----------
    url, user, password_file, token_file
        As the settings' fields ``grafana_…``; a token goes before a password.

    Raises
    ------
    ConfigError
        When nothing names one, or a file cannot be read or is empty.
    """
    if not url:
        raise ConfigError("no Grafana is configured: set GENEPOOL_GRAFANA_URL to its address")
    if token_file is not None:
        return Grafana(url, _secret("GENEPOOL_GRAFANA_TOKEN_FILE", token_file))
    if password_file is not None:
        return Grafana(url, (user, _secret("GENEPOOL_GRAFANA_PASSWORD_FILE", password_file)))
    raise ConfigError(
        "there is no way into Grafana: set GENEPOOL_GRAFANA_TOKEN_FILE or GENEPOOL_GRAFANA_PASSWORD_FILE"
    )


def _secret(variable: str, path: Path) -> str:
    try:
        secret = read_small(path, _MOST_SECRET_BYTES).strip()
    except (OSError, ValueError) as error:
        raise ConfigError(f"{variable} names {path}, which cannot be read: {error}") from error
    # A header carries it.
    if not secret or not (secret.isprintable() and secret.isascii()):
        raise ConfigError(
            f"{variable} names {path}, which is not one line of plain characters: see its content"
        )
    return secret


def _face() -> Any:  # noqa: ANN401 - grafana-api is untyped
    try:
        from grafana_api.grafana_face import GrafanaFace  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise ConfigError("Grafana needs grafana-api: pip install 'genepool[grafana]'") from error
    return GrafanaFace


def _said(response: object) -> str:
    text = response.get("message") if isinstance(response, dict) else response
    return " ".join(str(text or "it gave no reason").split())[:300]
