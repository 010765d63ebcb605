"""Hierarchical risk parity: bots that move alike share what one of them would have.

López de Prado (2016), Building diversified portfolios that outperform out of sample, Journal of Portfolio
Management 42(4). What the paper leaves open, or libraries do in two ways, is fixed here:

- Clusters are joined by single linkage on the distances sqrt((1 - correlation) / 2) themselves, as skfolio,
  PyPortfolioOpt and riskfolio-lib do. The paper takes distances between columns of distances.
- The leaves stand in optimal order, as in skfolio: of all orders that the tree allows, the one with the
  smallest sum of distances between neighbours (Bar-Joseph, Gifford and Jaakkola 2001, Fast optimal leaf
  ordering for hierarchical clustering). PyPortfolioOpt takes the order in which scipy joined them.
- That order reads the same from both ends; the calmer end comes first. So it does not matter in which order
  bots are named.
"""

from itertools import combinations, product
from typing import TypeAlias

import numpy as np

from genepool.market.candles import FloatArray
from genepool.portfolio.weightings._base import FleetMoments, Weighting

# The best order of a cluster between two of its bots at the ends, with its length.
_Orders: TypeAlias = dict[tuple[int, int], tuple[float, list[int]]]


def weigh(moments: FleetMoments) -> FloatArray:
    """Return shares that are split by inverse variance at each bisection of the ordered leaves."""
    covariance = moments.covariance
    shares = np.ones(len(covariance))
    parts = [leaves(covariance)]
    while parts:
        part = parts.pop()
        if len(part) == 1:
            continue
        left, right = part[: len(part) // 2], part[len(part) // 2 :]
        calm, wild = _variance(covariance, left), _variance(covariance, right)
        shares[left] *= wild / (calm + wild)
        shares[right] *= calm / (calm + wild)
        parts += [left, right]
    return shares


def leaves(covariance: FloatArray) -> list[int]:
    """Return the bots in the order that the tree of single linkage has them in, the calmer end first."""
    deviations = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(deviations, deviations)
    distances = np.sqrt(np.clip((1.0 - correlation) / 2.0, 0.0, 1.0))
    clusters: list[_Orders] = [{(k, k): (0.0, [k])} for k in range(len(covariance))]
    while len(clusters) > 1:
        near, far = min(combinations(clusters, 2), key=lambda pair: _apart(pair[0], pair[1], distances))
        clusters = [one for one in clusters if one is not near and one is not far]
        clusters.append(_joined(near, far, distances))
    _, order = min(clusters[0].values(), key=lambda found: found[0])
    return order if deviations[order[0]] <= deviations[order[-1]] else order[::-1]


def _apart(some: _Orders, others: _Orders, distances: FloatArray) -> float:
    members = [next(iter(one.values()))[1] for one in (some, others)]
    return float(distances[np.ix_(*members)].min())


def _joined(some: _Orders, others: _Orders, distances: FloatArray) -> _Orders:
    """Return the best orders of both clusters together; one that is turned round is as long."""
    # What is best beside the first bot of the second cluster, whichever of the first cluster is next to it.
    reached: dict[tuple[int, int], tuple[float, list[int]]] = {}
    for ((begin, end), (length, order)), (first, _) in product(some.items(), others):
        further = length + float(distances[end, first])
        if (begin, first) not in reached or further < reached[begin, first][0]:
            reached[begin, first] = (further, order)
    found: _Orders = {}
    for (begin, first), (length, order) in reached.items():
        for (start, end), (rest, tail) in others.items():
            if start == first and ((begin, end) not in found or length + rest < found[begin, end][0]):
                found[begin, end] = (length + rest, [*order, *tail])
    turned = {(end, begin): (length, order[::-1]) for (begin, end), (length, order) in found.items()}
    return found | turned


def _variance(covariance: FloatArray, part: list[int]) -> float:
    """Return the variance of some bots with shares by inverse variance."""
    inner = covariance[np.ix_(part, part)]
    shares = 1.0 / np.diag(inner)
    shares = shares / shares.sum()
    return float(shares @ inner @ shares)


WEIGHTING = Weighting("hrp", "Hierarchical risk parity, by single linkage and inverse variance.", weigh)
