"""Evaluation in worker processes that can be killed: the only place where a server's queries run.

pyoxigraph cannot be interrupted. A query therefore runs in a process of its own that is killed when its time is up,
and replaced. :mod:`kg.engine.pool` belongs to the server, :mod:`kg.engine.worker` to the other side of the pipe.
"""

from kg.engine.limits import Limits
from kg.engine.pool import Answer, Pool

__all__ = ["Answer", "Limits", "Pool"]
