"""The use cases: the loop, and the cache in front of an evaluator."""
