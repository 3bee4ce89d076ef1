"""An open page with everything it said and asked for."""

import json
from dataclasses import dataclass, field
from importlib.resources import files

from playwright.sync_api import Dialog, Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe-core finds, by the debugger and so past the page's policy."""
    session = page.context.new_cdp_session(page)
    for source in (AXE, "void 0"):
        session.send("Runtime.evaluate", {"expression": source})
    result = session.send(
        "Runtime.evaluate",
        {"expression": "axe.run(document).then((r) => JSON.stringify(r.violations))", "awaitPromise": True},
    )
    found = json.loads(result["result"]["value"])
    return [f"{entry['id']}: {[node['html'][:120] for node in entry['nodes'][:3]]}" for entry in found]


@dataclass
class Visit:
    """What happened on a page since it was opened.

    Attributes:
        page: The page.
        messages: What it wrote to the console, errors and dialogues included.
        requests: Addresses it asked for.
    """

    page: Page
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def dismiss(self, dialog: Dialog) -> None:
        """Note a dialogue and close it."""
        self.messages.append("dialog")
        dialog.dismiss()
