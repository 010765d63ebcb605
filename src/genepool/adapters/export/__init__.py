"""What other programs read of a run: the genome as JSON, trades, trials and equity as CSV."""
