"""Which formats a time that is written out may have."""

import re
from collections.abc import Iterator
from datetime import datetime

# What each part of a written time looks like, and the formats that read it.
_DATES = {
    r"\d{1,2}\.\d{1,2}\.\d{4}": ("%d.%m.%Y",),
    r"\d{1,2}/\d{1,2}/\d{4}": ("%d/%m/%Y", "%m/%d/%Y"),
    r"\d{1,2}-\d{1,2}-\d{4}": ("%d-%m-%Y", "%m-%d-%Y"),
    r"\d{4}-\d{1,2}-\d{1,2}": ("%Y-%m-%d",),
    r"\d{4}\.\d{1,2}\.\d{1,2}": ("%Y.%m.%d",),
    r"\d{4}/\d{1,2}/\d{1,2}": ("%Y/%m/%d",),
    r"\d{8}(?!\d)": ("%Y%m%d", "%d%m%Y", "%m%d%Y"),
    r"\d{6}(?!\d)": ("%y%m%d", "%d%m%y", "%m%d%y"),
    r"\d{1,2}-[A-Za-z]{3}-\d{4}": ("%d-%b-%Y",),
    r"\d{1,2}-[A-Za-z]{3}-\d{2}(?!\d)": ("%d-%b-%y",),
    r"\d{1,2} [A-Za-z]{3} \d{4}": ("%d %b %Y",),
    r"\d{1,2} [A-Za-z]{3,9} \d{4}": ("%d %B %Y",),
    r"\d{2}[A-Za-z]{3}\d{4}": ("%d%b%Y",),
    r"\d{1,2}-[A-Za-z]{4,9}-\d{4}": ("%d-%B-%Y",),
    r"[A-Za-z]{3},? \d{4}$": ("%b %Y", "%b, %Y"),
    r"[A-Za-z]{4,9},? \d{4}$": ("%B %Y", "%B, %Y"),
    r"[A-Za-z]{3}-\d{2}$": ("%b-%y",),
    r"[A-Za-z]{3}-\d{4}$": ("%b-%Y",),
    r"\d{1,2}/\d{4}$": ("%m/%Y",),
    r"[A-Za-z]{3} \d{1,2} \d{4}": ("%b %d %Y",),
    r"[A-Za-z]{4,9} \d{1,2} \d{4}": ("%B %d %Y",),
    r"[A-Za-z]{3} \d{1,2}, \d{4}": ("%b %d, %Y",),
    r"[A-Za-z]{3,9} \d{1,2}, \d{4}": ("%B %d, %Y",),
    r"\d{1,2}\.\d{1,2}\.\d{2}(?!\d)": ("%d.%m.%y", "%y.%m.%d"),
    r"\d{1,2}/\d{1,2}/\d{2}(?!\d)": ("%d/%m/%y", "%m/%d/%y", "%y/%m/%d"),
    r"\d{1,2}-\d{1,2}-\d{2}(?!\d)": ("%d-%m-%y", "%m-%d-%y", "%y-%m-%d"),
}
_CLOCKS = {
    r"\d{1,2}:\d{2}": "%H:%M",
    r"\d{1,2}:\d{2}:\d{2}": "%H:%M:%S",
    r"\d{1,2}:\d{2}:\d{2}\.\d{1,6}": "%H:%M:%S.%f",
    r"\d{1,2}:\d{2}:\d{2}:\d{3}": "%H:%M:%S:%f",
    r"\d{1,2}-[AaPp][Mm]": "%I-%p",
    r"\d{1,2}:\d{2} [AaPp][Mm]": "%I:%M %p",
    r"\d{1,2}:\d{2}[AaPp][Mm]": "%I:%M%p",
    r"\d{1,2}:\d{2}:\d{2} [AaPp][Mm]": "%I:%M:%S %p",
    r"\d{1,2}:\d{2}:\d{2}[AaPp][Mm]": "%I:%M:%S%p",
    r"\d{6}": "%H%M%S",
    r"\d{4}": "%H%M",
    r"\d{2}": "%H",
}
_ZONES = {
    r"": "",
    r"Z": "Z",
    r" UTC": " UTC",
    r" GMT": " GMT",
    r"[+-]\d{2}:?\d{2}": "%z",
    r" [+-]\d{2}:?\d{2}": " %z",
    r" GMT[+-]\d{4}": " GMT%z",
}
_WEEKDAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?P<mark>,? )"
# As C and Python's ctime write it.
_OF_C = r"[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d{2}:\d{2}:\d{2} \d{4}"
_BETWEEN = (", ", "  ", " ", "T", ":", "_", "-")
# A zone stands behind a time of day; what ends a date alone, such as -17, is none.
ZONED = re.compile(r":.*(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)$|T\d.*Z$")


def formats_of(example: str) -> Iterator[str]:
    """Yield the strptime formats that one written time may have."""
    if re.fullmatch(_OF_C, example):
        yield "%a %b %d %H:%M:%S %Y"
    day = re.match(_WEEKDAY, example)
    if day:
        yield from (f"%a{day['mark']}{rest}" for rest in formats_of(example[day.end() :]))
    for shape, dates in _DATES.items():
        if found := re.match(shape, example):
            for rest in _clock_and_zone(example[found.end() :]):
                yield from (date + rest for date in dates)


def fitting(texts: list[str], pattern: str) -> int:
    """Count the texts that a strptime format reads, those before 1900 left out."""
    count = 0
    for text in texts:
        try:
            time = datetime.strptime(text, pattern)  # noqa: DTZ007 - only whether it fits is asked
        except ValueError:
            continue
        count += time.year >= 1900  # noqa: PLR2004 - a year such as 0607 is day and month
    return count


def is_clock(text: str) -> bool:
    """Say whether a text is a time of day with a sign between its parts."""
    shapes = [shape for shape in _CLOCKS if ":" in shape or "-" in shape]
    return any(re.fullmatch(shape, text) for shape in shapes)


def has_clock(pattern: str) -> bool:
    """Say whether a strptime format holds a time of day."""
    return "%H" in pattern or "%I" in pattern


def _clock_and_zone(text: str) -> Iterator[str]:
    """Yield the formats that what follows a date may have."""
    for zone_shape, zone in _ZONES.items():
        found = re.search(f"{zone_shape}$", text)
        clock_text = text[: found.start()] if found else None
        if clock_text == "":
            yield zone
        between = next((mark for mark in _BETWEEN if (clock_text or "").startswith(mark)), None)
        for shape, clock in _CLOCKS.items():
            if clock_text and between and re.fullmatch(shape, clock_text[len(between) :]):
                yield f"{between}{clock}{zone}"
