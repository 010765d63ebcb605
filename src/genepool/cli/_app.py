"""The application: every module of this package that has a ``register`` adds its commands."""

import os
import signal
import sys
from types import FrameType, FunctionType

import typer
from rich.text import Text

import genepool.cli
from genepool.cli._output import aside, bear_any_sign
from genepool.errors import GenepoolError, Interrupted
from genepool.logs import configure
from genepool.plugins import discover
from genepool.settings import load_settings

# The machine refused something that no other code speaks of, such as a full disk behind a redirection.
UNUSABLE = 1


def build() -> typer.Typer:
    """Return the application with all of its commands."""
    app = typer.Typer(
        name="genepool",
        help="Evolve trading strategies on real market data, and judge which of the winners are real.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    for register in discover(genepool.cli, "register", FunctionType).values():
        register(app)
    return app


def run() -> None:
    """Run the application and leave with the documented exit code."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    bear_any_sign()
    try:
        configure(level=load_settings().log_level)
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
