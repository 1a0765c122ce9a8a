"""How long a step of scrolling takes a page, as the browser itself counts."""

from __future__ import annotations

from typing import Any

STEPS = """async (steps) => {
  const end = document.documentElement.scrollHeight - innerHeight;
  for (let step = 1; step <= steps; step++) {
    scrollTo(0, (end * step) / steps);
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
  }
}"""
COUNTED = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")


def scroll_steps(page: Any, steps: int) -> float:
    """Milliseconds of script, style and layout for one of so many steps from a page's top to its foot."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})  # its own work: no pauses for that of others
    page.evaluate(STEPS, 2)  # what is done once is no part of a step
    page.evaluate("() => scrollTo(0, 0)")
    before = _spent(session)
    page.evaluate(STEPS, steps)
    return 1000 * (_spent(session) - before) / steps


def _spent(session: Any) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(sum(each["value"] for each in metrics if each["name"] in COUNTED))
