"""Go through the checklist; exit 0 when all of it passed, 5 when not, 4 when there is no stack to check."""

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from genepool.plugins import discover
from infrastructure.core.compose.stack import StackError
from scripts.validation.criterion import plain, verdict, write_document
from scripts.validation.stack import Stack
from scripts.validation.system import checks
from scripts.validation.system.check import Check, go_through
from scripts.validation.system.system import System


def main() -> int:
    """Check everything, print one line each as it is found, and write the document."""
    parser = argparse.ArgumentParser(prog="comprehensive_system_validation.py")
    parser.add_argument("--mode", choices=("local", "distributed"), default="distributed")
    parser.add_argument("--output", type=Path, default=Path("results/validation"))
    parser.add_argument("--only", action="append", help="check only this; may be given several times")
    given = parser.parse_args()
    found = discover(checks, "CHECK", Check)
    if unknown := set(given.only or ()) - set(found):
        parser.error(f"there is no check {', '.join(sorted(unknown))}: choose from {', '.join(found)}")
    if given.mode == "distributed":
        try:
            Stack().must_run()
        except StackError as error:
            print(f"{error}; this program runs on the stack's host, not in a container", file=sys.stderr)
            return 4
    chosen = [check for name, check in found.items() if given.only is None or name in given.only]
    criteria = []
    with tempfile.TemporaryDirectory(prefix="genepool-validation-") as scratch:
        for criterion in go_through(chosen, System(given.mode, Path(scratch))):
            print(plain([criterion]), flush=True)
            criteria.append(criterion)
    facts = {
        "mode": given.mode,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
    }
    path = given.output / f"system_{given.mode}.json"
    write_document(path, facts, criteria)
    passed = sum(criterion.passed for criterion in criteria)
    print(f"{passed} of {len(criteria)} passed; figures in {path}")
    return verdict(criteria)


sys.exit(main())
