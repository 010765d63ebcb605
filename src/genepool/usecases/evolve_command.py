"""The command that starts the run that a user describes elsewhere."""

import shlex
from dataclasses import fields

from genepool.pool.commands import PROGRAM
from genepool.usecases.run_rules import RunRules


def evolve_command(data: str, rules: RunRules, name: str = "", program: str = PROGRAM) -> str:
    """Return the command, quoted for a POSIX shell; what is as usual is left out.

    Parameters
    ----------
    data
        What the user calls the candles.
    rules
        What the run goes by.
    name
        Of the run; empty for one that is made up.
    program
        How the user calls the program.
    """
    flags = [
        (f"--{field.name.replace('_', '-')}", getattr(rules, field.name))
        for field in fields(rules)
        if getattr(rules, field.name) != field.default
    ]
    named = [("--name", name)] if name else []
    given = [("--data", data), *flags, *named]
    return " ".join([f"{program} evolve", *(f"{flag} {shlex.quote(_text(value))}" for flag, value in given)])


def _text(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)
