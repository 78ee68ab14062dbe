"""Where a delivery may connect to: named hosts, over TLS, and never into the network that it runs in.

The idea: an address is judged at the last moment, when the operating system is asked to connect, by an audit hook of
the interpreter (PEP 578). Whatever library sends (requests, httpx, smtplib), and whatever a name server answers the
second time, the very address that is connected to is the one that was judged. Outside of `guarded` nothing is judged.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
COMPATIBLE = IPv6Network("::/96")
# In IANA's registries of special addresses, but global to the ipaddress module of older Pythons.
SPECIAL = tuple(ip_network(one) for one in ("192.0.0.0/24", "192.88.99.0/24", "5f00::/16", "2001::/23", "3fff::/20"))
NOT_LISTED = "its host is not among delivery.hosts of config.yaml"
# smtplib also asks for the machine's own name with gethostbyname; nothing that is found so can be connected to.
WATCHED = ("socket.getaddrinfo", "socket.connect", "socket.sendto", "socket.sendmsg")


class EgressRefusedError(OSError):
    """A connection that may not be made; an OSError, so that every library lets go of it as of a failed connection."""


@dataclass(frozen=True)
class Egress:
    """What may be reached.

    Attributes
    ----------
    hosts : sequence of str
        Names, without port; a leading dot takes in all names below.
    networks : sequence of network
        Private networks of the company that may be reached all the same.
    never : sequence of network
        Refused before anything else.
    loopback : bool
        Whether this machine itself may be reached, and without TLS: for tests, or a proxy beside the sender.
    """

    hosts: Sequence[str] = ()
    networks: Sequence[Network] = ()
    never: Sequence[Network] = ()
    loopback: bool = False

    def knows(self, host: str) -> bool:
        """Whether a name is on the list."""
        name = _plain_name(host)
        if self.loopback and is_loopback_name(name):
            return True
        listed = (_plain_name(one) for one in self.hosts)
        return any(name == one or (one.startswith(".") and name.endswith(one) and name != one) for one in listed)

    def refuses_url(self, url: str) -> str | None:
        """Why a URL may not be asked, before any name is resolved; None when it may."""
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return "it is no URL"
        if not self.knows(host):
            return NOT_LISTED
        plain_allowed = self.loopback and is_loopback_name(host)
        if parts.scheme != "https" and not (parts.scheme == "http" and plain_allowed):
            return "it is not https"
        return None

    def refuses_address(self, text: str) -> str | None:
        """Why an IP address may not be connected to; None when it may."""
        try:
            address = _unwrapped(ip_address(text.partition("%")[0]))
        except ValueError:
            return "it is no IP address"
        if any(address in network for network in self.never if network.version == address.version):
            return "it leads to a link-local or metadata address"
        if address.is_loopback:
            return None if self.loopback else "it leads to a loopback address"
        if address.is_link_local or address.is_multicast or address.is_unspecified:
            return "it leads to a link-local, multicast or unspecified address"
        if any(address in network for network in self.networks if network.version == address.version):
            return None
        special = any(address in network for network in SPECIAL if network.version == address.version)
        if address.is_global and not address.is_reserved and not special:
            return None
        return "it leads to a private or reserved address"


def is_loopback_name(host: str) -> bool:
    """Whether a name is one of this machine itself."""
    return _plain_name(host) in ("localhost", "127.0.0.1", "::1")


def _plain_name(host: str) -> str:
    name = host.strip().strip("[]").rstrip(".").lower()
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _unwrapped(address: Address) -> Address:
    """The IPv4 address inside of an IPv6 one that stands for it, so that no range is reached in disguise."""
    if isinstance(address, IPv4Address):
        return address
    if any(address in network for network in NAT64) or (address in COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


@dataclass
class Watch:
    """What a guarded delivery did: whether a listed name was looked up, and why it was refused."""

    egress: Egress
    looked_up: bool = False
    refusal: str | None = None
    events: int = field(default=0)

    def judge(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Raise for what may not be done."""
        self.events += 1
        if event == "socket.getaddrinfo":
            host = arguments[0]
            name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
            if not self.egress.knows(name):
                self.refuse(NOT_LISTED)
            self.looked_up = True
            return
        address = arguments[1] if len(arguments) > 1 else None
        if not isinstance(address, tuple) or not address:
            self.refuse("it is no network address")
            return
        if not self.looked_up:
            self.refuse(NOT_LISTED)
        if reason := self.egress.refuses_address(str(address[0])):
            self.refuse(reason)

    def refuse(self, reason: str) -> None:
        """Remember the reason, whatever a library above makes of the error, and stop the call."""
        self.refusal = reason
        raise EgressRefusedError(f"refused by the guard of deliveries: {reason}")


_watching: ContextVar[Watch | None] = ContextVar("merchant_gps_egress", default=None)
_installed: list[bool] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event in WATCHED:
        watch = _watching.get()
        if watch is not None:
            watch.judge(event, arguments)


@contextmanager
def guarded(egress: Egress) -> Iterator[Watch]:
    """Judge every connection that this thread makes inside of the block; yields what was refused."""
    if not _installed:
        sys.addaudithook(_hook)  # cannot be taken away again, so it is added once
        _installed.append(True)
    watch = Watch(egress)
    token = _watching.set(watch)
    try:
        yield watch
    finally:
        _watching.reset(token)
