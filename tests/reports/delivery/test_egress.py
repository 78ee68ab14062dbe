"""What may be reached: listed hosts, over TLS, at addresses that are judged when they are connected to."""

import http.client
import smtplib
import socket
import threading
from ipaddress import ip_network

import pytest
import requests

from reports.delivery.egress import Egress, EgressRefusedError, guarded

NEVER = [ip_network(one) for one in ("169.254.0.0/16", "100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::/32")]
STRICT = Egress(hosts=("hooks.example.com", ".chat.example.com"), never=NEVER)


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("hooks.example.com", True),
        ("HOOKS.Example.com.", True),
        ("a.chat.example.com", True),
        ("chat.example.com", False),
        ("evil-hooks.example.com", False),
        ("hooks.example.com.evil.example", False),
        ("achat.example.com", False),
        ("localhost", False),
        ("127.0.0.1", False),
        ("", False),
    ],
)
def test_only_listed_names_are_known(host, known):
    assert STRICT.knows(host) is known


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://hooks.example.com/x", None),
        ("http://hooks.example.com/x", "not https"),
        ("ftp://hooks.example.com/x", "not https"),
        ("https://hooks.example.com@evil.example/x", "delivery.hosts"),
        ("https://evil.example/?hooks.example.com", "delivery.hosts"),
        ("http://127.0.0.1:9/x", "delivery.hosts"),
        ("https:///x", "delivery.hosts"),
        ("https://[x", "no URL"),
    ],
)
def test_urls(url, reason):
    refused = STRICT.refuses_url(url)
    assert refused is None if reason is None else reason in refused


def test_http_is_for_loopback_alone():
    egress = Egress(hosts=("hooks.example.com",), loopback=True)
    assert egress.refuses_url("http://127.0.0.1:8080/x") is None
    assert "not https" in egress.refuses_url("http://hooks.example.com/x")


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.5.5", "192.168.1.1", "100.64.0.1", "100.100.100.200", "169.254.169.254", "168.63.129.16",
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.0.192", "198.18.0.1",
        "203.0.113.9", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
        "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:127.0.0.1", "::10.0.0.1", "64:ff9b::a00:1",
        "2002:0a00:0001::1", "2002:7f00:0001::", "::ffff:0:0", "nonsense",
    ],
)  # fmt: skip
def test_addresses_that_are_refused(address):
    assert STRICT.refuses_address(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "47.246.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_may_be_reached(address):
    assert STRICT.refuses_address(address) is None


def test_a_private_network_may_be_named_but_never_the_metadata_of_a_cloud():
    egress = Egress(never=NEVER, networks=[ip_network("10.20.0.0/16"), ip_network("169.254.0.0/16")])
    assert egress.refuses_address("10.20.3.4") is None
    assert egress.refuses_address("::ffff:10.20.3.4") is None
    assert egress.refuses_address("10.21.0.1")
    assert egress.refuses_address("169.254.169.254")


@pytest.fixture
def listener():
    """A socket on loopback that counts who connects."""
    server = socket.create_server(("127.0.0.1", 0))
    seen = []

    def serve():
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            seen.append(peer)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            peer.close()

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1], seen
    server.close()


def answers(monkeypatch, *addresses):
    """Let the name server answer in turn; the audit events of the real function are raised all the same."""
    real, left = socket.getaddrinfo, list(addresses)

    def resolve(host, port, *rest, **named):
        real("127.0.0.1", port) if host == "127.0.0.1" else None
        import sys

        sys.audit("socket.getaddrinfo", host, port, 0, 0, 0)
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize(
    "connect",
    [
        lambda port: requests.get(f"http://hooks.example.com:{port}/", timeout=2),
        lambda port: smtplib.SMTP("hooks.example.com", port, timeout=2),
        lambda port: http.client.HTTPConnection("hooks.example.com", port, timeout=2).connect(),
        lambda port: socket.create_connection(("hooks.example.com", port), timeout=2),
    ],
    ids=["requests", "smtplib", "http.client", "socket"],
)
def test_a_name_that_leads_to_loopback_is_not_connected_to_by_any_library(monkeypatch, listener, connect):
    port, seen = listener
    answers(monkeypatch, "127.0.0.1")
    with guarded(STRICT) as watch, pytest.raises(OSError, match="loopback"):
        connect(port)
    assert watch.refusal == "it leads to a loopback address"
    assert seen == []


def test_a_name_server_that_changes_its_mind_gains_nothing(monkeypatch, listener):
    """Rebinding: harmless when looked up first, the machine itself when connected to."""
    port, seen = listener
    answers(monkeypatch, "93.184.215.14", "127.0.0.1")
    with guarded(STRICT) as watch:
        assert STRICT.refuses_address(socket.getaddrinfo("hooks.example.com", port)[0][4][0]) is None
        with pytest.raises(OSError, match="loopback"):
            socket.create_connection(("hooks.example.com", port), timeout=2)
    assert watch.refusal
    assert seen == []


def test_an_address_without_a_name_and_a_name_that_is_not_listed_are_refused(listener):
    port, seen = listener
    with guarded(Egress(loopback=True)), pytest.raises(EgressRefusedError, match="delivery.hosts"):
        socket.socket().connect(("127.0.0.1", port))
    with guarded(STRICT), pytest.raises(EgressRefusedError, match="delivery.hosts"):
        socket.create_connection(("127.0.0.1", port))
    with guarded(STRICT), pytest.raises(EgressRefusedError, match="no network address"):
        socket.socket(socket.AF_UNIX).connect("/tmp/x.sock")
    assert seen == []


def test_loopback_where_it_is_configured_and_nothing_outside_of_the_block(listener):
    port, _ = listener
    with guarded(Egress(loopback=True)) as watch:
        assert requests.get(f"http://127.0.0.1:{port}/", timeout=5).status_code == 200
    assert watch.events >= 2
    assert requests.get(f"http://localhost:{port}/", timeout=5).status_code == 200
    assert watch.refusal is None


def test_another_thread_is_not_judged(listener):
    port, _ = listener
    got = []
    with guarded(STRICT):
        thread = threading.Thread(target=lambda: got.append(requests.get(f"http://127.0.0.1:{port}/", timeout=5)))
        thread.start()
        thread.join()
    assert got[0].status_code == 200
