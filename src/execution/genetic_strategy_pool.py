"""``python -m src.execution.genetic_strategy_pool`` is ``genepool evolve``: it defines nothing."""

import sys

from genepool.cli import main

sys.argv.insert(1, "evolve")
main()
