"""The checklist of the whole system: each check is one file in ``checks``."""
