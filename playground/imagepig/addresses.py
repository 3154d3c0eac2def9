"""Which network addresses a picture may be fetched from: public ones only.

`ipaddress.is_global` alone does not do: it passes NAT64 (64:ff9b::/96) and 6to4 (2002::/16), both
of which carry an IPv4 address, such as 127.0.0.1, inside; and it differs between Python versions.
"""

from __future__ import annotations

import ipaddress

_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier's own
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "2001::/23",  # protocol assignments, with Teredo, which carries an IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries an IPv4 address
        "3fff::/20",  # documentation
    )
)
# All public IPv6 addresses lie in here. Outside of it: loopback, link-local, unique local,
# multicast, and the mapped, compatible and translated (64:ff9b::) forms of IPv4 addresses.
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")


def is_public(address: str) -> bool:
    """Whether a numeric IPv4 or IPv6 address is somewhere on the public internet."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed not in _PUBLIC_IPV6:
        return False
    return parsed.is_global and not any(parsed in network for network in _NOT_PUBLIC)
