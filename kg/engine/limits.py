"""The limits of a server, in one place."""

from typing import Any, NamedTuple


class Limits(NamedTuple):
    """What one request may take.

    Attributes:
        seconds: From the start of evaluation to the last byte sent.
        memory_mb: What a worker may take on top of what it has when idle; None for no limit.
        rows: Solutions or triples in one answer.
        out_bytes: Bytes in one answer.
        body_bytes: Bytes of a request's body.
        queue: Requests that may wait, over all clients.
        client_queue: Requests of one client that may wait.
    """

    seconds: float = 30.0
    memory_mb: int | None = 1024
    rows: int = 1_000_000
    out_bytes: int = 256 * 1024 * 1024
    body_bytes: int = 1024 * 1024
    queue: int = 256
    client_queue: int = 32

    def shown(self) -> dict[str, Any]:
        """The limits that an asker can run into, for problems and headers."""
        return {"seconds": self.seconds, "memory_mb": self.memory_mb, "rows": self.rows, "bytes": self.out_bytes}

    def header(self) -> str:
        """The same as the value of a header."""
        return ", ".join(f"{name}={value}" for name, value in self.shown().items() if value is not None)
