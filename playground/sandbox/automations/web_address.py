"""Normalising web addresses, and finding the registered domain in a text. No network."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

import idna
import tldextract

from playground.sandbox.automations.work import Work

# The list of public suffixes that comes with the library; nothing is fetched or cached.
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_TRACKING = ("utm_", "mc_", "fbclid", "gclid", "msclkid", "igshid", "trk")
_PORTS = {"http": 80, "https": 443}


def registered_domain(text: str) -> str:
    """`https://www.acme.co.uk/about` → `acme.co.uk`; empty when the text is no address."""
    parts = _split(text)
    host = _host(parts) if parts else ""
    return _extract(host).top_domain_under_public_suffix if host else ""


def run(work: Work) -> dict[str, Any]:
    text = work.text("url")
    parts = _split(text)
    host = _host(parts) if parts else ""
    if host.startswith("www.") and work.parameters.get("remove_www"):
        host = host.removeprefix("www.")
    found = _extract(host)
    is_valid = bool(found.top_domain_under_public_suffix)
    return {
        "url": text,
        "is_valid": is_valid,
        "normalized_url": _join(work, parts, host) if parts and is_valid else None,
        "host": host or None,
        "domain": found.top_domain_under_public_suffix or None,
        "subdomain": found.subdomain or None,
        "suffix": found.suffix or None,
        "path": _path(parts) if parts and is_valid else None,
    }


def _split(text: str) -> SplitResult | None:
    """The parts of an http address, the scheme being optional; None when it is none."""
    if not text or any(char.isspace() for char in text):
        return None
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in _PORTS and parts.hostname and "@" not in parts.netloc else None


def _host(parts: SplitResult) -> str:
    """The host in ASCII, or empty when it cannot be one."""
    try:
        return idna.encode((parts.hostname or "").rstrip("."), uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


def _path(parts: SplitResult) -> str:
    return quote(parts.path, safe="/%:@!$&'()*+,;=~-._", errors="replace") or "/"


def _join(work: Work, parts: SplitResult, host: str) -> str:
    scheme = "https" if work.parameters.get("force_https") else parts.scheme
    is_usual = parts.port is None or parts.port == _PORTS[parts.scheme]
    netloc = host if is_usual else f"{host}:{parts.port}"
    pairs = parse_qsl(parts.query, keep_blank_values=True, errors="replace")
    if work.parameters.get("remove_tracking"):
        pairs = [(name, value) for name, value in pairs if not name.startswith(_TRACKING)]
    return urlunsplit((scheme, netloc, _path(parts), urlencode(pairs, errors="replace"), ""))
