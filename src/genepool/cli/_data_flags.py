"""Flags of the ``data`` commands that do not say how a file is read."""

from typing import Annotated

import typer

Replace = Annotated[bool, typer.Option("--replace", help="Put the candles in the place of another market's.")]
Source = Annotated[str, typer.Option(help="Where the data come from, to be kept with them.")]
Licence = Annotated[str, typer.Option(help="Under which the source gives them, to be kept with them.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]
