"""What becomes of a batch whose seat was lost, and which seat may have it next."""

from collections.abc import Collection
from typing import Literal, TypeAlias

from genepool.scheduling.rules import Batch, DispatchRules, Loss, SeatState

Fate: TypeAlias = Literal["condemned", "split", "repeated"]


def may_repeat(batch: Batch, seat: SeatState, seats: Collection[SeatState]) -> bool:
    """Tell whether a seat may have a batch that was handed out before, or that others still hold.

    Parameters
    ----------
    batch
        The batch.
    seat
        The seat that is to be given work.
    seats
        All seats, this one included.
    """
    if seat.number in batch.copies or (batch.suspect and seat.held):
        return False
    nodes = {one.node for one in seats if one.number in batch.copies}
    if seat.node in nodes and any(one.usable and one.node not in nodes for one in seats):
        return False
    if not batch.solo:
        return True
    if any(held.batch.solo for one in seats for held in one.held):
        return False
    return seat.kind == "memory" or not any(one.usable and one.kind == "memory" for one in seats)


def counts_against(batch: Batch, loss: Loss, rules: DispatchRules) -> bool:
    """Enter how a batch lost its seat, and tell whether the batch is blamed for it."""
    if loss == "node_left":
        batch.node_losses += 1
        return batch.node_losses > rules.node_losses
    if loss == "out_of_memory" and len(batch.tickets) == 1 and not batch.solo:
        # Ray ends several processes when memory runs short: only a genome on its own is to blame.
        batch.solo = batch.suspect = True
        return False
    return True


def fate(batch: Batch, rules: DispatchRules) -> Fate:
    """Decide whether a lost batch is handed out again, as it is or in pieces, or its genome condemned."""
    if batch.suspect and batch.losses >= rules.lone_failures:
        return "condemned"
    if len(batch.tickets) > 1 and batch.losses >= rules.batch_losses:
        return "split"
    if len(batch.tickets) == 1 and batch.losses and not batch.suspect:
        batch.suspect, batch.losses = True, 0
    return "repeated"
