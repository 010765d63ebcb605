"""Answers with a file that is written for one request, and deleted when it was sent."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi.responses import FileResponse
from starlette.types import Receive, Scope, Send
from typing_extensions import override


class DownloadOnce(FileResponse):
    """A file to keep; it is gone from here after the answer, however that ends.

    Parameters
    ----------
    write
        Writes the file at a path.
    name
        What the client's file is called, in any script.
    media_type
        What it is.
    """

    def __init__(self, write: Callable[[Path], object], name: str, media_type: str) -> None:
        self._folder = TemporaryDirectory(prefix="genepool-")
        file = Path(self._folder.name) / "file"
        try:
            write(file)
        except BaseException:
            self._folder.cleanup()
            raise
        super().__init__(file, media_type=media_type, filename=name)

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._folder.cleanup()
