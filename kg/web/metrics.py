"""Counters, in the text format of Prometheus."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from kg.engine.pool import Pool

_BUCKETS: Final = (0.005, 0.025, 0.1, 0.5, 2.0, 10.0, 60.0)


class Traffic:
    """What happened so far: requests by route and status, never by what a query says.

    Attributes:
        events: What happened to workers, by name of their pool.
        reloads: Outcomes of reloads.
        hits: Requests answered with an answer that was kept.
    """

    def __init__(self) -> None:
        self.events: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.reloads: Counter[str] = Counter()
        self.requests: Counter[tuple[str, int]] = Counter()
        self.buckets: Counter[float] = Counter()
        self.seconds = 0.0
        self.out_bytes = self.hits = 0

    def count(self, route: str, status: int, seconds: float, size: int) -> None:
        """Count one request."""
        self.requests[route, status] += 1
        self.seconds += seconds
        self.out_bytes += size
        for bound in _BUCKETS:
            if seconds <= bound:
                self.buckets[bound] += 1


def _lines(traffic: Traffic, pools: Iterable[Pool], build: str) -> Iterator[str]:
    yield "# TYPE stkg_http_requests_total counter"
    for (route, status), number in sorted(traffic.requests.items()):
        yield f'stkg_http_requests_total{{route="{route}",status="{status}"}} {number}'
    total = traffic.requests.total()
    yield "# TYPE stkg_http_request_seconds histogram"
    for bound in _BUCKETS:
        yield f'stkg_http_request_seconds_bucket{{le="{bound:g}"}} {traffic.buckets[bound]}'
    yield f'stkg_http_request_seconds_bucket{{le="+Inf"}} {total}'
    yield f"stkg_http_request_seconds_sum {traffic.seconds:.6f}"
    yield f"stkg_http_request_seconds_count {total}"
    yield "# TYPE stkg_http_response_bytes_total counter"
    yield f"stkg_http_response_bytes_total {traffic.out_bytes}"
    yield "# TYPE stkg_cache_hits_total counter"
    yield f"stkg_cache_hits_total {traffic.hits}"
    pools = list(pools)
    for name in ("size", "alive", "idle", "queued"):
        yield f"# TYPE stkg_workers_{name} gauge"
        for pool in pools:
            yield f'stkg_workers_{name}{{pool="{pool.name}"}} {getattr(pool, name)}'
    yield "# TYPE stkg_worker_events_total counter"
    for pool in pools:
        for event in ("started", "killed", "timeout", "lost", "refused", "failed-start"):
            yield f'stkg_worker_events_total{{pool="{pool.name}",event="{event}"}} {pool.counts[event]}'
    yield "# TYPE stkg_build_info gauge"
    yield f'stkg_build_info{{build="{build}"}} 1'
    yield "# TYPE stkg_reloads_total counter"
    for outcome in ("done", "unchanged", "failed"):
        yield f'stkg_reloads_total{{outcome="{outcome}"}} {traffic.reloads[outcome]}'


def exposition(traffic: Traffic, pools: Iterable[Pool], build: str) -> str:
    """Everything as text.

    Args:
        traffic: Counters of the whole server.
        pools: Workers of the build that is served.
        build: Its name.
    """
    return "\n".join(_lines(traffic, pools, build)) + "\n"
