"""The application: its options, its commands, and what becomes of an error."""

import os
import signal
import sys
from types import FrameType

import typer
from rich.text import Text

from genepool.cli import version
from genepool.cli._commands import CommandsOnDemand
from genepool.cli._output import aside, bear_any_sign
from genepool.errors import GenepoolError, Interrupted

# The machine refused something that no other code speaks of, such as a full disk behind a redirection.
UNUSABLE = 1


def build() -> typer.Typer:
    """Return the application with all of its commands."""
    app = typer.Typer(
        name="genepool",
        cls=CommandsOnDemand,
        help="Evolve trading strategies on real market data, and judge which of the winners are real.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    version.register(app)
    return app


def run() -> None:
    """Run the application and leave with the documented exit code."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    bear_any_sign()
    try:
        build()(standalone_mode=True)
    except Interrupted as stopped:
        _tell(("stopped:", "yellow"), str(stopped))
        sys.exit(stopped.exit_code)
    except GenepoolError as error:
        _tell(("error:", "red"), str(error))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(Interrupted.exit_code)
    except OSError as error:
        # The interpreter flushes once more as it leaves, and would complain of the same again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        where = error.filename or "the output"
        _tell(("error:", "red"), f"{where} cannot be used: {error.strerror}")
        sys.exit(UNUSABLE)


def _tell(kind: tuple[str, str], text: str) -> None:
    aside().print(Text.assemble(kind, " ", text), soft_wrap=True)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
