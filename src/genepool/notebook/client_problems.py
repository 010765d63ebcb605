"""The problems that a service tells, as the exceptions that are raised here over the same."""

from collections.abc import Mapping
from typing import Any

from genepool import errors
from genepool.errors import ConfigError, GenepoolError, ServiceUnavailable

# A problem of ours has the name of its class behind this.
_OURS = "urn:genepool:"
_BUSY, _FAULT = 429, 500


class NotOffered(ConfigError):  # noqa: N818 - reads as the sentence it becomes
    """The service has nothing at this address: no report was written, or it is an older service."""


def error_of(status: int, problem: Mapping[str, Any]) -> GenepoolError:
    """Return the exception of a problem (RFC 9457): of the class that its ``type`` names.

    Parameters
    ----------
    status
        Of the answer.
    problem
        The document; empty where what answers is no GenePool, such as a proxy.
    """
    said = str(problem.get("detail") or f"the service answers with status {status}")
    kind = getattr(errors, str(problem.get("type", "")).removeprefix(_OURS), None)
    if isinstance(kind, type) and issubclass(kind, GenepoolError):
        return kind(said)
    if status == 404:  # noqa: PLR2004 - a status
        return NotOffered(said)
    return (ServiceUnavailable if status == _BUSY or status >= _FAULT else ConfigError)(said)
