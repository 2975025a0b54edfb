"""Where nothing may be fetched from: a table, and what must hold for any address."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.addresses import RefusedAddress, checked_url, may_connect

REFUSED = [
    "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1",
    "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1",
    "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1",
]  # fmt: skip
ALLOWED = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "192.167.255.255",
           "11.0.0.1", "126.255.255.255", "128.0.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1",
           "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_these_are_refused(address: str) -> None:
    assert not may_connect(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ALLOWED)
def test_these_are_let_through(address: str) -> None:
    assert may_connect(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_reached_where_that_is_switched_on(address: str) -> None:
    assert may_connect(ipaddress.ip_address(address), loopback=True)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_the_same_however_it_is_written(address: ipaddress.IPv4Address) -> None:
    judged = may_connect(address)
    assert may_connect(ipaddress.IPv6Address(f"::ffff:{address}")) is judged
    assert may_connect(ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | int(address))) is judged
    assert may_connect(ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80))) is judged


@given(st.ip_addresses())
def test_nothing_private_and_nothing_for_many_is_let_through(address: ipaddress.IPv4Address) -> None:
    if address.is_private or address.is_multicast or address.is_loopback or address.is_link_local:
        carried = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
        assert not may_connect(address) or (carried is not None and may_connect(carried))


@given(st.ip_addresses())
def test_the_switch_lets_nothing_through_but_this_machine(address: ipaddress.IPv4Address) -> None:
    if may_connect(address, loopback=True) and not may_connect(address):
        assert (getattr(address, "ipv4_mapped", None) or address).is_loopback


@pytest.mark.parametrize(
    "url",
    [
        "http://idp.example", "ftp://idp.example", "file:///etc/passwd", "gopher://idp.example", "//idp.example", "",
        "https://", "https://user@idp.example", "https://user:word@idp.example", "https://idp.example/#part",
        "https://idp.example:0/", "https://idp.example:99999/", "https://10.0.0.1/", "https://[::1]/",
        "https://[fe80::1%25eth0]/", "https://127.0.0.1/", "https://idp.example\\@10.0.0.1/", "https://idp .example",
        "https://idp.example/\n", "https://ministère.example", "https://[::ffff:169.254.169.254]/",
        "https://idp.example/" + "x" * 2000,
    ],
)  # fmt: skip
def test_these_urls_are_refused(url: str) -> None:
    with pytest.raises(RefusedAddress):
        checked_url(url)


@pytest.mark.parametrize("url", ["https://idp.example", "https://idp.example:8443/realms/x?y=z", "https://1.1.1.1/"])
def test_these_urls_may_be_fetched(url: str) -> None:
    assert checked_url(url).geturl() == url


def test_http_is_for_this_machine_alone_and_only_where_switched_on() -> None:
    for url in ("http://127.0.0.1:8080/", "http://localhost:8080/", "http://[::1]/"):
        with pytest.raises(RefusedAddress):
            checked_url(url)
        assert checked_url(url, loopback=True).geturl() == url
    for url in ("http://idp.example/", "http://10.0.0.1/", "https://10.0.0.1/", "http://localhost.example/"):
        with pytest.raises(RefusedAddress):
            checked_url(url, loopback=True)


@given(st.text(max_size=60))
def test_any_text_is_judged_without_breaking(text: str) -> None:
    try:
        found = checked_url("https://" + text)
    except RefusedAddress:
        return
    assert found.scheme == "https"
    assert found.hostname
