"""``genepool data``: import candles, describe them, list what there is."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from genepool.adapters.files.candle_store import save, store_folder
from genepool.adapters.files.catalogue import list_data, stored_path
from genepool.adapters.files.importing import import_file
from genepool.adapters.files.replacing import replaced_by
from genepool.cli import _data_flags as flag
from genepool.cli._data_kept import delete_command, preview_command
from genepool.cli._data_pages import (
    data_table,
    entries_table,
    refused_document,
)
from genepool.cli._download import add_download
from genepool.cli._output import print_json, screen, tell_doubt
from genepool.errors import DataError
from genepool.market.provenance import DataSet
from genepool.reading.advice import read_with_advice
from genepool.reading.bundles import with_bundles
from genepool.reading.file_candles import read_data, refuse_unused
from genepool.reading.file_shelf import FileShelf
from genepool.reading.flags import FileFlags
from genepool.reading.options import file_options
from genepool.settings import load_settings
from genepool.usecases.datasets import list_datasets
from genepool.usecases.describe_market import describe_market


def register(app: typer.Typer) -> None:
    """Add the ``data`` commands."""
    data_app = typer.Typer(no_args_is_help=True)
    data_app.command("import")(with_bundles(import_command))
    add_download(data_app)
    data_app.command("describe")(with_bundles(describe_command))
    data_app.command("list")(list_command)
    data_app.command("preview")(preview_command)
    data_app.command("delete")(delete_command)
    app.add_typer(data_app, name="data", help="Import or download candles, describe and list them.")


def import_command(
    file: Annotated[Path, typer.Argument(help="CSV, JSON, Parquet or feather.")],
    flags: FileFlags,
    replace: flag.Replace = False,
    source: flag.Source = "",
    licence: flag.Licence = "",
    json: flag.AsJson = False,
) -> None:
    """Check a file of candles and keep it under its symbol and timeframe."""
    data = read_with_advice(flags, lambda said: import_file(file, file_options(said, source, licence)))
    folder = store_folder(load_settings().home)
    replaced = replaced_by(data, folder, allowed=replace)
    name = save(data, folder, replacing=replace).stem
    if json:
        print_json(describe_market(name, data).as_json() | ({"replaced": replaced} if replaced else {}))
        return
    screen().print(Text.assemble("Imported as ", (name, "bold"), f": use it with --data {name}"))
    if replaced:
        screen().print(replaced, markup=False)
    screen().print(data_table(name, data))


def describe_command(
    data: Annotated[str, typer.Argument(help="A name from `genepool data list`, or a file.")],
    flags: FileFlags,
    json: flag.AsJson = False,
) -> None:
    """Say what was understood of a data set or a file, and keep nothing."""
    refuse_unused(data, load_settings().home, flags)
    held = _found(data, flags, json)
    stored = stored_path(data, load_settings().home)
    name = stored.stem if stored else data
    if json:
        print_json(describe_market(name, held).as_json())
    else:
        screen().print(data_table(name, held))


def list_command(json: flag.AsJson = False) -> None:
    """List the samples and imports that --data takes by name."""
    home = load_settings().home
    if json:
        print_json([entry.as_json() for entry in list_datasets(FileShelf(home))])
    else:
        screen().print(entries_table(list_data(home)))


def _found(data: str, flags: FileFlags, json: bool) -> DataSet:
    """Find and check a data set; with --json, what was seen of a refused file is printed all the same."""
    try:
        return read_data(data, load_settings().home, flags, tell_doubt)
    except DataError as error:
        if json and Path(data).is_file():
            print_json(refused_document(data, file_options(flags), error))
        raise
