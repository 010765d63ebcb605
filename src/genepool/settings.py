"""The environment, read once and checked."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
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
        default="",
        description="SQLAlchemy URL of the history; empty for SQLite inside the home folder.",
    )
    database_password_file: Path | None = Field(
        default=None, description="File with the password of the database, kept out of its URL."
    )
    keep_trials_days: float | None = Field(
        default=None,
        ge=0,
        description="Days after which a finished run keeps its champions and their lineage, but no other "
        "trial; unset to keep all.",
    )
    journal: Path | None = Field(
        default=None,
        description="Folder of the journal that bridges outages of a database; unset for home/journal.",
    )
    logs: Path | None = Field(
        default=None,
        description="Folder of the coordinator's log of acknowledged generations; unset for home/logs.",
    )
    redis_url: str = Field(
        default="",
        description="URL of a Redis that caches fitness, such as redis://redis:6379/0; empty for none.",
    )
    redis_password_file: Path | None = Field(
        default=None, description="File with the password of Redis, kept out of its URL."
    )
    service_url: str = Field(
        default="",
        description="Address of the coordinator that takes distributed runs; empty to coordinate here.",
    )
    service_key: SecretStr = Field(
        default=SecretStr(""), description="Key that `gp.Client` shows the service; empty for none."
    )
    queue_seconds: float = Field(
        default=60.0,
        gt=0,
        description="Seconds that a command waits for an idle or silent coordinator to take its run up.",
    )
    service_host: str = Field(default="127.0.0.1", description="Address that `genepool serve` listens on.")
    service_port: int = Field(
        default=8000, ge=1, le=65535, description="Port that `genepool serve` listens on."
    )
    allowed_hosts: str = Field(
        default="",
        description="Names besides localhost and its own that `genepool serve` is called by, separated by "
        "commas; numeric addresses always work.",
    )
    expected_nodes: int = Field(
        default=0, ge=0, description="Worker nodes that a full-strength cluster has; 0 to expect none."
    )
    cpu_price: float = Field(
        default=0.04, ge=0, description="Dollars that one CPU of a CPU-optimised worker costs an hour."
    )
    memory_price: float = Field(
        default=0.05, ge=0, description="Dollars that one CPU of a memory-optimised worker costs an hour."
    )
    budget: float = Field(
        default=0, ge=0, description="Dollars that may be spent before an alert; 0 for no limit."
    )
    grafana_url: str = Field(
        default="", description="Address of a Grafana that runs are annotated in; empty for none."
    )
    grafana_page: str = Field(
        default="", description="Address at which browsers reach Grafana; pages link there. Empty for none."
    )
    grafana_user: str = Field(default="admin", description="User of that Grafana, when there is no token.")
    grafana_password_file: Path | None = Field(default=None, description="File with that user's password.")
    grafana_token_file: Path | None = Field(
        default=None,
        description="File with a service account token of that Grafana; goes before the password.",
    )
    cpu_threads: int | None = Field(
        default=None, ge=1, le=1024, description="Worker processes at most; unset to read the machine."
    )
    cpu_budget: float | None = Field(
        default=None,
        ge=1,
        le=100,
        description="Percent of each machine's CPUs that may work; unset for 75, since others use them too. "
        "`genepool cluster budget` changes it in mid-run.",
    )
    ray_address: str = Field(
        default="", description="Address of a Ray cluster, `auto` beside a node of it; empty for none."
    )
    max_concurrent_symbols: int = Field(
        default=1, ge=1, le=64, description="Markets of one `genepool evolve` that are bred at once."
    )
    job_workers: int = Field(
        default=2,
        ge=2,
        le=64,
        description="Jobs that `genepool serve` does at once; one place is kept for interactive ones.",
    )
    log_level: str = Field(
        default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Lowest level logged."
    )

    @property
    def journal_folder(self) -> Path:
        """Folder of the journal."""
        return self.journal or self.home / "journal"

    @property
    def logs_folder(self) -> Path:
        """Folder of the log of acknowledged generations."""
        return self.logs or self.home / "logs"

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
