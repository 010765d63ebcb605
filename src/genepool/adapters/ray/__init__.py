"""Genomes are evaluated on a Ray cluster: one long-lived process on every CPU that it grants."""
