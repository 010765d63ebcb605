"""Prove that another program trades a genome as we do: its trades beside ours, one by one."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from genepool.backtest.detailed import Backtest, backtest
from genepool.errors import ConfigError, DataError
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.moments import timestamp
from genepool.ports.export_targets import CertifiedTarget, ExportedChampion, ExportTarget
from genepool.ports.proofs import Prover
from genepool.strategies import seed_strategies
from genepool.usecases.document import AMONG, Document
from genepool.usecases.export_target import MANIFEST, files_of, program_digest
from genepool.usecases.parity_samples import parity_samples, with_made_up_funding
from genepool.usecases.past_run import PastRun
from genepool.usecases.trade_parity import ParitySample, compare_trades, our_trades

CERTIFICATE_SCHEMA = "genepool/certificate/1"
NOT_COMPARED = (
    "Slippage and spread are 0 on both sides: the programs have no such models.",
    "Funding is paid on neither side; a strategy that decides by its rates knows them.",
    "Equity, sizes and fees are not compared.",
    "A trade that is open when the candles end is left out.",
)


@dataclass(frozen=True, slots=True)
class CertifiedSample(Document):
    """One sample of candles, and how the trades on it compare."""

    symbol: str
    timeframe: str
    candles: int
    first: str
    last: str
    digest: str
    parity: ParitySample = field(metadata=AMONG)


@dataclass(frozen=True, slots=True)
class Certificate(Document):
    """How another program's trades compare with ours, over all samples.

    Parameters
    ----------
    program_digest
        Of the exported files, comments aside: what was proved.
    digest
        SHA-256 of all the rest of this document, as JSON with sorted names and without spaces.
    """

    schema: str
    run: str
    rank: int
    strategy: str
    genes: Mapping[str, float]
    fingerprint: str
    target: str
    trades: int
    equal: int
    different: int
    samples: Mapping[str, CertifiedSample]
    candles_from: str
    versions: Mapping[str, str]
    environment: str
    tick: float | None
    remarks: Sequence[str]
    analyses: Mapping[str, str]
    costs: CostModel
    trials: int
    verdict: str
    program_digest: str
    digest: str = ""


def certified_target(target: ExportTarget, targets: Mapping[str, ExportTarget]) -> CertifiedTarget:
    """Return a target that can be proved.

    Raises
    ------
    ConfigError
        When it is none.
    """
    if isinstance(target, CertifiedTarget):
        return target
    names = ", ".join(name for name, one in targets.items() if isinstance(one, CertifiedTarget))
    raise ConfigError(f"{target.name} trades nothing, so there is nothing to certify: choose from {names}")


def certify_champion(
    champion: ExportedChampion,
    target: CertifiedTarget,
    candles: Candles,
    candles_from: str,
    prove: Prover,
) -> Certificate:
    """Trade a genome in another program, on plain and on shaken candles, and compare every trade.

    Parameters
    ----------
    champion
        The genome.
    target
        The program.
    candles
        The market; the newest of them are traded.
    candles_from
        Where they come from, for people.
    prove
        Runs the program.

    Raises
    ------
    ConfigError
        When the target refuses the genome, or the environment lacks something.
    ServiceUnavailable
        When the program broke off.
    HistoryTooShort
        When there are fewer candles than the genome looks back.
    """
    exported = {path: text for path, text in files_of(champion, target).items() if path != MANIFEST}
    samples, proofs = {}, []
    for name, sample in parity_samples(candles, champion.lookback).items():
        ours = our_trades(_traded(champion, sample))
        proof = prove({**exported, **target.proof(champion, sample)})
        samples[name] = _certified(sample, compare_trades(ours, proof.trades, proof.tick))
        proofs.append(proof)
    found, proof = [one.parity for one in samples.values()], proofs[0]
    remarks = dict.fromkeys(line for one in proofs for line in one.remarks)
    return _signed(
        Certificate(
            CERTIFICATE_SCHEMA,
            champion.run,
            champion.rank,
            champion.strategy,
            dict(champion.genes),
            champion.fingerprint,
            target.name,
            sum(one.trades for one in found),
            sum(one.equal for one in found),
            sum(one.different for one in found),
            samples,
            candles_from,
            dict(sorted(proof.versions.items())),
            prove.environment,
            proof.tick,
            (*NOT_COMPARED, *remarks),
            dict(proof.analyses),
            champion.costs,
            champion.trials,
            champion.verdict,
            program_digest(exported),
        )
    )


def proof_candles(past: PastRun, champion: ExportedChampion, shipped: str) -> tuple[Candles, str]:
    """Return the candles that a certificate is made on, and where they come from, for people.

    Those of the run that anybody may see, where they are at hand; otherwise a shipped sample.
    """
    try:
        candles, told = (
            past.plan().problem.candles,
            f"the newest visible ones of {champion.symbol}, as the run had",
        )
    except DataError as error:
        candles = past.source.read(shipped).candles
        told = f"the newest ones of the shipped {shipped}, since those of the run are away: {error}"
    needs = seed_strategies()[champion.strategy].requires
    if "funding" in needs - candles.columns:
        return with_made_up_funding(candles), f"{told}; funding rates were drawn"
    return candles, told


def proof_costs(costs: CostModel) -> CostModel:
    """Return costs as both sides have them: fees, no slippage, no spread."""
    return replace(costs, slippage=0.0, slippage_atr_share=0.0, spread=0.0)


def _traded(champion: ExportedChampion, candles: Candles) -> Backtest:
    """Trade a genome that knows the funding rates and pays none: most programs charge none either."""
    seed, known = seed_strategies()[champion.strategy], IndicatorBank(candles)
    free = replace(seed, exposure=lambda _, genes: seed.exposure(known, genes), requires=frozenset())
    genome, costs = seed.genome(champion.genes), proof_costs(champion.costs)
    return backtest(replace(candles, funding=None), genome, costs, strategies={seed.name: free})


def _certified(candles: Candles, parity: ParitySample) -> CertifiedSample:
    first, last = (timestamp(int(candles.stamps[place])) for place in (0, -1))
    return CertifiedSample(
        candles.symbol, candles.timeframe, len(candles), first, last, candles.digest, parity
    )


def _signed(certificate: Certificate) -> Certificate:
    members = certificate.as_json()
    del members["digest"]
    text = json.dumps(members, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return replace(certificate, digest=hashlib.sha256(text.encode()).hexdigest())
