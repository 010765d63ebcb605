"""What a score is worth that others earn already: the term of ``--max-correlation``."""


def kept_apart(scores: tuple[float, ...], correlation: float, limit: float) -> tuple[float, ...]:
    """Return scores of which the first is worth less the more a genome does what held ones do.

    Up to the limit nothing changes; beyond it a gain shrinks in a straight line, to nothing for a genome
    that does the same. A loss stays what it is, so that doing the same never hides one.

    Parameters
    ----------
    scores
        Of an objective.
    correlation
        The largest correlation of the genome's returns with those of a held one, -1 to 1.
    limit
        From where on it costs, below 1.
    """
    first, *others = scores
    if correlation <= limit or first <= 0.0:
        return scores
    return (first * (1.0 - min(correlation, 1.0)) / (1.0 - limit), *others)
