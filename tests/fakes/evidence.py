"""A history and the log of what was acknowledged of it, for the outside checker."""

import io
import json
import sqlite3
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.validation.check_history import main


@dataclass(frozen=True)
class Evidence:
    """A finished run of three generations, and the log of what was acknowledged of it."""

    history: Path
    log: Path
    digest: str

    def change(self, *statements: str) -> None:
        """Do to the tables what no product would."""
        connection = sqlite3.connect(self.history)
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    def write_log(self, lines: list[str]) -> None:
        """Put other lines into the log."""
        self.log.write_text("".join(line + "\n" for line in lines), encoding="utf-8")

    @property
    def lines(self) -> list[str]:
        """The log's lines."""
        return self.log.read_text(encoding="utf-8").splitlines()

    def check(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Run the checker; return its exit code and document."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main([*self.flags, *arguments])
        return code, json.loads(out.getvalue()) if out.getvalue() else {"stderr": err.getvalue()}

    @property
    def flags(self) -> list[str]:
        """Where everything is."""
        return ["--database-url", f"sqlite:///{self.history}", "--log", str(self.log)]

    def findings(self, *arguments: str) -> set[str]:
        """Return the names of what the checker found, which must agree with its exit code."""
        code, document = self.check(*arguments)
        names = {finding["finding"] for finding in document["findings"]}
        assert (code, document["passed"]) == ((5, False) if names else (0, True))
        return names
