"""Ask public services, only when the user says so, for what our records lack; the answer is a plan.

The package is the only one that makes requests. :mod:`kg.enrich.client` keeps and replays answers,
:mod:`kg.enrich.polite` waits and retries, :mod:`kg.enrich.transport` talks HTTP, and :mod:`kg.enrich.links` checks
addresses.
"""

from kg.enrich.client import Client, Settings, open_client
from kg.enrich.links import LinkResult, check_links

__all__ = ["Client", "LinkResult", "Settings", "check_links", "open_client"]
