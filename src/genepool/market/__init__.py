"""Candles as columns, the cost model, splits counted in candles and synthetic markets."""
