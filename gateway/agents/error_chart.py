"""The share of wrong answers among the sure ones, week after week, as a small picture (SVG without script or style)."""

from __future__ import annotations

from html import escape

from markupsafe import Markup

from gateway.review_sample import ErrorEstimate
from training.evaluate import interval

STEP, HEIGHT, LEFT, BOTTOM = 44, 120, 40, 24


def draw_weeks(estimate: ErrorEstimate) -> Markup:
    """One dot a week with its 95 % interval; the table beside it says the same in words."""
    width = LEFT + STEP * len(estimate.weeks) + 10
    marks = [_draw_line(share) for share in (0.0, 0.5, 1.0)]
    for place, week in enumerate(estimate.weeks):
        low, high = interval(week.wrong, week.judged)
        x = LEFT + STEP * place + STEP // 2
        marks.append(f'<line class="spread" x1="{x}" x2="{x}" y1="{_y(low)}" y2="{_y(high)}"/>')
        marks.append(f'<circle class="dot" cx="{x}" cy="{_y(week.wrong / week.judged)}" r="4"/>')
        marks.append(f'<text x="{x}" y="{HEIGHT + BOTTOM - 6}" text-anchor="middle">{escape(week.week[5:])}</text>')
    label = "Part de réponses fausses parmi les réponses sûres, semaine par semaine"
    size = f'viewBox="0 0 {width} {HEIGHT + BOTTOM}" width="{width}" height="{HEIGHT + BOTTOM}"'
    return Markup(f'<svg class="weeks" role="img" aria-label="{label}" {size}>{"".join(marks)}</svg>')


def _y(share: float) -> int:
    return round(8 + (1 - min(max(share, 0.0), 1.0)) * (HEIGHT - 16))


def _draw_line(share: float) -> str:
    y = _y(share)
    text = f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{share:.0%}</text>'
    return f'<line class="grid" x1="{LEFT}" x2="100%" y1="{y}" y2="{y}"/>{text}'
