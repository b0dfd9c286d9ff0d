"""From which network a request comes, for limits. Never kept or logged as it is."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from fastapi import Request

V4_BITS = 32
V6_BITS = 56
"""What one household or phone gets: with whole addresses, one person would have as many limits as they like."""


def network_of(request: Request, trusted_proxies: int = 0) -> str:
    """The network a request comes from.

    Behind `trusted_proxies` proxies of the operator's own, each of which adds who asked it to X-Forwarded-For, that header is read from
    its end; without them nobody's word is taken for it.
    """
    address = request.client.host if request.client else ""
    if trusted_proxies:
        told = [part.strip() for line in request.headers.getlist("x-forwarded-for") for part in line.split(",")]
        if len(told) >= trusted_proxies:
            address = told[-trusted_proxies]
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    mapped = getattr(known, "ipv4_mapped", None) or known
    bits = V4_BITS if mapped.version == 4 else V6_BITS
    return str(ip_network(f"{mapped}/{bits}", strict=False))
