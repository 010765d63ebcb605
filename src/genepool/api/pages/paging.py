"""Links to the pages of a long list."""

from urllib.parse import urlencode


def linked(address: str, **said: str | int | None) -> str:
    """Return an address with what is said in its query; what is None or empty is left out.

    Examples
    --------
    >>> linked("/queue", state="done", kind=None, before=7), linked("/queue")
    ('/queue?state=done&before=7', '/queue')
    """
    query = urlencode({name: value for name, value in said.items() if value not in {None, ""}})
    return f"{address}?{query}" if query else address
