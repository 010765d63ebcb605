"""Go through the whole system, of this laptop or of the running stack, and say what works."""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    runpy.run_module("scripts.validation.system", run_name="__main__")
