"""Causal indicators as numba kernels, and the bank that computes each distinct row once."""
