"""The command lines that a run can be resumed and repeated with."""

import shlex
from collections.abc import Sequence

from genepool.genome import is_own
from genepool.history import RunSpec
from genepool.market.default_costs import BASIS_POINTS
from genepool.market.split import PRESETS
from genepool.pool.python_call import reproduce_call

# What the program is called where nothing is known of who reads it.
PROGRAM = "genepool"
_BASIS_POINTS = {
    "--fee-bps": "taker_fee",
    "--maker-fee-bps": "maker_fee",
    "--slippage-bps": "slippage",
    "--spread-bps": "spread",
}
_SETTINGS = {
    "--population-size": "population_size",
    "--generations": "generations",
    "--max-evaluations": "evaluations",
    "--max-minutes": "minutes",
    "--plateau": "plateau",
}
_SPLIT = ("holdout", "in_sample", "folds", "purge", "embargo")


def resume_command(run: str, program: str = PROGRAM) -> str:
    """Return the command that resumes a run."""
    return f"{program} evolve --resume {shlex.quote(run)}"


def stop_command(run: str, program: str = PROGRAM) -> str:
    """Return the command that stops a run."""
    return f"{program} stop {shlex.quote(run)}"


def show_command(run: str, program: str = PROGRAM) -> str:
    """Return the command that shows a run."""
    return f"{program} show {shlex.quote(run)}"


def report_command(run: str, program: str = PROGRAM) -> str:
    """Return the command that writes a run's report."""
    return f"{program} report {shlex.quote(run)}"


def fleet_command(genomes: Sequence[str], program: str = PROGRAM) -> str:
    """Return the command that joins genomes, named by run and fingerprint, to a fleet."""
    return " ".join([f"{program} fleet", *map(shlex.quote, genomes)])


def reproduce_command(spec: RunSpec, program: str = PROGRAM) -> str:
    """Return the command that makes the same run again, quoted for a POSIX shell.

    Everything that a default could change later is spelled out. What repeats strategies of a user's own is
    a call from Python: no command has their source.

    Parameters
    ----------
    spec
        The run.
    program
        How the user calls the program; what is kept beside a run names it plainly.
    """
    if any(map(is_own, spec.strategies)):
        return reproduce_call(spec)
    flags: dict[str, object] = {"--data": spec.data}
    flags |= {"--preset": spec.preset} if spec.preset in PRESETS else {"--candles": spec.candles}
    flags |= {flag: getattr(spec.settings, name) for flag, name in _SETTINGS.items()}
    # A generation that was cut short is cut short again only where its budget ends there again.
    first, *later = (*spec.cut_at, spec.settings.evaluations)
    flags |= {"--max-evaluations": first}
    flags |= {"--seed": spec.seed, "--objective": spec.objective, "--optimizer": spec.settings.optimizer}
    flags |= {"--strategies": ",".join(spec.strategies)}
    flags |= {
        flag: f"{getattr(spec.costs, name) * BASIS_POINTS:.10g}" for flag, name in _BASIS_POINTS.items()
    }
    flags |= {"--max-leverage": spec.costs.max_leverage}
    flags |= {f"--{name.replace('_', '-')}": getattr(spec.split, name) for name in _SPLIT}
    held = [f"--holding {shlex.quote(one.name)}" for one in spec.holdings.genomes] if spec.holdings else []
    held += [f"--max-correlation {spec.holdings.limit}"] if spec.holdings else []
    written = [f"{flag} {shlex.quote(str(value))}" for flag, value in flags.items() if value is not None]
    enlarged = [f"&& {program} evolve --resume latest --max-evaluations {count}" for count in later]
    return " ".join([f"{program} evolve", *written, *held, *map(shlex.quote, spec.reading), *enlarged])
