"""Which machines may be spoken to: public ones only, so that no record or redirect reaches into a private network."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Final

from kg.errors import FetchError

Resolve = Callable[[str, int], list[str]]
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class UnknownNameError(FetchError):
    """The name of a machine is not known, or this machine has no network."""

    code = "fetch-name"


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when an IPv4 address is wrapped in an IPv6 one.

    >>> is_public("8.8.8.8"), is_public("127.0.0.1"), is_public("::ffff:10.0.0.1"), is_public("169.254.169.254")
    (True, False, False, False)
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None and not is_public(str(inner)):
            return False
    return found.is_global and not found.is_multicast


def public_addresses(host: str, port: int) -> list[str]:
    """IP addresses of a host, all of them public.

    The caller has to connect to one of these and must not ask for the name again: the second answer may be another.

    Args:
        host: Name or IP address.
        port: Port.

    Raises:
        UnknownNameError: The name has no address.
        FetchError: One of its addresses is private.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnknownNameError(f"the name {host!r} is not known") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not is_public(address):
            raise FetchError(f"{host!r} leads to {address}, which is not a public address")
    return addresses
