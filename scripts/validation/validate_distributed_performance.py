"""Measure what the cluster is worth: ``make validate`` runs this inside the coordinator's container."""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    runpy.run_module("scripts.validation.performance", run_name="__main__")
