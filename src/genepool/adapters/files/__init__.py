"""Candle files: read CSV, Parquet and feather, keep one canonical Parquet file per market."""
