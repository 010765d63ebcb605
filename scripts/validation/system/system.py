"""The system under validation: this laptop, or the stack."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from infrastructure.core.compose.stack import StackError
from scripts.validation.stack import ROOT, Stack, evolve_command

_CHECKER = ROOT / "scripts" / "validation" / "check_history.py"
_RUN_SECONDS = 1200
_REDIS_HITS = r'^genepool_cache_lookups_total\{result="hit"\} (\S+)$'


@dataclass
class System:
    """Runs evolutions and reads what is left of them.

    Parameters
    ----------
    mode
        ``"local"`` for this machine alone, ``"distributed"`` for the stack.
    folder
        Scratch folder of local runs.
    stack
        The stack, for distributed ones.

    Attributes
    ----------
    redis_hits
        Genomes of ``sample_again`` that Redis itself answered, not the history; 0 before, and on a laptop.
    """

    mode: Literal["local", "distributed"]
    folder: Path
    stack: Stack = field(default_factory=Stack)
    _mark: str = field(default_factory=lambda: f"validation-{time.time_ns() // 1_000_000}", init=False)
    _number: int = field(default=0, init=False)
    redis_hits: int = field(default=0, init=False)

    @cached_property
    def sample(self) -> dict[str, Any]:
        """The document of a small real evolution; made once."""
        return self.evolve()

    @cached_property
    def sample_again(self) -> dict[str, Any]:
        """The document of the same evolution, made a second time."""
        self.sample  # noqa: B018 - the first one comes first
        if self.mode == "local":
            return self.evolve()
        before = self._hits_of_redis()
        document = self.evolve()
        self.redis_hits = self._hits_of_redis() - before
        return document

    def evolve(self, **flags: object) -> dict[str, Any]:
        """Run an evolution to its end and return its document.

        Parameters
        ----------
        flags
            In place of the usual ones, underscores for hyphens.

        Raises
        ------
        StackError
            When it failed.
        """
        self._number += 1
        usual: dict[str, object] = {
            # A market of its own for each validation: the first run finds an empty cache.
            "data": f"synthetic:regimes:seed={int(self._mark.rpartition('-')[2]) % 1_000_000},candles=4000",
            "preset": "all",
            "population_size": 60,
            "generations": 4,
            "seed": 7,
            "mode": self.mode,
            "name": f"{self._mark}-{self._number}",
        }
        named = {name.replace("_", "-"): value for name, value in (usual | flags).items()}
        command = evolve_command(named, ["--json"])
        told = self._here(*command) if self.mode == "local" else self.stack.inside(*command)
        document: dict[str, Any] = json.loads(told)
        return document

    def check_history(self, *arguments: str) -> dict[str, Any]:
        """Return the document of the outside checker."""
        if self.mode == "distributed":
            return self.stack.check_history(*arguments)
        url = f"sqlite:///{self.folder / 'home' / 'genepool.sqlite'}"
        told = self._here("python", str(_CHECKER), "--database-url", url, *arguments, check=False)
        document: dict[str, Any] = json.loads(told)
        return document

    def cache_hits(self, run: str) -> int:
        """Return how many genomes of a run were answered by the cache."""
        joined = "generations JOIN runs ON runs.id = generations.run_id"
        statement = f"SELECT sum(cache_hits) FROM {joined} WHERE runs.name = '{run}'"  # noqa: S608 - our own name
        if self.mode == "distributed":
            return int(self.stack.query(statement)[0][0])
        connection = sqlite3.connect(self.folder / "home" / "genepool.sqlite")
        try:
            return int(connection.execute(statement).fetchone()[0])
        finally:
            connection.close()

    def _hits_of_redis(self) -> int:
        exported = re.search(_REDIS_HITS, self.stack.page("/metrics"), re.MULTILINE)
        return int(float(exported.group(1))) if exported else 0

    def _here(self, program: str, *arguments: str, check: bool = True) -> str:
        places = {
            "GENEPOOL_HOME": str(self.folder / "home"),
            "GENEPOOL_RESULTS": str(self.folder / "results"),
            "PYTHONPATH": str(ROOT),
        }
        done = subprocess.run(
            [sys.executable if program == "python" else program, *arguments],
            cwd=ROOT, env={**os.environ, **places}, capture_output=True, text=True, check=False,
            timeout=_RUN_SECONDS,
        )  # fmt: skip
        if check and done.returncode:
            raise StackError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.stdout)
        return done.stdout
