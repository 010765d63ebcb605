"""Results of freqtrade."""
