"""Export a genome of a past run as the files of another program."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from genepool.errors import ConfigError
from genepool.ports.export_targets import CertifiedTarget, ExportedChampion, ExportTarget
from genepool.strategies import seed_strategies
from genepool.usecases.document import Document
from genepool.usecases.exported_champion import exported_champion
from genepool.usecases.genome_of_run import Which
from genepool.usecases.past_run import PastRun

# In every export: what it is, and which files belong to it.
MANIFEST = "genepool-export.json"
MANIFEST_SCHEMA = "genepool/export/1"
CERTIFICATE_FILES = ("certificate.json", "certificate.md")

# Lays files into a folder, whole or not at all.
LayFiles = Callable[[Path, Mapping[str, str]], None]
# Returns the certificate's files of a genome, by target, fingerprint and digest of the program; none without.
KeptCertificates = Callable[[str, str, str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class TargetExport(Document):
    """Files that were written for another program.

    Parameters
    ----------
    files
        Their paths, in the folder.
    certified
        Whether a certificate lies among them.
    """

    run: str
    rank: int
    fingerprint: str
    target: str
    folder: str
    files: Sequence[str]
    certified: bool


@dataclass(frozen=True, slots=True)
class OfferedTarget(Document):
    """A program that a genome may be exported to.

    Parameters
    ----------
    refused
        Why it cannot be, in one sentence; None where it can.
    certified
        Whether the export carries a certificate.
    """

    name: str
    summary: str
    refused: str | None
    certified: bool


@dataclass(frozen=True, slots=True)
class OfferedTargets(Document):
    """Every program that a genome may be exported to."""

    run: str
    rank: int
    fingerprint: str
    targets: Sequence[OfferedTarget]


@dataclass(frozen=True, slots=True)
class ExportPrograms:
    """Everything that genomes can be exported to.

    Parameters
    ----------
    targets
        By name.
    lay
        Writes the files of an export.
    kept
        Finds the certificate that was made before.
    """

    targets: Mapping[str, ExportTarget]
    lay: LayFiles
    kept: KeptCertificates

    def target(self, name: str) -> ExportTarget:
        """Return a target by its name.

        Raises
        ------
        ConfigError
            When there is none.
        """
        if name not in self.targets:
            raise ConfigError(f"there is no export target {name!r}: choose from {', '.join(self.targets)}")
        return self.targets[name]


def refusal_of(target: ExportTarget, champion: ExportedChampion) -> str | None:
    """Return why a genome cannot be exported to a target, in one sentence; None when it can."""
    if isinstance(target, CertifiedTarget) and champion.strategy not in seed_strategies():
        return (
            f"{champion.strategy} is a strategy of your own, and {target.name} knows the rules of GenePool's "
            "seeds only: export it to json or csv"
        )
    return target.refusal(champion)


def offered_targets(past: PastRun, which: Which, programs: ExportPrograms) -> OfferedTargets:
    """Return every target with what it says of a genome of a run.

    Raises
    ------
    GenomeNotFound
        When there is no such genome.
    """
    champion = exported_champion(past, which, judged=False)
    offered = [_offered(champion, target, programs.kept) for target in programs.targets.values()]
    return OfferedTargets(champion.run, champion.rank, champion.fingerprint, offered)


def _offered(champion: ExportedChampion, target: ExportTarget, kept: KeptCertificates) -> OfferedTarget:
    refused = refusal_of(target, champion)
    certified = False
    if refused is None and isinstance(target, CertifiedTarget):
        digest = program_digest(target.files(champion))
        certified = bool(kept(target.name, champion.fingerprint, digest))
    return OfferedTarget(target.name, target.summary, refused, certified)


def files_of(champion: ExportedChampion, target: ExportTarget) -> dict[str, str]:
    """Return all files of an export, the manifest among them, by path.

    Raises
    ------
    ConfigError
        When the target refuses the genome; the message says why.
    DataError
        When it takes the run's candles, and they are not there.
    """
    if reason := refusal_of(target, champion):
        place = f"rank {champion.rank} of run {champion.run}"
        raise ConfigError(f"{place} cannot be exported to {target.name}: {reason}")
    files = dict(target.files(champion))
    manifest = {
        "schema": MANIFEST_SCHEMA,
        "target": target.name,
        "run": champion.run,
        "rank": champion.rank,
        "strategy": champion.strategy,
        "fingerprint": champion.fingerprint,
        "version": champion.version,
        "program_digest": program_digest(files),
        "files": sorted(files),
    }
    return {**files, MANIFEST: json.dumps(manifest, indent=2) + "\n"}


def program_digest(files: Mapping[str, str]) -> str:
    """Return 64 hexadecimal digits over what files do: lines of comment, such as the verdict, aside."""
    state = hashlib.sha256()
    for path in sorted(files):
        lines = [line for line in files[path].splitlines() if not line.lstrip().startswith(("#", "//"))]
        state.update(f"{path}\n{len(lines)}\n".encode())
        state.update("\n".join(lines).encode())
    return state.hexdigest()


def files_to_give(champion: ExportedChampion, to: str, programs: ExportPrograms) -> dict[str, str]:
    """Return all files of an export, and the certificate's where one was made for just this program.

    Raises
    ------
    ConfigError
        When there is no such target, or it refuses the genome.
    DataError
        As ``files_of``.
    """
    target = programs.target(to)
    files = files_of(champion, target)
    digest = json.loads(files[MANIFEST])["program_digest"]
    return {**files, **programs.kept(target.name, champion.fingerprint, digest)}


def export_target(
    past: PastRun, which: Which, to: str, folder: Path, programs: ExportPrograms
) -> TargetExport:
    """Write a genome as the files of another program, and return which.

    Parameters
    ----------
    past
        The run.
    which
        Place on the leaderboard, or fingerprint.
    to
        Name of the target.
    folder
        Where to.
    programs
        The targets.

    Raises
    ------
    GenomeNotFound
        When there is no such genome.
    ConfigError
        When there is no such target, it refuses the genome, or the folder cannot be written.
    DataError
        When the target takes the run's candles, and they are not there.
    """
    programs.target(to)
    champion = exported_champion(past, which)
    files = files_to_give(champion, to, programs)
    programs.lay(folder, files)
    return TargetExport(
        champion.run, champion.rank, champion.fingerprint, to, str(folder), sorted(files),
        certified=CERTIFICATE_FILES[0] in files,
    )  # fmt: skip
