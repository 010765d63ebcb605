"""Where the ledger's chains contradict themselves or the trials and looks that they tell of.

A part of the outside checker: how hashes are made is written down here once more, and no code is shared.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, inspect, text

from scripts.validation.log_lines import Finding, Row

_NO_HASH = "0" * 64
_OF_TRIALS = ("opening", "generation", "evaluations", "backtest", "imported")
_OF_LOOKS = ("look", "examined")
_SAID = ("market_digest", "number", "what", "trials", "digest", "note", "at", "previous")
_LOOKED = ("market_digest", "number", "question", "what", "run", "fingerprint", "at")
# A data set may have a million trials: so many rows are in memory at a time.
_ROWS = 10_000


def check_ledger(connection: Connection, markets: Collection[str] | None = None) -> list[Finding]:
    """Return what is wrong with the ledger.

    Parameters
    ----------
    connection
        The history; one of a layout without chains has nothing wrong with them.
    markets
        Digests of the data sets whose chains are checked; None for all.
    """
    if not inspect(connection).has_table("ledger_entries"):
        return []
    chains = _by_market(connection, "SELECT * FROM ledger_entries ORDER BY market_digest, number")
    heads = {row["market_digest"]: row for row in _rows(connection, "SELECT * FROM ledger_heads")}
    common = _by_market(connection, "SELECT digest AS market_digest, other FROM common_candles")
    tried = _rows(connection, "SELECT DISTINCT market_digest FROM ledger")
    looks = _looks(connection)
    known = {row["digest"]: _known(row) for row in _rows(connection, "SELECT * FROM markets")}
    there = {*chains, *heads, *looks, *known, *common, *(row["market_digest"] for row in tried)}
    found: list[Finding] = []
    for market in sorted(there if markets is None else there & set(markets)):
        entries = chains.get(market, [])
        found += _links(market, entries)
        found += _head(market, entries, heads.get(market))
        found += _trials(market, entries, connection)
        found += _told_looks(market, entries, looks.get(market, set()))
        found += _told_marks(market, entries, known.get(market))
        found += _told_common(market, entries, {row["other"] for row in common.get(market, ())})
    return found


def _links(market: str, entries: Sequence[Row]) -> Iterator[Finding]:
    previous, number = _NO_HASH, 0
    for entry in entries:
        place = int(entry["number"])
        if place != number + 1:
            detail = f"entries {number + 1} to {place - 1} are not there"
            yield _found("chain-entry-missing", market, detail)
        if _hash([entry[name] for name in _SAID]) != entry["hash"]:
            yield _found("chain-entry-changed", market, f"entry {place} is not what was hashed")
        if place == number + 1 and entry["previous"] != previous:
            yield _found("chain-broken", market, f"entry {place} does not follow entry {number}")
        previous, number = entry["hash"], place


def _head(market: str, entries: Sequence[Row], head: Row | None) -> Iterator[Finding]:
    newest = (int(entries[-1]["number"]), entries[-1]["hash"]) if entries else None
    noted = (int(head["number"]), head["hash"]) if head else None
    if newest != noted:
        where = [f"entry {one[0]}" if one else "nothing" for one in (newest, noted)]
        yield _found("chain-head-differs", market, f"it ends with {where[0]}, its head notes {where[1]}")


def _trials(market: str, entries: Sequence[Row], connection: Connection) -> Iterator[Finding]:
    told = {
        int(entry["number"]): (int(entry["trials"]), entry["digest"])
        for entry in entries
        if entry["what"] in _OF_TRIALS
    }
    stored = dict(_stored_trials(market, connection))
    for number in sorted(told.keys() | stored.keys()):
        (wanted, digest), (count, found) = told.get(number, (0, "")), stored.get(number, (0, ""))
        if wanted != count or (count and digest != found):
            detail = f"entry {number} tells of {wanted} trials, {count} are stored or some are others"
            yield _found("chain-trials-differ", market, detail)


def _stored_trials(market: str, connection: Connection) -> Iterator[tuple[int, tuple[int, str]]]:
    query = text(
        "SELECT entry, fingerprint, first_at FROM ledger WHERE market_digest = :market ORDER BY entry"
    )
    rows = connection.execute(query, {"market": market}, execution_options={"yield_per": _ROWS})
    for number, group in groupby(rows, itemgetter(0)):
        lines = sorted(f"{fingerprint} {at}" for _, fingerprint, at in group)
        yield int(number), (len(lines), _sha256("\n".join(lines)))


def _told_looks(market: str, entries: Sequence[Row], stored: set[str]) -> Iterator[Finding]:
    told = {entry["digest"] for entry in entries if entry["what"] in _OF_LOOKS}
    for digest in sorted(told ^ stored):
        which = "changed or deleted" if digest in told else "told of by no entry"
        yield _found("chain-looks-differ", market, f"a look at the sealed candles was {which}: {digest[:16]}")


def _told_marks(market: str, entries: Sequence[Row], stored: str | None) -> Iterator[Finding]:
    told = next((entry["digest"] for entry in reversed(entries) if entry["what"] == "known"), None)
    if told != stored:
        yield _found("chain-marks-differ", market, "its candles are known by other marks than an entry tells")


def _told_common(market: str, entries: Sequence[Row], stored: set[str]) -> Iterator[Finding]:
    told = {entry["note"] for entry in entries if entry["what"] == "joined"}
    for other in sorted(told ^ stored):
        which = "is no more noted" if other in told else "is told of by no entry"
        yield _found(
            "chain-common-differs", market, f"that data set {other[:12]} has the same candles {which}"
        )


def _looks(connection: Connection) -> dict[str, set[str]]:
    found = defaultdict[str, set[str]](set)
    if inspect(connection).has_table("sealed_looks"):
        for row in _rows(connection, "SELECT * FROM sealed_looks"):
            said: list[Any] = [row[name] for name in _LOOKED]
            found[row["market_digest"]].add(_hash(said))
            if row["sitting"] is not None:
                found[row["market_digest"]].add(_hash([*said, list(json.loads(row["sitting"]).values())]))
    return found


def _known(row: Row) -> str:
    return _sha256(f"{row['symbol']}\n{row['timeframe']}\n{row['marks']}")


def _by_market(connection: Connection, query: str) -> dict[str, list[Row]]:
    found = defaultdict[str, list[Row]](list)
    for row in _rows(connection, query):
        found[row["market_digest"]].append(row)
    return found


def _rows(connection: Connection, query: str) -> list[Row]:
    return [dict(row) for row in connection.execute(text(query)).mappings()]


def _hash(said: Sequence[Any]) -> str:
    return _sha256(json.dumps(said, separators=(",", ":")))


def _sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _found(finding: str, market: str, detail: str) -> Finding:
    return Finding(finding, "", f"the ledger of data set {market[:12]}: {detail}")
