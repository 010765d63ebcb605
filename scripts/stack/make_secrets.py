"""Write the secrets that docker-compose.yml mounts, once: files that exist are left as they are.

The folder may be entered by its owner alone; its files may be read by anyone who gets at them. Compose
mounts each file by itself, with its owner and mode on this host, into containers that run as five
different users: mode 0600 would shut those out, and the folder keeps everybody else on this host away.
"""

import json
import secrets
import sys
from pathlib import Path

from scripts.stack.digests import digests, remember

FOLDER = Path(__file__).resolve().parents[2] / "secrets"
NAMES = (
    "ray_auth_token",
    "postgres_password",
    "grafana_reader_password",
    "grafana_admin_password",
    "exporter_password",
    "redis_password",
)
# The Redis exporter reads passwords by address.
DERIVED = "redis_exporter_passwords"
BYTES = 32


def write_secrets(folder: Path) -> list[str]:
    """Write what is missing, and return the names of what was written.

    Parameters
    ----------
    folder
        Made when it is not there; its mode becomes 0700.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    written = [name for name in NAMES if _written(folder / name, secrets.token_urlsafe(BYTES))]
    return written + ([DERIVED] if _derived(folder) else [])


def _written(path: Path, text: str) -> bool:
    # A folder stands there when Compose was started before the secret was made.
    if path.is_dir():
        path.rmdir()
    if path.exists() and path.read_text(encoding="utf-8").strip():
        return False
    path.write_text(text, encoding="utf-8")
    path.chmod(0o444)
    return True


def _derived(folder: Path) -> bool:
    password = (folder / "redis_password").read_text(encoding="utf-8").strip()
    wanted = json.dumps({"redis://redis:6379": password})
    path = folder / DERIVED
    if path.is_file() and path.read_text(encoding="utf-8") == wanted:
        return False
    path.unlink(missing_ok=True)
    return _written(path, wanted)


def main() -> int:
    """Write what is missing, and the digests of all into .env."""
    made = write_secrets(FOLDER)
    # What Compose mounts and finds missing is made by Docker, and then belongs to root.
    (FOLDER.parent / "data").mkdir(exist_ok=True)
    print(f"{FOLDER.name}/: " + (f"wrote {', '.join(made)}" if made else "all there, left as they are"))
    try:
        remember(FOLDER.parent / ".env", digests(FOLDER))
    except OSError as error:
        print(f"their digests cannot be written to .env ({error.strerror})", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
