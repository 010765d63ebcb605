"""Select, cross, mutate, survive: knows genomes and numbers, never a candle."""
