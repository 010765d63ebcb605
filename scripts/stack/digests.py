"""Digests of the secrets: docker-compose.yml labels each container with those of the secrets that it mounts.

A container reads its secrets when it starts. Compose makes it anew when its labels change, and so when a
secret does. The digests stand in ``.env``, where every ``docker compose`` in the folder finds the same ones.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

PREFIX = "GENEPOOL_DIGEST_"
_REMARK = "# Digests of secrets/, written by `make secrets` and `make up`: whose secret changed is made anew."
_OURS = re.compile(rf"^(?:{PREFIX}\w+=.*|{re.escape(_REMARK)})$")
# Slow on purpose: a password of one's own choice could be guessed from a quick one.
_COST, _BLOCKS, _BYTES = 2**12, 8, 8


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of every secret in a folder, by the variable that names it."""
    files = sorted(path for path in folder.glob("*") if path.is_file())
    return {f"{PREFIX}{path.name.upper()}": _digest(path) for path in files}


def _digest(path: Path) -> str:
    salt = f"genepool {path.name}".encode()
    return hashlib.scrypt(path.read_bytes(), salt=salt, n=_COST, r=_BLOCKS, p=1, dklen=_BYTES).hex()


def remember(settings: Path, known: Mapping[str, str]) -> bool:
    """Write digests into a file of settings, whose other lines stay; return whether it had to be changed.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    old = settings.read_text(encoding="utf-8") if settings.exists() else ""
    others = [line for line in old.splitlines() if not _OURS.match(line)]
    new = "\n".join([*others, _REMARK, *(f"{name}={value}" for name, value in known.items())]) + "\n"
    if new == old:
        return False
    settings.write_text(new, encoding="utf-8")
    return True
