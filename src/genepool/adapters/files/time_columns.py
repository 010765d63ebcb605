"""Which column holds the opening time, and which the time of day: by name, then by what it holds."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from genepool.adapters.files.header_names import NAMES, folded, listed, words
from genepool.adapters.files.headers import several

# Text of some cells at these positions, row by row.
Sample = Callable[[Sequence[int]], Sequence[Sequence[str]]]

_MONTH = r"[A-Za-z]{3,9}\.?"
_DAY = (
    r"(\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](\d{4}|\d{2})|(19|20)\d\d[01]\d[0-3]\d"
    rf"|\d{{1,2}}[- ]{_MONTH}[- ,]+\d{{2,4}}|{_MONTH} \d{{1,2}},? \d{{4}})"
)
_ZONE = r"( ?(Z|UTC|GMT|[+-]\d\d:?\d\d))*"
_CLOCK = r"\d{1,2}(:\d\d){1,2}([.,]\d+)?( ?[AaPp]\.?[Mm]\.?)?|\d{1,2}-[AaPp][Mm]"
_IS_DATE = re.compile(rf"{_DAY}([T ]+0?0:00(:00)?(\.0+)?)?{_ZONE}$")
_IS_CLOCK = re.compile(rf"({_CLOCK}){_ZONE}$")
_IS_STAMP = re.compile(
    rf"{_DAY}([T ,]+|, )({_CLOCK}|\d{{4}}|\d{{6}}){_ZONE}$|\d{{9,19}}(\.\d+)?$|\d\.\d+[eE]\+?\d+$"
)
_IS_CLOCK_IN_DIGITS = re.compile(r"\d{1,6}(\.0+)?$")
_IS_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3])[0-5]\d([0-5]\d)?$")
# Digits of a time of day, and the first number of four that is none.
HHMM, HHMMSS, DAY_IN_HHMM = 4, 6, 2400
_CLOCK_WORDS = frozenset(
    listed("time hhmm hhmmss timestamp clock hour hours zeit uhrzeit hora godzina heure ora czas")
)
_DATE_WORDS = frozenset(listed("date datetime time timestamp day datum fecha dtyyyymmdd yyyymmdd"))
# Words of columns that hold another time than that of the opening.
_OTHER_TIMES = frozenset(
    listed("close closing end last high low expiry expiration updated created settle finish")
)
_DAY_WORDS = frozenset(listed("date day datum fecha data yymmdd dtyymmdd"))
_IS_SHORT_DATE = re.compile(r"\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$")
# Names that a counter of rows bears as well.
_WEAK = frozenset(("index", "indexlevel0", "unnamed0"))
_MOST = 0.9


class Kind(Enum):
    """What a column's cells are; days that repeat each other are less than the time of a candle."""

    STAMP, DAY, DATE, CLOCK, OTHER = "stamp", "day", "date", "clock", "other"


DAYS = (Kind.DAY, Kind.DATE)


@dataclass(frozen=True)
class TimeColumns:
    """Position of the time, or of the date and of the time of day beside it."""

    position: int
    clock: int | None = None


def time_columns(
    headers: Sequence[str], taken: Sequence[int], sample: Sample, chosen: int | None, joins: bool
) -> TimeColumns | None:
    """Return where the time stands; None when nothing names it and no first column holds it.

    Parameters
    ----------
    headers
        A file's headers.
    taken
        Positions of other roles.
    sample
        Gives the text of some cells.
    chosen
        Position that the user named, if any.
    joins
        Whether a date may be joined with a time of day.

    Raises
    ------
    InvalidCandles
        When two columns hold times and differ in the capitals of their headers alone.
    """
    free = [i for i in range(len(headers)) if i not in taken]
    candidates = [i for i in _by_preference(headers) if i in free] if chosen is None else [chosen]
    clocks = [i for i in free if _names_a_clock(headers[i])]
    wanted = list(dict.fromkeys([*candidates, *clocks, *free[:1]]))
    if len(wanted) == len(candidates) == 1 and headers[candidates[0]].strip():
        return TimeColumns(candidates[0])
    kinds = _kinds(headers, wanted, sample)
    position = chosen if chosen is not None else _best(headers, candidates, clocks, free, kinds)
    if position is None:
        return None
    beside = _beside(position, clocks, kinds) if joins and kinds[position] in DAYS else []
    return TimeColumns(position, beside[0] if beside else None)


def kind_of(cells: Sequence[str]) -> Kind:
    """Return what most of these cells are; digits alone are a time of day only to a column named so."""
    texts = [cell.strip() for cell in cells if cell.strip()]
    for shape, kind in ((_IS_DATE, Kind.DATE), (_IS_STAMP, Kind.STAMP), (_IS_CLOCK, Kind.CLOCK)):
        if texts and sum(bool(shape.match(text)) for text in texts) >= _MOST * len(texts):
            return kind if kind is not Kind.DATE else _dates(texts)
    return Kind.OTHER


def _dates(texts: Sequence[str]) -> Kind:
    return Kind.DAY if len(set(texts)) >= _MOST * len(texts) else Kind.DATE


def may_be_clock(cells: Sequence[str]) -> bool:
    """Say whether cells may be times of day, of digits alone or not."""
    texts = [cell.strip() for cell in cells if cell.strip()]
    return bool(texts) and (kind_of(texts) is Kind.CLOCK or _digits_of_a_clock(texts))


def _by_preference(headers: Sequence[str]) -> list[int]:
    """Return the positions whose header may name the opening time, the likeliest first."""
    keys = [folded(header) for header in headers]
    named = [i for name in NAMES["time"] for i, key in enumerate(keys) if key == folded(name)]
    # Exchanges that write t, o, h, l and c keep T for the close, or for the market's name.
    small = {"t", "o", "h", "l", "c"} <= set(headers)
    strong = [i for i in named if keys[i] not in _WEAK and not (small and headers[i] == "T")]
    weak = [i for i in named if keys[i] in _WEAK]
    likely = [
        i for i, header in enumerate(headers) if _DATE_WORDS & set(words(header)) and not _is_other(header)
    ]
    unnamed = [i for i, key in enumerate(keys[:1]) if not key]
    return list(dict.fromkeys([*strong, *likely, *unnamed, *weak]))


def _is_other(header: str) -> bool:
    return bool(_OTHER_TIMES & set(words(header)))


def _names_a_clock(header: str) -> bool:
    return bool(_CLOCK_WORDS & ({*words(header), folded(header)})) and not _is_other(header)


def _kinds(headers: Sequence[str], wanted: Sequence[int], sample: Sample) -> Mapping[int, Kind]:
    rows = sample(wanted)
    return {i: _kind(headers[i], [row[place] for row in rows]) for place, i in enumerate(wanted)}


def _kind(header: str, cells: Sequence[str]) -> Kind:
    kind, texts = kind_of(cells), [cell.strip() for cell in cells if cell.strip()]
    if kind is not Kind.OTHER or not texts:
        return kind
    if _names_a_clock(header) and _digits_of_a_clock(texts):
        return Kind.CLOCK
    names_a_day = _DAY_WORDS & {*words(header), folded(header)}
    return _dates(texts) if names_a_day and all(map(_IS_SHORT_DATE.match, texts)) else kind


def _digits_of_a_clock(texts: Sequence[str]) -> bool:
    """Say whether 90000, 0900 or 0 may be times of day."""
    if not all(map(_IS_CLOCK_IN_DIGITS.match, texts)):
        return False
    numbers = [int(float(text)) for text in texts]
    digits = HHMM if max(numbers) < DAY_IN_HHMM else HHMMSS
    return all(map(_IS_TIME_OF_DAY.match, (str(number).zfill(digits) for number in numbers)))


def _beside(position: int, clocks: Sequence[int], kinds: Mapping[int, Kind]) -> list[int]:
    return [i for i in clocks if i != position and kinds[i] is Kind.CLOCK]


def _best(
    headers: Sequence[str],
    candidates: Sequence[int],
    clocks: Sequence[int],
    free: Sequence[int],
    kinds: Mapping[int, Kind],
) -> int | None:
    """Return the first that tells candles apart, else the first of anything."""
    whole = [
        i
        for i in candidates
        if kinds[i] in {Kind.STAMP, Kind.DAY} or (kinds[i] is Kind.DATE and _beside(i, clocks, kinds))
    ]
    twins = [i for i in whole if folded(headers[i]) == folded(headers[whole[0]])]
    if len(twins) > 1:
        raise several(headers, "time", twins)
    if whole:
        return whole[0]
    first = next(iter(free), None)
    if first == 0 and first not in candidates and kinds[first] in {Kind.STAMP, *DAYS}:
        return first
    weaker = (i for kind in (Kind.DATE, Kind.OTHER) for i in candidates if kinds[i] is kind)
    return next(weaker, next(iter(candidates), None))
