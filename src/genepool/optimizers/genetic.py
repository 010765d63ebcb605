"""Breed each generation from the last one: tournament, crossover, mutation, immigrants."""

from genepool.evolution.engine import Engine
from genepool.optimizers._base import Optimizer

OPTIMIZER = Optimizer(
    name="genetic",
    summary="Breeds a generation from the best of the last one, each strategy a species of its own.",
    source="J. H. Holland, Adaptation in Natural and Artificial Systems, 1975",
    begin=Engine,
)
