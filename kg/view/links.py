"""Which texts may become links: web addresses and nothing else."""

import re
from urllib.parse import urlsplit

_UNFIT = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")


def web_address(value: str | None) -> str | None:
    """The text when it is an ``http`` or ``https`` address with a host, else ``None``."""
    if not value or _UNFIT.search(value):
        return None
    try:
        parts = urlsplit(value)
        fit = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        return None
    return value if fit else None


def short_name(address: str) -> str:
    """How a link reads: a DOI or ``owner/name`` where that is known, else the address without its scheme."""
    bare = address.split("://", 1)[-1].removeprefix("www.").rstrip("/")
    for host in ("doi.org/", "dx.doi.org/", "github.com/", "w3id.org/stkg/", "orcid.org/"):
        if bare.startswith(host) and len(bare) > len(host):
            return bare[len(host) :]
    return bare
