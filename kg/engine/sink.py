"""Where a task writes its answer: the first part is held back, so that faults can still become a status."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from kg.engine.frames import DATA, END, HEAD, frame, json_frame
from kg.engine.limits import Limits

_HELD: Final = 128 * 1024

Send = Callable[[bytes], None]


class Sink:
    """Collects an answer and sends it as frames.

    Attributes:
        media_type: Of the answer; set before the first write.
        headers: More headers; set before the first write.
        status: HTTP status; set before the first write.
        rows: Rows counted so far.
        cut: Whether a cap was reached and something left out.
        can_say_so: Whether the body says that it was cut.
    """

    def __init__(self, send: Send, limits: Limits) -> None:
        self._send, self._limits = send, limits
        self._held: list[bytes] = []
        self._size = 0
        self.began = False
        self.media_type = "text/plain"
        self.headers: dict[str, str] = {}
        self.status = 200
        self.rows = 0
        self.cut = False
        self.can_say_so = False

    def counted(self, rows: Iterable[Any]) -> Iterator[Any]:
        """The rows up to the caps; after that :attr:`cut` is true."""
        for row in rows:
            if self.rows >= self._limits.rows or self._size >= self._limits.out_bytes:
                self.cut = True
                return
            self.rows += 1
            yield row

    def write(self, content: bytes) -> int:
        """Take some bytes of the answer."""
        self._size += len(content)
        if self.began:
            self._send(frame(DATA, bytes(content)))
            return len(content)
        self._held.append(bytes(content))
        if self._size > _HELD:
            self._begin(complete=False)
        return len(content)

    def flush(self) -> None:
        """Nothing: bytes go out when enough have come together."""

    def _begin(self, *, complete: bool) -> None:
        self.began = True
        if self.cut:
            self.headers["STKG-Truncated"] = f"rows={self.rows}"
        head = {
            "type": self.media_type,
            "headers": self.headers,
            "status": self.status,
            "length": self._size if complete else None,
        }
        first = json_frame(HEAD, head) + frame(DATA, b"".join(self._held))
        self._held.clear()
        # A whole answer goes out in one piece.
        self._send(first + self._end(said=True) if complete else first)

    def _end(self, *, said: bool) -> bytes:
        return json_frame(END, {"rows": self.rows, "cut": self.cut, "broken": self.cut and not said})

    def finish(self) -> None:
        """End the answer. One that was cut and has said so nowhere is marked as broken."""
        if self.began:
            self._send(self._end(said=self.can_say_so))
        else:
            self._begin(complete=True)
