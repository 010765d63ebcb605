"""A worker node of a user has no SciPy: numba does without, where it is not there to load."""

raise ModuleNotFoundError("SciPy is not part of GenePool", name="scipy")
