"""The access log: a thread of its own writes it, so that nobody waits for whoever reads it."""

import contextlib
import os
import threading
from queue import Full, Queue
from typing import Final

_MOST_LINES: Final = 10_000
_LAST_WORDS_S: Final = 1.0


class Log:
    """Lines on their way to a file, a pipe or a terminal that may be slow or stuck.

    Args:
        file: Descriptor to write to.
        n_max: Lines that may wait; what is more is lost, and its number is told as soon as there is room.

    Attributes:
        lost: Lines that were lost so far.
    """

    def __init__(self, file: int, n_max: int = _MOST_LINES) -> None:
        self._file = file
        self._lines: Queue[str | None] = Queue(n_max)
        self.lost = 0
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """Lines that nobody has taken yet."""
        return self._lines.qsize()

    def write(self, line: str) -> None:
        """Hand over a line without its end; returns at once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._write_all, name="log", daemon=True)
            self._thread.start()
        try:
            self._lines.put_nowait(line)
        except Full:
            self.lost += 1

    def close(self) -> None:
        """Write what waits; give up after a second when nobody takes it."""
        if self._thread is not None:
            with contextlib.suppress(Full):
                self._lines.put_nowait(None)
            self._thread.join(_LAST_WORDS_S)

    def _write_all(self) -> None:
        told = 0
        while (line := self._lines.get()) is not None:
            self._write(f"{line}\n".encode())
            if self.lost > told:
                lost, told = self.lost - told, self.lost
                self._write(f'{{"lost_lines": {lost}}}\n'.encode())

    def _write(self, data: bytes) -> None:
        # Not by sys.stderr: a thread that is stuck in it would hold a lock that the end of the server needs.
        with contextlib.suppress(OSError):  # nobody reads the log any more; that is no reason not to answer
            while data:
                data = data[os.write(self._file, data) :]
