"""Sends a browser to another page after something was changed there."""

from fastapi.responses import Response


def moved_to(address: str) -> Response:
    """Return the answer that has htmx open an address of this service."""
    return Response(status_code=204, headers={"HX-Redirect": address})
