"""``python infrastructure/core/cluster_manager.py``: look after the cluster from outside it."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # Started by its path, Python looks for modules beside this file; ours begin at the repository.
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from infrastructure.core.commands import run

    run()
