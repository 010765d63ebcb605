"""What ``genepool data`` shows of a data set, as a document and as tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from genepool.adapters.files.catalogue import DataEntry
from genepool.adapters.files.importing import ImportOptions
from genepool.backtest.caveats import too_few_years
from genepool.backtest.notation import DASH, share
from genepool.errors import DataError
from genepool.market.default_costs import DEFAULT_COSTS, describe_costs
from genepool.market.kinds import MarketKind
from genepool.market.provenance import DataSet, FundingNote
from genepool.market.survey import Survey, survey
from genepool.market.timeframes import utc
from genepool.usecases.describe_market import COLUMN_ORDER
from genepool.usecases.market_costs import market_of


def refused_document(data: str, options: ImportOptions, error: DataError) -> dict[str, Any]:
    """Return what was seen of a file that cannot be used, for JSON."""
    from genepool.adapters.files.reading import read_candles  # noqa: PLC0415 - it takes its time to load

    document = {"name": data, "usable": False, "problem": str(error)}
    try:
        raw, understood = read_candles(Path(data), options.reading)
    except DataError:
        return document
    stamps = raw.stamps
    return {
        **document,
        "candles": len(raw),
        "first": utc(stamps.min()) if len(raw) else None,
        "last": utc(stamps.max()) if len(raw) else None,
        "columns": [column for column in COLUMN_ORDER if getattr(raw, column) is not None],
        "read_from": dict(understood.columns),
        "unused": list(understood.unused),
        "layout": understood.layout,
    }


def data_table(name: str, data: DataSet) -> Table:
    """Return everything that is known of a data set, for people."""
    candles, origin, seen = data.candles, data.provenance, survey(data.candles)
    table = Table(title=_title(name, candles.synthetic), show_header=False, title_justify="left")
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    span = f"{utc(candles.stamps[0])} to {utc(candles.stamps[-1])}"
    short = too_few_years(len(candles) / seen.candles_per_year)
    rows = {
        "market": f"{candles.symbol}, {candles.timeframe} candles",
        "span": span,
        "candles": f"{len(candles):,} ({seen.candles_per_year:,.0f} a year)",
        "gaps": _gaps(seen, origin.calendar),
        "holidays": seen.closures.sentence(),
        "columns": _columns(data),
        "not used": ", ".join(origin.unused) or "nothing of note",
        "prices": f"{seen.lowest:g} to {seen.highest:g}",
        "volatility": f"{DASH}, since {short}" if short else f"{share(seen.volatility)} a year",
        "funding": _funding(seen, origin.funding),
        "costs": _costs(data),
        "worth a look": _oddities(seen),
        "repairs": "\n".join(origin.repairs) or "none",
        "layout": origin.layout or "made by genepool",
        "source": origin.source,
        "licence": origin.licence or "not stated",
        "digest": candles.digest,
    }
    for label, text in rows.items():
        table.add_row(label, text)
    return table


def entries_table(entries: Sequence[DataEntry]) -> Table:
    """Return the list, for people."""
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("name", no_wrap=True)
    for heading in ("kind", "market", "candles", "first", "last", "licence"):
        table.add_column(heading, justify="right" if heading == "candles" else "left")
    for entry in entries:
        label = entry.label
        if label is None:
            table.add_row(entry.name, entry.kind, Text("damaged: delete it and import it again", "red"))
            continue
        table.add_row(
            entry.name,
            "synthetic" if label.synthetic else entry.kind,
            f"{label.symbol} {label.timeframe}{' + funding' if 'funding' in label.columns else ''}",
            f"{label.candles:,}",
            utc(label.first)[:10],
            utc(label.last)[:10],
            label.provenance.licence or "not stated",
        )
    return table


def _title(name: str, synthetic: bool) -> Text:
    mark = " (synthetic: generated, no real market)" if synthetic else ""
    return Text.assemble(name, (mark, "bold yellow"))


def _gaps(seen: Survey, calendar: str) -> str:
    if not seen.gaps:
        return f"none ({calendar} calendar)"
    return (
        f"{seen.gaps:,} with {seen.missing:,} candles missing, the longest of {seen.longest_gap:,}; "
        f"{seen.unexpected_gaps:,} not explained by the {calendar} calendar"
    )


def _columns(data: DataSet) -> str:
    headers = dict(data.provenance.columns)
    held = [column for column in COLUMN_ORDER if column in data.candles.columns]
    return ", ".join(
        column if headers.get(column, column) == column else f"{column} (from {headers[column]})"
        for column in held
    )


def _costs(data: DataSet) -> str:
    market = market_of(data)
    if not market:
        return f"not known: evolve wants --market {'|'.join(MarketKind)}"
    return f"{describe_costs(DEFAULT_COSTS[market].costs)} (usual for {market}; --market says otherwise)"


def _funding(seen: Survey, note: FundingNote | None) -> str:
    if seen.funding_paid is None:
        return "none"
    paid = f"a constant long paid {seen.funding_paid:.2%} over the span"
    if note is None:
        return paid
    gaps = (
        f"{note.missing:,} missing, at most {note.longest_gap:,} in a row, counted as 0"
        if note.missing
        else "no gap"
    )
    return f"{note.rates:,} rates every {note.period} from {note.source}, {gaps}; {paid}"


def _oddities(seen: Survey) -> str:
    told = {
        "candles without trades": seen.zero_volume,
        "candles that repeat one of the 24 before exactly": seen.repeated,
        "returns of more than 50 times the median size": seen.jumps,
        "flat candles without volume of closed hours, which --drop-flat leaves out": seen.closed_flats,
        "jumps that look like splits which the prices do not hold": seen.split_jumps,
    }
    return "\n".join(f"{count:,} {what}" for what, count in told.items() if count) or "nothing"
