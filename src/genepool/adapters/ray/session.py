"""The connection of this process to a Ray cluster."""

import logging
import signal
import socket
from collections.abc import Mapping
from typing import Any

import ray

from genepool.errors import ServiceUnavailable

NAMESPACE = "genepool"
_REACH_SECONDS = 10.0


class Session:
    """A connection; it is ended only if it was begun here.

    Parameters
    ----------
    address
        ``"auto"`` beside a node of the cluster, or the address of its head.
    runtime_env
        What Ray is to give the worker processes beside what their nodes have, in its own words.

    Raises
    ------
    ServiceUnavailable
        When the cluster does not answer, or does not let us in.
    """

    def __init__(self, address: str, runtime_env: Mapping[str, Any] | None = None) -> None:
        self._begun_here = not ray.is_initialized()
        if not self._begun_here:
            return
        on_terminate = signal.getsignal(signal.SIGTERM)
        try:
            _reach(address)
            ray.init(
                address=address,
                namespace=NAMESPACE,
                runtime_env=dict(runtime_env or {}),
                log_to_driver=False,
                logging_level=logging.WARNING,
            )
        except (ray.exceptions.RayError, OSError, RuntimeError, ValueError) as error:
            reason = str(error).strip().splitlines()[0]
            raise ServiceUnavailable(
                f"no Ray cluster answers at {address!r} ({reason}): start the workers (make up), check "
                "GENEPOOL_RAY_ADDRESS and RAY_AUTH_TOKEN_PATH, or run with --mode local"
            ) from error
        finally:
            if callable(on_terminate) and signal.getsignal(signal.SIGTERM) != on_terminate:
                # Ray replaces the handler; the program's own still decides what the signal means.
                signal.signal(signal.SIGTERM, on_terminate)

    def close(self) -> None:
        """End the connection; may be called twice."""
        if self._begun_here and ray.is_initialized():
            ray.shutdown()
        self._begun_here = False


def _reach(address: str) -> None:
    """Open a connection to a head given by host and port: Ray itself would try for minutes."""
    host, separator, port = address.rpartition(":")
    if separator and port.isdecimal() and "/" not in host:
        socket.create_connection((host, int(port)), timeout=_REACH_SECONDS).close()
