"""Evaluation on this machine's own cores."""
