"""Puts the service together: what answers, what works, and what each of them asks."""
