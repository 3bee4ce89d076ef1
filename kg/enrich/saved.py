"""Answers as they came, one file each, so that a run can go on after a break and be repeated without a network."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from kg.errors import FetchError
from kg.files import write_text

# Only what is needed to ask again or to find the next page. Nothing of a request is ever stored.
_HEADERS: Final = ("content-type", "etag", "last-modified", "link", "location")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        url: Address at the service itself, without keys, also when another endpoint was asked.
        status: HTTP status.
        headers: Some of its headers, by lower-case name.
        body: The body.
        fetched_on: Day on which it was fetched, or last found to be unchanged.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_on: date


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of an answer that are needed to ask again or to find the next page."""
    return {name: headers[name] for name in _HEADERS if name in headers}


class Saved:
    """A folder of answers.

    Args:
        folder: Where they are.
        writable: False for a replay, which leaves the folder as it is.
    """

    def __init__(self, folder: Path, *, writable: bool = True) -> None:
        self.folder = folder
        self.writable = writable

    def path(self, service: str, url: str) -> Path:
        """File of an answer."""
        digest = hashlib.blake2b(url.encode(), digest_size=12).hexdigest()
        return self.folder / service / f"{digest}.json"

    def get(self, service: str, url: str) -> Answer | None:
        """The saved answer, or None.

        Raises:
            FetchError: There is a file and it cannot be understood.
        """
        path = self.path(service, url)
        try:
            plain = json.loads(path.read_text(encoding="utf-8"))
            found = _answer(plain)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise FetchError(f"the saved answer {path} is damaged: remove it") from error
        if found.url != url:
            raise FetchError(f"the saved answer {path} is to another question: remove it")
        return found

    def put(self, service: str, answer: Answer) -> None:
        """Keep an answer; a folder that is only replayed stays as it is."""
        if not self.writable:
            return
        plain: dict[str, Any] = {
            "url": answer.url,
            "status": answer.status,
            "fetched_on": answer.fetched_on.isoformat(),
            "headers": kept_headers(answer.headers),
        }
        try:
            plain["body"] = answer.body.decode("utf-8")
        except UnicodeDecodeError:
            plain["body_base64"] = base64.b64encode(answer.body).decode("ascii")
        text = json.dumps(plain, ensure_ascii=True, indent=1) + "\n"
        write_text(self.path(service, answer.url), text)


def _answer(plain: Any) -> Answer:
    body = plain["body"].encode() if "body" in plain else _decoded(plain["body_base64"])
    headers = {str(name): str(value) for name, value in plain["headers"].items()}
    fetched_on = date.fromisoformat(plain["fetched_on"])
    return Answer(str(plain["url"]), int(plain["status"]), headers, body, fetched_on)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
