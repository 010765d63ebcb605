"""The environment, read once and checked."""

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from genepool.errors import ConfigError


class Settings(BaseSettings):
    """What the environment decides; every field is the variable GENEPOOL_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix="GENEPOOL_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    home: Path = Field(
        default=Path("data"), description="Folder of imported candles and of the embedded history."
    )
    results: Path = Field(
        default=Path("results"), description="Folder that reports and exports are written to."
    )
    database_url: str = Field(
        default="", description="SQLAlchemy URL of the history; empty for SQLite inside the home folder."
    )
    cpu_threads: int | None = Field(
        default=None, ge=1, le=1024, description="Worker processes at most; unset to read the machine."
    )
    ray_address: str = Field(default="", description="Address of a Ray cluster; empty for none.")
    log_level: str = Field(
        default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Lowest level logged."
    )

    @property
    def history_url(self) -> str:
        """SQLAlchemy URL of the evolution history."""
        return self.database_url or f"sqlite:///{self.home / 'genepool.sqlite'}"


def load_settings() -> Settings:
    """Read the environment.

    Raises
    ------
    ConfigError
        When a variable has an impossible value; the message names it.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "GENEPOOL_" + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigError(f"{name} is {first['input']!r}: {first['msg'].lower()}") from error
