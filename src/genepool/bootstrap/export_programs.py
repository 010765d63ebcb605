"""What a genome can be exported to, and where the certificates of such exports are kept."""

from genepool.adapters.export.certificates import KeptCertificateFiles
from genepool.adapters.export.targets import export_targets
from genepool.adapters.export.whole_folder import lay_files
from genepool.settings import Settings
from genepool.usecases.export_target import ExportPrograms

_CERTIFICATES = "certificates"


def kept_certificates(settings: Settings) -> KeptCertificateFiles:
    """Return the certificates in this machine's home folder."""
    return KeptCertificateFiles(settings.home / _CERTIFICATES)


def export_programs(settings: Settings) -> ExportPrograms:
    """Return every target, what lays its files, and what finds their certificates."""
    return ExportPrograms(export_targets(), lay_files, kept_certificates(settings).files)
