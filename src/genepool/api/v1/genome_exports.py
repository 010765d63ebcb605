"""``/v1/runs/{run}/genomes/{genome}/exports``: a genome as the files of another program."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from genepool.adapters.export.zipped import write_zip
from genepool.api.access import Gate
from genepool.api.downloads import DownloadOnce
from genepool.api.problems import answers
from genepool.api.v1.etags import UNCHANGED, IfNoneMatch, tagged
from genepool.api.v1.genomes import Named, which
from genepool.api.v1.models import model_of
from genepool.api.v1.run_names import OpenRun, RunName
from genepool.usecases.export_target import ExportPrograms, OfferedTargets, files_to_give, offered_targets
from genepool.usecases.exported_champion import exported_champion

Target = Annotated[
    str, Path(pattern="^[a-z][a-z0-9_]{0,39}$", description="Name of the program, as `--to` takes it.")
]
_ZIP = "application/zip"
_FILES: dict[str, Any] = {"content": {_ZIP: {"schema": {"type": "string", "format": "binary"}}}}


def routes(gate: Gate, open_run: OpenRun, programs: ExportPrograms) -> APIRouter:
    """Return the routes of a genome's exports.

    Parameters
    ----------
    gate
        Who may ask.
    open_run
        Opens a recorded run.
    programs
        What it can be exported to.
    """
    router = APIRouter(
        prefix="/runs/{run}/genomes/{genome}/exports", tags=["genomes"], dependencies=[Depends(gate.reads)]
    )

    @router.get("", responses={200: {"model": model_of(OfferedTargets)}, **UNCHANGED, **answers(404)})
    def offered(run: RunName, genome: Named, if_none_match: IfNoneMatch = "") -> Response:
        """List the programs that it can be exported to, and why it cannot be to others."""
        return tagged(offered_targets(open_run(run), which(genome), programs), if_none_match)

    @router.get("/{target}", response_class=Response, responses={200: _FILES, **answers(404, 422)})
    def download(run: RunName, genome: Named, target: Target) -> DownloadOnce:
        """Download the files of a program as a zip file, with the certificate where one was made."""
        programs.target(target)
        champion = exported_champion(open_run(run), which(genome))
        files = files_to_give(champion, target, programs)
        stem = f"{champion.run}-{target}" + (f"-{champion.rank}" if champion.rank > 1 else "")
        folder = f"{champion.fingerprint}-{target}"
        return DownloadOnce(partial(write_zip, folder=folder, files=files), f"{stem}.zip", media_type=_ZIP)

    return router
