"""``python -m src.execution.genetic_strategy_pool`` is ``genepool evolve``: it defines nothing."""

import sys

from genepool.cli import main

# A spawned worker imports this module again, as ``__mp_main__``: it must not evolve as well.
if __name__ == "__main__":
    sys.argv.insert(1, "evolve")
    main()
