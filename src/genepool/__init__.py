"""Evolve trading strategies and judge which of the winners are real.

Nothing is imported here: thread caps must be set before numpy is.
"""
