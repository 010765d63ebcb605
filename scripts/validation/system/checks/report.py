"""A run leaves a report that opens without a network."""

from pathlib import Path

from scripts.validation.system.check import Check, Found
from scripts.validation.system.system import System


def look(system: System) -> Found:
    """Read the page that the sample run wrote."""
    page = Path(system.sample["report"]).read_text(encoding="utf-8")
    alone = "<script src=" not in page and "<link" not in page
    return Found(alone and "</html>" in page, f"{len(page) / 1024:.0f} KiB")


CHECK = Check("the report is one page that needs nothing else", "complete", look, ("local",))
