"""Rows as the indicator bank hands them out."""

from genepool.market.candles import FloatArray


def kept(row: FloatArray) -> FloatArray:
    """Return a row read-only, as the bank keeps it: for another type a kernel would be compiled anew."""
    view = row.view()
    view.flags.writeable = False
    return view
