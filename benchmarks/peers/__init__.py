"""The same two works for GenePool and for other engines, one file an engine."""
