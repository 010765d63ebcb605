"""Genomes evaluated by a crew: one dispatcher decides for all that ask, whatever the workers are."""
