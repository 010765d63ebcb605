"""One cell as a number: the signs that websites and spreadsheets put around it, and what its marks say."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

MARKS = MappingProxyType({".": "point", ",": "comma", "'": "apostrophe", " ": "space"})
_ALIKE = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'", "\u02bc": "'", "\u2212": "-", "\u066c": "'"}
)
# How sources write that there is no value.
_ABSENT = frozenset(
    {"", "-", "--", "---", "\u2013", "\u2014", ".", "n/a", "na", "n.a.", "nan", "null", "none", "nil"}
    | {"#n/a", "#na", "<na>", "nat", "#n/a n/a"}
    # Of formulas that failed.
    | {"#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!"}
)
_POWERS = {"": 0, "k": 3, "m": 6, "mn": 6, "b": 9, "bn": 9, "t": 12}
_WRITTEN = re.compile(
    r"""(?P<sign>[+-]?)\s*(?:[A-Za-z]{0,3}[$\u20a0-\u20cf£¥¢฿])?\s*(?P<second>[+-]?)
    (?P<body>[0-9.,' ]*)(?P<exponent>(?:[eE][+-]?[0-9]{1,4})?)\s*
    (?P<scale>[KkMmBbTt]?n?)\s*(?P<percent>%?)\s*[$\u20a0-\u20cf£¥¢฿]?""",
    re.VERBOSE,
)
_GROUPED = {
    mark: rf"[1-9][0-9]{{0,2}}(?:{re.escape(mark)}[0-9]{{2,3}})*{re.escape(mark)}[0-9]{{3}}" for mark in MARKS
}
_UNDECIDED = re.compile(r"[1-9][0-9]{0,2}[.,' ][0-9]{3}")


@dataclass(frozen=True, slots=True)
class NumberCell:
    """What one cell says.

    Parameters
    ----------
    value
        The number; of an undecided cell with its mark before decimals; NaN where the cell has none.
    decimal, thousands
        The marks that this cell shows to be such; empty where it shows none.
    undecided
        The mark that may be either, because it stands once, before exactly three digits.
    """

    value: float
    decimal: str = ""
    thousands: str = ""
    undecided: str = ""


NOTHING = NumberCell(float("nan"))


def number_cell(text: str, percent: bool = False) -> NumberCell | None:
    """Return what a cell says; None when it is no number.

    Parameters
    ----------
    text
        The cell.
    percent
        Whether a percent sign is understood; elsewhere a share is no number of this column.
    """
    text = _unquoted(text.translate(_ALIKE))
    if text.lower() in _ABSENT:
        return NOTHING
    if text.lstrip("+-").lower() in {"inf", "infinity"}:
        return NumberCell(float(text))
    negative = text.startswith("(") and text.endswith(")")
    found = _WRITTEN.fullmatch(text[1:-1].strip() if negative else text)
    if found is None or (found["percent"] and not percent) or (found["sign"] and found["second"]):
        return None
    cell = _body(found["body"].strip())
    if cell is None:
        return None
    digits, read = cell
    power = _POWERS.get(found["scale"].lower())
    if power is None:
        return None
    signed = ("-" if negative or "-" in found["sign"] + found["second"] else "") + digits + found["exponent"]
    value = _scaled(signed, power - (2 if found["percent"] else 0))
    return None if value is None else NumberCell(value, read.decimal, read.thousands, read.undecided)


def _unquoted(text: str) -> str:
    # Spreadsheets write ="1.5" and '1.5 for text.
    return text.strip().removeprefix("=").strip("\"\u201c\u201d'").strip()


def _scaled(text: str, power: int) -> float | None:
    if not power:
        return float(text)
    try:
        return float(Decimal(text).scaleb(power))
    except InvalidOperation:
        return None


def _body(body: str) -> tuple[str, NumberCell] | None:
    """Return digits with a decimal point, and what the marks between them say."""
    marks = sorted((mark for mark in MARKS if mark in body), key=body.rfind)
    if not any(sign.isdigit() for sign in body):
        return None
    if not marks:
        return body, NumberCell(0.0)
    if len(marks) == 1:
        return _one(body, marks[0])
    return _both(body, *marks) if len(marks) == 2 else None  # noqa: PLR2004 - one of each kind


def _one(body: str, mark: str) -> tuple[str, NumberCell] | None:
    if _UNDECIDED.fullmatch(body):
        return body.replace(mark, "."), NumberCell(0.0, undecided=mark)
    if body.count(mark) == 1:
        return (body.replace(mark, "."), NumberCell(0.0, decimal=mark)) if mark in ".," else None
    if re.fullmatch(_GROUPED[mark], body):
        return body.replace(mark, ""), NumberCell(0.0, thousands=mark)
    return None


def _both(body: str, thousands: str, decimal: str) -> tuple[str, NumberCell] | None:
    whole, _, rest = body.partition(decimal)
    if decimal not in ".," or not rest.isdigit() or not re.fullmatch(_GROUPED[thousands], whole):
        return None
    read = NumberCell(0.0, decimal=decimal, thousands=thousands)
    return f"{whole.replace(thousands, '')}.{rest}", read
