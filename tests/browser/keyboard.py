"""Working a page with the keyboard alone, as somebody does who cannot use a mouse."""

from playwright.sync_api import Page

TABS_MAX = 120
FOCUSED = """() => {
  const node = document.activeElement;
  const style = getComputedStyle(node);
  return {
    name: node.id || node.dataset.row || node.dataset.key || node.dataset.action || node.textContent.trim(),
    isSeen: node === document.body || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
  };
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control named (id, row action or text) has the focus; each stop must be seen to have it."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused["isSeen"], f"focus is not visible on {focused['name']!r}"
        if focused["name"] == name:
            return
    raise AssertionError(f"Tab never reached {name!r}")
