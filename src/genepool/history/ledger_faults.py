"""What is wrong with the ledger of a data set: its chain recomputed, and compared with what is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from genepool.history.ledger_entries import NO_HASH, OF_LOOKS, OF_TRIALS, LedgerEntry, entry_hash


@dataclass(frozen=True, slots=True)
class StoredChain:
    """The ledger of a data set as it is stored.

    Parameters
    ----------
    market_digest
        Of the data set.
    name
        Its first symbol and timeframe; None where nothing tells.
    head
        Number and hash of the newest entry, as noted beside the chain; None where none is.
    entries
        In the order of their numbers.
    trials
        By number of the entry that they name: how many there are, and their ``trials_digest``.
    known
        ``known_digest`` of what is remembered of the data set; None where nothing is.
    common
        Digests of the data sets that are noted as having candles in common with it.
    left_out
        Genomes that runs tried on it and that are not among its trials, by name of the run.
    looks
        Digests of the looks at its sealed candles, and of their outcomes.
    """

    market_digest: str
    name: tuple[str, str] | None
    head: tuple[int, str] | None
    entries: Sequence[LedgerEntry]
    trials: Mapping[int, tuple[int, str]]
    known: str | None
    common: frozenset[str]
    left_out: Mapping[str, int]
    looks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """Something that was changed by another hand than GenePool's.

    Parameters
    ----------
    market_digest, symbol, timeframe
        Of the data set.
    entry
        Number of the entry; None where no entry tells of it.
    what
        What differs, as the rest of a sentence.
    """

    market_digest: str
    symbol: str | None
    timeframe: str | None
    entry: int | None
    what: str


def faults_of(chain: StoredChain) -> Iterator[LedgerFault]:
    """Yield every fault of a chain, of entries first."""
    symbol, timeframe = chain.name or (None, None)
    for check in (_of_entries, _of_head, _of_trials, _of_market, _of_runs, _of_looks):
        for entry, what in check(chain):
            yield LedgerFault(chain.market_digest, symbol, timeframe, entry, what)


def _of_entries(chain: StoredChain) -> Iterator[tuple[int, str]]:
    # Where an entry is not what it was, the next one cannot follow it, and is not to blame.
    previous, following, sound = NO_HASH, 1, True
    for entry in chain.entries:
        if entry.number > following:
            yield following, _missing(following, entry.number - 1)
        follows = entry.previous == previous or entry.number > following or not sound
        sound = entry_hash(entry) == entry.hash
        if not sound:
            yield entry.number, _changed(entry, chain.entries)
        elif not follows:
            yield entry.number, "does not follow the entry before it: one of both was written anew"
        previous, following = entry.hash, entry.number + 1


def _missing(first: int, last: int) -> str:
    return "was deleted" if first == last else f"and all up to entry {last} were deleted"


def _changed(entry: LedgerEntry, entries: Sequence[LedgerEntry]) -> str:
    for other in range(1, entries[-1].number + 2):
        if entry_hash(replace(entry, number=other)) == entry.hash:
            return f"is what was entry {other}: it was moved"
    return "was changed: its hash is not that of what it says"


def _of_head(chain: StoredChain) -> Iterator[tuple[int | None, str]]:
    newest = chain.entries[-1] if chain.entries else None
    last = newest.number if newest else 0
    if chain.head is None:
        if newest:
            yield last, "is the newest, and the chain's head, which notes it, was deleted"
        return
    number, noted = chain.head
    if number > last:
        yield last + 1, _missing(last + 1, number)
    elif number < last:
        yield number + 1, "was added behind the newest entry that the chain's head notes"
    elif newest and newest.hash != noted:
        yield last, "is not the newest entry that the chain's head notes"


def _of_trials(chain: StoredChain) -> Iterator[tuple[int, str]]:
    entries = {entry.number: entry for entry in chain.entries if entry.what in OF_TRIALS}
    for number in sorted(entries.keys() | chain.trials.keys()):
        count, digest = chain.trials.get(number, (0, ""))
        if number not in entries:
            yield number, f"added no trials, and {count} name it"
        elif count != entries[number].trials:
            yield number, _other_count(entries[number].trials, count)
        elif count and digest != entries[number].digest:
            yield number, "added trials of which some were changed, in genome or time"


def _other_count(wanted: int, count: int) -> str:
    done = f"{wanted - count} were deleted or moved" if count < wanted else f"{count - wanted} were put in"
    return f"added {wanted} trials, and {count} are stored: {done}"


def _of_market(chain: StoredChain) -> Iterator[tuple[int | None, str]]:
    said, number = next(_newest_known(chain.entries), (None, None))
    if chain.known != said:
        changed = "was deleted" if chain.known is None else "was changed"
        yield number, f"told by which marks its candles are known: that {changed}"
    joined = {entry.note: entry.number for entry in chain.entries if entry.what == "joined"}
    for other in sorted(joined.keys() - chain.common):
        yield joined[other], f"joined data set {other[:12]}, and the note of their common candles was deleted"
    for other in sorted(chain.common - joined.keys()):
        yield None, f"no entry joined data set {other[:12]}, which is noted as having candles in common"


def _newest_known(entries: Sequence[LedgerEntry]) -> Iterator[tuple[str, int]]:
    return ((entry.digest, entry.number) for entry in reversed(entries) if entry.what == "known")


def _of_runs(chain: StoredChain) -> Iterator[tuple[None, str]]:
    for run, count in sorted(chain.left_out.items()):
        yield None, f"{count} genomes that run {run} tried are not among the trials"


def _of_looks(chain: StoredChain) -> Iterator[tuple[int | None, str]]:
    said = {entry.digest: entry.number for entry in chain.entries if entry.what in OF_LOOKS}
    for digest in sorted(said.keys() - chain.looks, key=said.__getitem__):
        yield said[digest], "told of a look at the sealed candles: that was changed or deleted"
    if chain.looks - said.keys():
        yield None, "looks at the sealed candles are stored that no entry tells of"
