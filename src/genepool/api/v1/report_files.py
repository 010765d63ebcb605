"""Reports as they were written last, each in a sandbox of its own."""

from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

HTML: dict[str, Any] = {"content": {"text/html": {"schema": {"type": "string"}}}}
# A report holds style and script of its own, so it gets no session, no storage and no other page.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; sandbox allow-scripts"


def report_file(folder: Path, name: str, missing: str) -> HTMLResponse:
    """Return a report.

    Parameters
    ----------
    folder
        Of the reports.
    name
        Of the run, or of the batch.
    missing
        What to say when it has not been written.
    """
    try:
        page = (folder / f"{name}.html").read_bytes()
    except FileNotFoundError as error:
        raise HTTPException(404, missing) from error
    return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})
