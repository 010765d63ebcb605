"""Names the client of a request by where it comes from."""

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Comes with an extra, and is known to type checkers only.
    from starlette.types import Scope


def address_of(scope: "Scope") -> str:
    """Return the address of a request's client; for IPv6 its network, any address of which it may use.

    Examples
    --------
    >>> address_of({"client": ("192.0.2.7", 50000)})
    '192.0.2.7'
    >>> address_of({"client": ("2001:db8::7", 50000)}), address_of({"client": ("::ffff:192.0.2.7", 50000)})
    ('2001:db8::/64', '192.0.2.7')
    """
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))
