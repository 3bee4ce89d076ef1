"""The inside of a worker process: it reads tasks from standard input, one at a time, and answers on standard output.

It opens the store for reading only, gives up what it does not need (memory beyond its limit, files to write, core
dumps, priority, the network where the system lets it) and ends when the server does, however that ended.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from io import FileIO
from pathlib import Path
from typing import Any, Final

from kg.engine.bench import Bench
from kg.engine.frames import ERROR, PING, READY, frame, json_frame, read_frame
from kg.engine.limits import Limits
from kg.engine.sink import Sink
from kg.errors import KgError, QueryParameterError
from kg.service import KnowledgeGraph

_PR_SET_PDEATHSIG: Final = 1
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_MB: Final = 1024 * 1024

Task = Callable[[Bench, Mapping[str, Any], Sink], None]


def _leave_network() -> bool:
    """Move into a network of one's own, which has no interface that is up; False where the system forbids it."""
    # Root in a name space of users of its own could no longer read the files of others.
    flags = _CLONE_NEWNET if os.geteuid() == 0 else _CLONE_NEWUSER | _CLONE_NEWNET
    with contextlib.suppress(OSError, AttributeError):
        return bool(ctypes.CDLL(None).unshare(flags) == 0)
    return False


def end_with(parent: int) -> None:
    """End when the server ends: by the kernel's word on Linux, and by looking elsewhere."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def _virtual_size() -> int:
    with contextlib.suppress(OSError), Path("/proc/self/statm").open(encoding="ascii") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()
    return 512 * _MB


def _confine(memory_mb: int | None) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    if memory_mb is not None:
        allowed = _virtual_size() + memory_mb * _MB
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))


def _answer(tasks: Mapping[str, Task], bench: Bench, content: bytes, out: FileIO) -> None:
    task = json.loads(content)
    sink = Sink(lambda data: _write_all(out, data), bench.limits)
    try:
        tasks[task["task"]](bench, task["arguments"], sink)
        sink.finish()
    except KgError as error:
        if sink.began:
            os._exit(1)  # the client must see a broken answer
        found: dict[str, Any] = {"code": error.code, "status": error.http_status, "summary": error.summary}
        if isinstance(error, QueryParameterError):
            found["field"] = error.field
        _write_all(out, json_frame(ERROR, found))
    except MemoryError:
        os.abort()


def _write_all(out: FileIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[out.write(view) :]


def main(arguments: Sequence[str], tasks: Mapping[str, Task]) -> None:
    """Serve tasks until standard input ends.

    Args:
        arguments: Folder of the build, and settings as JSON; :mod:`kg.engine.pool` gives them.
        tasks: What can be asked, by name.
    """
    place, settings = Path(arguments[0]), json.loads(arguments[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server decides when a worker ends
    # Nothing may write between the frames.
    out = FileIO(os.dup(1), "wb")
    os.dup2(2, 1)
    alone = _leave_network()
    end_with(settings["parent"])
    limits = Limits(**settings["limits"])
    graph = KnowledgeGraph(place)
    bench = Bench(graph, limits, json.loads((place / "manifest.json").read_bytes()))
    bench.warm()
    _confine(limits.memory_mb)
    ready: dict[str, Any] = {"pid": os.getpid(), "no_network": alone}
    _write_all(out, json_frame(READY, ready))
    source = os.fdopen(os.dup(0), "rb")
    while (found := read_frame(source)) is not None:
        if found[0] == PING:
            _write_all(out, frame(READY, b""))
        else:
            _answer(tasks, bench, found[1], out)
