"""``genepool certify``: a genome traded in another program, beside what it trades here."""

from pathlib import Path
from typing import Annotated

import typer

from genepool.adapters.export.certificates import certificate_files
from genepool.adapters.export.proving import ImageProver, PythonProver
from genepool.bootstrap.export_programs import export_programs, kept_certificates
from genepool.bootstrap.past_runs import open_past_run
from genepool.cli._output import print_json, screen, tell_doubt
from genepool.errors import ConfigError, TradedOtherwise
from genepool.ports.proofs import Prover
from genepool.program import program
from genepool.settings import load_settings
from genepool.usecases.certificate_page import verdict_sentence
from genepool.usecases.certify_champion import (
    Certificate,
    certified_target,
    certify_champion,
    proof_candles,
)
from genepool.usecases.export_target import files_of
from genepool.usecases.exported_champion import exported_champion

_SHIPPED = "btcusd_1h"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(certify)


def certify(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest.")],
    to: Annotated[str, typer.Option("--to", metavar="PROGRAM", help="The program; a wrong name lists all.")],
    rank: Annotated[int, typer.Option("--rank", help="Place on the leaderboard, 1 for the champion.")] = 1,
    python: Annotated[
        str, typer.Option("--python", metavar="PATH", help="Interpreter of an environment with the program.")
    ] = "",
    image: Annotated[bool, typer.Option("--image", help="Use the image of docker/certify.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for export and certificate.", show_default="results/RUN-PROGRAM"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Prove that another program trades a genome as GenePool does: every trade of both compared.

    It runs the program offline, on candles as they are and with their opens shaken by 0.3 %. Exit code 5
    where a trade differs.
    """
    settings = load_settings()
    programs = export_programs(settings)
    target = certified_target(programs.target(to), programs.targets)
    prove = _prover(to, python, image)
    with open_past_run(run, settings, tell_doubt, program()) as past:
        champion = exported_champion(past, rank)
        exported = files_of(champion, target)
        candles, told = proof_candles(past, champion, _SHIPPED)
        certificate = certify_champion(champion, target, candles, told, prove)
    folder = out or settings.results / f"{champion.run}-{to}{f'-{rank}' if rank > 1 else ''}"
    programs.lay(folder, {**exported, **certificate_files(certificate)})
    kept_certificates(settings).keep(certificate)
    _tell(certificate, folder, as_json)
    if certificate.different:
        raise TradedOtherwise(f"{verdict_sentence(certificate)} {folder / 'certificate.md'} names them")


def _prover(to: str, python: str, image: bool) -> Prover:
    if bool(python) == image:
        raise ConfigError(
            f"name what runs {to}: --python PATH, the interpreter of an environment with it and genepool, "
            "or --image for the image of docker/certify; docs/exports.md says how to get either"
        )
    # The proof runs in a folder of its own; a link of a virtual environment must stay one.
    file = Path(python).expanduser()
    return ImageProver(to) if image else PythonProver(str(file.absolute()) if file.is_file() else python)


def _tell(certificate: Certificate, folder: Path, as_json: bool) -> None:
    if as_json:
        print_json({**certificate.as_json(), "folder": str(folder)})
        return
    lines = [verdict_sentence(certificate)]
    for name, sample in certificate.samples.items():
        parity = sample.parity
        lines.append(f"  {name:<8} {parity.equal:,} of {parity.trades:,} equal, {sample.candles:,} candles")
    lines.append(f"export and certificate in {folder}")
    for line in lines:
        screen().print(line, soft_wrap=True, markup=False)
