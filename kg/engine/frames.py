"""Frames on the socket between server and worker: one byte for the kind, four for the length, then the content.

The server sends ``task`` frames. A worker says ``ready`` once by itself and once for each ``ping``, and answers each
task with either ``error``, or ``head``, any number of ``data`` and ``end``.
"""

import json
import struct
from typing import Any, BinaryIO, Final

HEADER: Final = struct.Struct(">cI")
READY: Final = b"R"
PING: Final = b"P"
TASK: Final = b"T"
HEAD: Final = b"H"
DATA: Final = b"D"
END: Final = b"E"
ERROR: Final = b"X"


def frame(kind: bytes, content: bytes) -> bytes:
    r"""One frame.

    >>> frame(DATA, b"abc")
    b'D\x00\x00\x00\x03abc'
    """
    return HEADER.pack(kind, len(content)) + content


def json_frame(kind: bytes, value: Any) -> bytes:
    """One frame with JSON in it."""
    return frame(kind, json.dumps(value).encode())


def read_frame(source: BinaryIO) -> tuple[bytes, bytes] | None:
    """The next frame, or None when the other side has closed it."""
    head = source.read(HEADER.size)
    if len(head) < HEADER.size:
        return None
    kind, length = HEADER.unpack(head)
    content = source.read(length)
    return (kind, content) if len(content) == length else None
