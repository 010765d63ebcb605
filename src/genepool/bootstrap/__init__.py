"""From settings to adapters to a pool: the only place that knows local from distributed.

Nothing is imported here: each entrance is a module, and brings no more than what it opens.
"""
