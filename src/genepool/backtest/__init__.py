"""Exposure to fills to costs to measures: the only place where a signal meets a later candle."""
