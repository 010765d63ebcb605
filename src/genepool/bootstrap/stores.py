"""The history, and the caches in front of it."""

import uuid
from pathlib import Path

from genepool.adapters.store import SqlStore, open_sql_store
from genepool.errors import ConfigError, StoreError
from genepool.settings import Settings
from genepool.small_files import Unfit, read_small

_MOST_SECRET_BYTES = 10_000


def open_store(settings: Settings, owner: str | None = None) -> SqlStore:
    """Open the history that the settings name.

    Parameters
    ----------
    settings
        They name it.
    owner
        Name of the coordinator; one that restarts under the same name claims its runs again at once.
        None for this process alone.

    Raises
    ------
    ConfigError
        When they name no database that this version can use.
    StoreError
        When it cannot be opened; the message says what to do.
    """
    return open_sql_store(
        settings.history_url,
        password=secret_of(settings.database_password_file, "GENEPOOL_DATABASE_PASSWORD_FILE"),
        owner=owner,
    )


def secret_of(file: Path | None, variable: str) -> str | None:
    """Return what a secret file holds, None without one.

    Raises
    ------
    ConfigError
        When it cannot be read.
    """
    if file is None:
        return None
    try:
        return read_small(file, _MOST_SECRET_BYTES).strip()
    except OSError as error:
        raise ConfigError(
            f"{variable} names {file}, which cannot be read ({error.strerror}): `make secrets` writes it"
        ) from error
    except (UnicodeError, Unfit) as error:
        reason = str(error) if isinstance(error, Unfit) else "is no text"
        raise ConfigError(f"{variable} names {file}, which {reason}: `make secrets` writes it") from error


def coordinator_name(settings: Settings) -> str:
    """Return the name under which this machine's coordinator claims runs, the same after a restart.

    It stands in the journal's folder, which belongs to one coordinator at a time.

    Raises
    ------
    StoreError
        When it can be neither read nor written.
    """
    file = settings.journal_folder / "coordinator"
    try:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{uuid.uuid4()}\n", encoding="utf-8")
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise StoreError(
            f"cannot keep this coordinator's name in {file} ({error.strerror}): give this user write access"
        ) from error
