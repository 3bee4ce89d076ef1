"""A running server seen through the browser: what pages said, asked for and were refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, Dialog, Page

from tests.web.running import Running

# Runs before anything else on a page and notes what its policy refuses.
LISTEN = """
window.refused = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.refused.push(event.violatedDirective + ' ' + event.blockedURI);
});
"""


def sparql(text: str) -> str:
    return f"/sparql?query={quote(text)}"


@dataclass
class Site:
    """An open page of a server.

    Attributes:
        page: The page.
        origin: Address of the server.
        messages: What pages wrote to the console, errors and dialogues included.
        foreign: Addresses of other hosts that pages asked for.
    """

    page: Page
    origin: str
    messages: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        """Open a page and give its status."""
        response = self.page.goto(self.origin + path)
        assert response is not None
        if path.startswith(("/graph/lineage", "/graph/coauthors")):
            self.page.wait_for_selector("html[data-ready=true]", timeout=60_000)
        return response.status

    def quiet(self) -> None:
        """Nothing was said, asked of others, or refused by the policy. The status of a page itself is no fault."""
        said = [text for text in self.messages if not text.startswith("error: Failed to load resource: the server")]
        assert said == []
        assert self.foreign == []
        assert self.page.evaluate("window.refused") == []
        assert self.page.evaluate("window.harmed") is None


@contextmanager
def visiting(
    browser: Browser,
    server: Running,
    *,
    scheme: Literal["light", "dark"] = "light",
    width: int = 1280,
    script: bool = True,
) -> Iterator[Site]:
    """A fresh browser window on a server."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        reduced_motion="reduce",
        java_script_enabled=script,
    )
    page = context.new_page()
    page.add_init_script(LISTEN)
    site = Site(page, f"http://127.0.0.1:{server.port}")

    def note(address: str) -> None:
        if urlsplit(address).scheme not in {"data", "blob"} and not address.startswith(site.origin + "/"):
            site.foreign.append(address)

    def dismiss(dialog: Dialog) -> None:
        site.messages.append("dialog")
        dialog.dismiss()

    page.on("console", lambda message: site.messages.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: site.messages.append(f"error: {error}"))
    page.on("request", lambda request: note(request.url))
    page.on("dialog", dismiss)
    yield site
    context.close()
