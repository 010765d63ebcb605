"""Certificates as files: written beside an export, and kept for later exports of the same program."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from genepool.adapters.export.whole_file import whole_file
from genepool.usecases.certificate_page import certificate_page
from genepool.usecases.certify_champion import Certificate
from genepool.usecases.export_target import CERTIFICATE_FILES


def certificate_files(certificate: Certificate) -> dict[str, str]:
    """Return a certificate as ``certificate.json`` and as ``certificate.md`` for people."""
    document, page = CERTIFICATE_FILES
    text = json.dumps(certificate.as_json(), indent=2, allow_nan=False) + "\n"
    return {document: text, page: certificate_page(certificate)}


@dataclass(frozen=True, slots=True)
class KeptCertificateFiles:
    """The newest certificate of each genome and target, in a folder.

    Parameters
    ----------
    folder
        Where they are kept.
    """

    folder: Path

    def keep(self, certificate: Certificate) -> None:
        """Keep a certificate in place of an older one.

        Raises
        ------
        ConfigError
            When the folder cannot be written.
        """
        for name, text in certificate_files(certificate).items():
            with whole_file(self._place(certificate.target, certificate.fingerprint) / name) as stream:
                stream.write(text)

    def files(self, target: str, fingerprint: str, program_digest: str) -> Mapping[str, str]:
        """Return the files of a certificate, when one was made for just this program; none otherwise."""
        place = self._place(target, fingerprint)
        with suppress(OSError, ValueError, KeyError, TypeError):
            found = {name: (place / name).read_text(encoding="utf-8") for name in CERTIFICATE_FILES}
            if json.loads(found[CERTIFICATE_FILES[0]])["program_digest"] == program_digest:
                return found
        return {}

    def _place(self, target: str, fingerprint: str) -> Path:
        return self.folder / f"{fingerprint}-{target}"
