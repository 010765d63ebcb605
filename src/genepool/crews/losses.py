"""How lost workers are told of: the reason of a condemned genome, and the label of a repeated batch."""

from collections.abc import Mapping

from genepool.ports import RetryReason
from genepool.scheduling.rules import Loss

CONDEMNED: Mapping[Loss, str] = {
    "worker_died": "the worker process died each time that it evaluated this genome",
    "node_left": "the worker process died each time that it evaluated this genome",
    "deadline": "the worker hung each time that it evaluated this genome",
    "out_of_memory": "the worker ran out of memory each time that it evaluated this genome",
    "broke_off": "scoring broke off each time that this genome was evaluated",
}
RETRIED: Mapping[Loss, RetryReason] = {
    "worker_died": "worker_died",
    "node_left": "node_left",
    "deadline": "deadline",
    "out_of_memory": "out_of_memory",
    "broke_off": "worker_died",
}
