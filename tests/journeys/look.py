"""What can be measured of a screen: sideways scrolling, clipped numbers, and axe-core's serious findings."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A number may not be cut off: each text that is one is compared with every ancestor that hides what overflows it.
CLIPPED = r"""() => {
  const number = /^[+\-±]?\d[\d.,:]*(\s?(km|m|s|%|°|min|h|米))?$/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const cut = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.trim();
    if (!number.test(text) || node.parentElement.closest('select, .sr, script, style, [hidden]')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const own = range.getBoundingClientRect();
    if (!own.width || getComputedStyle(node.parentElement).visibility === 'hidden') continue;
    for (let up = node.parentElement; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.overflowX === 'visible') continue;
      const box = up.getBoundingClientRect();
      if (box.width < 2 || style.overflowX === 'auto' || style.overflowX === 'scroll') break;
      const outside = own.left >= box.right || own.right <= box.left;
      if (!outside && (own.right > box.right + 1 || own.left < box.left - 1)) cut.push(`${text} in .${up.className}`);
    }
  }
  return cut;
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RUN = """async (rules) => {
  const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] });
  return violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => ({
    id: one.id, impact: one.impact, help: one.help,
    where: one.nodes.slice(0, 4).map((node) => `${node.target.join(' ')} ${node.any.map((part) => part.message).join('; ')}`),
  }));
}"""


def faults_of(page: Page, *, with_axe: bool = True) -> list[Any]:
    """Return what is wrong with the screen as it stands now."""
    faults: list[Any] = []
    if page.evaluate(SIDEWAYS) > 0:
        faults.append("the page scrolls sideways")
    faults += [f"clipped: {text}" for text in page.evaluate(CLIPPED)]
    if with_axe:
        faults += axe(page)
    return faults


def axe(page: Page) -> list[Any]:
    """Return axe-core's serious and critical findings. Evaluated, not loaded: our CSP allows no foreign script."""
    if not AXE.is_file():
        pytest.fail("axe-core is not installed: npm ci in frontend (make test does it).")
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[Any] = page.evaluate(RUN, RULES)
    return found
