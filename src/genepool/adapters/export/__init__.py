"""What other programs read of a run: the genome as JSON, trades, fills, trials and equity as CSV."""
