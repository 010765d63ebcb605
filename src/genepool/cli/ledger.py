"""``genepool ledger``: what was ever tried on each market, and whether the count can be trusted."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from genepool.bootstrap.stores import open_store
from genepool.cli._ledger_pages import account_lines, ledgers_table, verified_lines
from genepool.cli._output import print_json, screen, tell_doubt
from genepool.errors import LedgerChanged
from genepool.market.candles import Candles
from genepool.program import program
from genepool.reading.bundles import with_bundles
from genepool.reading.file_candles import read_data, refuse_unused
from genepool.reading.flags import FileFlags
from genepool.reading.outside_trials import read_outside_trials
from genepool.robustness.known_market import known_market
from genepool.robustness.ledger import KnownMarket
from genepool.settings import load_settings
from genepool.usecases.document import Document
from genepool.usecases.explain_ledger import LedgerInWords, explain_ledger
from genepool.usecases.ledger_market import market_meant
from genepool.usecases.outside_trials import MOST_TRIALS, declare_trials, import_trials
from genepool.usecases.page_counts import LONGEST_PAGE
from genepool.usecases.show_ledger import ShownLedger, show_ledger
from genepool.usecases.verify_ledger import verify_ledger

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Market = Annotated[
    str | None,
    typer.Argument(metavar="[MARKET]", help="Symbol or digest in the ledger, data set, or file of candles."),
]


Data = Annotated[
    str,
    typer.Option(
        "--data", help="Sample, import, synthetic market or file of candles that they were made on."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True)
    group.command("show")(with_bundles(show))
    group.command("declare")(with_bundles(declare))
    group.command("import")(with_bundles(import_command))
    group.command("verify")(verify)
    app.add_typer(
        group, name="ledger", help="Count what was ever tried on each market, and verify the count."
    )


def show(named: Market = None, *, flags: FileFlags, as_json: AsJson = False) -> None:
    """Show how many trials count on a market, by whom, and what luck makes of so many; or all markets."""
    with closing(open_store(load_settings())) as store:
        if named is not None:
            market = market_meant(named, store.ledger_book, lambda word: _candles(word, flags))
            _print_account(show_ledger(store.ledger_book, market), as_json)
        else:
            _print_list(explain_ledger(store.ledger_book, store, 0, LONGEST_PAGE), as_json)


def declare(
    trials: Annotated[int, typer.Argument(metavar="N", min=1, max=MOST_TRIALS, help="How many trials.")],
    data: Data,
    flags: FileFlags,
    note: Annotated[str, typer.Option(help="What they were, to be kept with them.")] = "",
    as_json: AsJson = False,
) -> None:
    """Count trials that were made elsewhere on the same candles; what is declared stays counted."""
    market = known_market(_candles(data, flags))
    with closing(open_store(load_settings())) as store:
        said = declare_trials(trials, market, note, store.ledger_book)
    sentence = f"{said.declared:,} trials are declared on {_named(market)}: {said.trials:,} count there now"
    _tell(said, sentence, as_json)


def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Of freqtrade (.fthypt) or Optuna (SQLite).")],
    data: Data,
    flags: FileFlags,
    study: Annotated[
        str | None, typer.Option(metavar="NAME", help="Study of Optuna, where the file holds several.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Count the trials of freqtrade's hyperopt or an Optuna study, each once however often it is imported."""
    found = read_outside_trials(file, study)
    market = known_market(_candles(data, flags))
    with closing(open_store(load_settings())) as store:
        said = import_trials(found, file.name, market, store.ledger_book)
    sentence = (
        f"{said.added:,} trials are new, of {said.read:,} in {said.source} of which {said.different:,} "
        f"differ: {said.trials:,} count on {_named(market)} now"
    )
    _tell(said, sentence, as_json)


def verify(
    noted: Annotated[
        list[str], typer.Option(metavar="HASH", help="Of an entry, told by `ledger show`; may be repeated.")
    ] = [],  # noqa: B006 - typer copies it
    as_json: AsJson = False,
) -> None:
    """Recompute every chain and compare it with the stored trials; exit code 5 where something differs."""
    with closing(open_store(load_settings())) as store:
        found = verify_ledger(store.ledger_book, noted)
    if as_json:
        print_json(found.as_json())
    else:
        for line in verified_lines(found):
            screen().print(line, soft_wrap=True, markup=False)
    if not found.valid:
        count = len(found.faults) + len(found.lost)
        raise LedgerChanged(
            f"the ledger differs in {count} {'place' if count == 1 else 'places'} from what GenePool wrote: "
            "restore the history from a backup, or trust no verdict on these markets"
        )


def _print_account(shown: ShownLedger, as_json: bool) -> None:
    if as_json:
        print_json(shown.as_json())
        return
    for line in account_lines(shown):
        screen().print(line, soft_wrap=True, markup=False)


def _print_list(page: LedgerInWords, as_json: bool) -> None:
    if as_json:
        print_json(page.as_json())
    elif page.ledgers:
        screen().print(ledgers_table(page))
    else:
        screen().print(f"nothing was tried yet: start with `{program()} evolve`", soft_wrap=True)


def _tell(said: Document, sentence: str, as_json: bool) -> None:
    if as_json:
        print_json(said.as_json())
    else:
        screen().print(sentence, soft_wrap=True, markup=False)


def _named(market: KnownMarket) -> str:
    return f"{market.symbol} {market.timeframe}"


def _candles(word: str, flags: FileFlags) -> Candles:
    home = load_settings().home
    refuse_unused(word, home, flags)
    return read_data(word, home, flags, tell_doubt).candles
