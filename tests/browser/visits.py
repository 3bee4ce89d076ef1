"""An open page with everything it said and asked for."""

from dataclasses import dataclass, field

from playwright.sync_api import Dialog, Page


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
