"""A certificate as people read it, in Markdown."""

from collections.abc import Iterator

from genepool.usecases.certify_champion import Certificate, CertifiedSample
from genepool.usecases.trade_parity import TradeDifference

# Differences shown of each sample; the JSON has all.
_SHOWN = 20


def verdict_sentence(certificate: Certificate) -> str:
    """Return what was found, in one sentence."""
    if not certificate.trades:
        return f"Nothing was traded, so nothing is proved of {certificate.target}."
    if not certificate.different:
        return (
            f"All {certificate.trades:,} trades are the same in {certificate.target}: times, sides, prices "
            "and gross returns."
        )
    return f"{certificate.different:,} of {certificate.trades:,} trades differ in {certificate.target}."


def certificate_page(certificate: Certificate) -> str:
    """Return a certificate as a Markdown page."""
    return "\n".join(_lines(certificate)) + "\n"


def _lines(certificate: Certificate) -> Iterator[str]:
    yield f"# Certificate: {certificate.strategy} {certificate.fingerprint} in {certificate.target}"
    yield ""
    yield verdict_sentence(certificate)
    yield ""
    yield "| sample | candles | from | to | trades | equal | different |"
    yield "|---|---:|---|---|---:|---:|---:|"
    for name, sample in certificate.samples.items():
        parity = sample.parity
        yield (
            f"| {name} | {sample.candles:,} | {sample.first} | {sample.last} | {parity.trades:,} | "
            f"{parity.equal:,} | {parity.different:,} |"
        )
    for name, sample in certificate.samples.items():
        yield from _differences(name, sample)
    yield from ("", "## What was compared, and what was not", "")
    yield f"- Candles: {certificate.candles_from}."
    tick = "one part in a thousand million" if certificate.tick is None else f"a tick of {certificate.tick:g}"
    yield f"- Times, sides and gross returns of all trades, and their prices to within {tick}."
    yield from (f"- {line}" for line in certificate.remarks)
    yield from (f"- Its own analysis, {name}: {found}" for name, found in certificate.analyses.items())
    yield from ("", "## What it was made of", "")
    versions = ", ".join(f"{name} {version}" for name, version in certificate.versions.items())
    yield f"- Run {certificate.run}, rank {certificate.rank}; {certificate.trials:,} trials on its market."
    yield f"- Verdict: {certificate.verdict}"
    yield f"- Versions: {versions}; {certificate.environment}."
    yield f"- Program {certificate.program_digest}"
    yield f"- Digest {certificate.digest}"


def _differences(name: str, sample: CertifiedSample) -> Iterator[str]:
    found = sample.parity.differences
    if not found:
        return
    yield from ("", f"## What differs on the {name} sample", "")
    yield "| entry | what | here | there |"
    yield "|---|---|---|---|"
    yield from map(_row, found[:_SHOWN])
    if len(found) > _SHOWN:
        yield from ("", f"{len(found) - _SHOWN:,} more stand in certificate.json.")


def _row(one: TradeDifference) -> str:
    here, there = ("" if value is None else str(value) for value in (one.here, one.there))
    return f"| {one.entry_time} | {one.what} | {here} | {there} |"
