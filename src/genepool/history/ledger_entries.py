"""The ledger as a chain: every change of what counts on a data set is an entry that names the one before it.

An entry's hash covers all of it and the hash of the entry before, so that no entry can be changed, removed,
added or moved without all later ones being written again (``docs/adr/0045``).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from typing import Literal, TypeAlias

EntryKind: TypeAlias = Literal[
    "opening",
    "generation",
    "evaluations",
    "backtest",
    "imported",
    "declared",
    "known",
    "joined",
    "look",
    "examined",
]
# Of what the user's own runs tried: what was there before there were chains, generations, and evaluations
# beside them (neighbours of a champion, genomes of a generation that was not finished).
BY_RUNS: tuple[EntryKind, ...] = ("opening", "generation", "evaluations")
# Their trials stand in the ledger, genome by genome.
OF_TRIALS: tuple[EntryKind, ...] = (*BY_RUNS, "backtest", "imported")
# A look at the sealed candles was counted, and what the champion of an exam showed was written.
OF_LOOKS: tuple[EntryKind, ...] = ("look", "examined")

# What the first entry of a chain names as the hash before it.
NO_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A change of what counts on a data set, before it has a place in the chain.

    Parameters
    ----------
    what
        Its kind.
    trials
        How many trials it adds; a data set that becomes known, or known again in another one, adds none.
    digest
        ``trials_digest`` of the trials, ``known_digest`` of the data set, or that of a look at the sealed
        candles; empty for the others.
    note
        What is said of it: a declaration's text, the name of a file, the digest of the other data set.
    at
        When, ISO 8601 in UTC.
    """

    what: EntryKind
    trials: int
    digest: str
    note: str
    at: str


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A link of the chain of a data set.

    Parameters
    ----------
    market_digest
        Of the data set.
    number
        Its place, from 1.
    what, trials, digest, note, at
        As ``NewEntry``.
    previous
        Hash of the entry before; ``NO_HASH`` of the first.
    hash
        ``entry_hash`` of all of this.
    """

    market_digest: str
    number: int
    what: EntryKind
    trials: int
    digest: str
    note: str
    at: str
    previous: str
    hash: str = ""


def linked(market_digest: str, number: int, new: NewEntry, previous: str) -> LedgerEntry:
    """Return a change as the next link of a chain."""
    said = new.what, new.trials, new.digest, new.note, new.at
    entry = LedgerEntry(market_digest, number, *said, previous)
    return replace(entry, hash=entry_hash(entry))


def entry_hash(entry: LedgerEntry) -> str:
    """Return the SHA-256 of an entry: all of its fields in their order but its own hash, as JSON."""
    return _sha256(json.dumps(astuple(entry)[:-1], separators=(",", ":")))


def trials_digest(trials: Iterable[tuple[str, str]]) -> str:
    """Return the SHA-256 of trials: of each fingerprint and time, a line for each, sorted."""
    return _sha256("\n".join(sorted(f"{fingerprint} {first_at}" for fingerprint, first_at in trials)))


def known_digest(symbol: str, timeframe: str, marks: str) -> str:
    """Return the SHA-256 of what is remembered of a data set: its first name, and its marks as stored."""
    return _sha256(f"{symbol}\n{timeframe}\n{marks}")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
