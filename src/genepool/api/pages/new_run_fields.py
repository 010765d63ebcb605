"""The fields of the form of a new run, each with what is told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, get_args

from genepool.api.pages.new_run_form import HOURS, TypedRun
from genepool.api.v1.new_run import NewRunBody
from genepool.jobs import TIME_LIMIT_SECONDS, Priority
from genepool.market.split import PRESETS
from genepool.objectives import objectives
from genepool.optimizers import optimizers
from genepool.usecases.rule_texts import NAME_TEXT, RULE_TEXTS

# The groups of the form, in their order; the groups behind the first two are closed until they are asked for.
GROUPS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "Candles": ("preset", "candles"),
        "Search": ("objective", "optimizer", "seed", "population_size", "generations"),
        "Budget": ("max_evaluations", "max_minutes", "plateau"),
        "Costs": ("fee_bps", "maker_fee_bps", "slippage_bps", "spread_bps", "max_leverage"),
        "Spans, in candles": ("holdout", "in_sample", "folds", "purge", "embargo"),
        "Name and queue": ("name", "priority", HOURS),
    }
)
_LABELS = {
    "fee_bps": "taker fee (bps)",
    "maker_fee_bps": "maker fee (bps)",
    "slippage_bps": "slippage (bps)",
    "spread_bps": "spread (bps)",
    "candles": "newest candles",
    "max_evaluations": "evaluations at most",
    "max_minutes": "minutes at most",
    "in_sample": "in-sample share",
    "holdout": "holdout share",
    HOURS: "time limit (hours)",
}
_TEXTS = {name: (text.told, text.usual) for name, text in RULE_TEXTS.items()} | {
    "name": tuple(NAME_TEXT),
    "objective": ("What evolution strives for.", ""),
    "optimizer": ("What chooses the genomes to try.", ""),
    "priority": ("Whether a person waits for it: such a job goes before the others.", ""),
    HOURS: ("What its job may take; it can be continued afterwards.", ""),
}


@dataclass(frozen=True, slots=True)
class RunField:
    """A control of the form.

    Parameters
    ----------
    name, label, told
        What it is.
    value
        What stands in it.
    usual
        What is meant where nothing does.
    choices
        Value and text of each; empty for a control that one types into.
    wrong
        What is wrong with its value; empty for nothing.
    """

    name: str
    label: str
    told: str
    value: str
    usual: str
    choices: Sequence[tuple[str, str]]
    wrong: str


def grouped(typed: TypedRun) -> Mapping[str, Sequence[RunField]]:
    """Return the fields by group."""
    return {group: [_field(name, typed) for name in names] for group, names in GROUPS.items()}


def _field(name: str, typed: TypedRun) -> RunField:
    told, usual = _TEXTS[name]
    return RunField(
        name=name,
        label=_LABELS.get(name, name.replace("_", " ")),
        told=told,
        value=typed.values.get(name, _default(name)),
        usual=usual,
        choices=_choices(name),
        wrong=typed.wrong.get(name, ""),
    )


def _default(name: str) -> str:
    if name == HOURS:
        return f"{TIME_LIMIT_SECONDS / 3600:g}"
    value: Any = NewRunBody.model_fields[name].default
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _choices(name: str) -> Sequence[tuple[str, str]]:
    if name == "preset":
        return [(one, f"{one} ({count:,} candles)" if count else one) for one, count in PRESETS.items()]
    if name == "objective":
        return [(one, f"{one}: {found.summary}") for one, found in objectives().items()]
    if name == "optimizer":
        return [(one, f"{one}: {found.summary}") for one, found in optimizers().items()]
    return [(one, one) for one in get_args(Priority)] if name == "priority" else ()
