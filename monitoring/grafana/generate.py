"""Write the dashboards as JSON, or check that the committed ones are what this would write.

Usage: ``python monitoring/grafana/generate.py [--check]``
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).resolve().parent / "dashboards"


def documents() -> dict[str, str]:
    """Return every dashboard's JSON by the name of its file."""
    # Found from the root of the checkout, which only then is on the path when this is run as a program.
    from monitoring.grafana.board import document  # noqa: PLC0415
    from monitoring.grafana.cluster import cluster  # noqa: PLC0415
    from monitoring.grafana.evolution import evolution  # noqa: PLC0415
    from monitoring.grafana.honesty import honesty  # noqa: PLC0415
    from monitoring.grafana.services import services  # noqa: PLC0415

    boards = {"cluster": cluster, "evolution": evolution, "honesty": honesty, "services": services}
    return {f"{name}.json": document(make()) for name, make in boards.items()}


def differences(folder: Path) -> list[str]:
    """Return a sentence for each file that is not what would be written."""
    wanted = documents()
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    stale = [f"{name} is out of date" for name in wanted if name in found and found[name] != wanted[name]]
    missing = [f"{name} is missing" for name in wanted if name not in found]
    strange = [f"{name} is not generated" for name in found if name not in wanted]
    return sorted(stale + missing + strange)


def main() -> int:
    """Write or check; return the exit code."""
    parser = argparse.ArgumentParser(description="Write Grafana's dashboards.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a file differs")
    if parser.parse_args().check:
        wrong = differences(FOLDER)
        if wrong:
            sys.stderr.write("; ".join(wrong) + ": run python monitoring/grafana/generate.py\n")
        return 1 if wrong else 0
    for name, text in documents().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
