"""What axe finds wrong with a page, looked at in one width after the other.

Measuring colours takes axe longer than everything else, and a colour does not hang on the width: what is seen in the
first width is measured there, and in the next only what comes into view.
"""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

# Only what is wrong is told. No rule that is asked here reads style sheets, which would be fetched anew each time.
_LOOK = """
async (again) => {
  const options = { resultTypes: ["violations"], preload: false };
  const inView = [...document.querySelectorAll("body *")].filter((element) => element.checkVisibility());
  if (!again || !window.measuredByAxe) {
    window.measuredByAxe = new WeakSet(inView);
    return await axe.run(document, options);
  }
  const found = await axe.run(document, { ...options, rules: { "color-contrast": { enabled: false } } });
  const fresh = new Set(inView.filter((element) => !window.measuredByAxe.has(element)));
  const include = [...fresh].filter((element) => !fresh.has(element.parentElement));
  fresh.forEach((element) => window.measuredByAxe.add(element));
  if (include.length) {
    const colours = await axe.run({ include }, { ...options, runOnly: ["color-contrast"] });
    found.violations.push(...colours.violations);
  }
  return found;
}
"""


def faults(page: Page, *, again: bool) -> str:
    """Axe's report of the page as it is shown now; empty where nothing is wrong.

    ``again``: nothing but the width has changed since the last look.
    """
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate(_LOOK, again))
    return found.generate_report() if found.violations_count else ""
