"""The risk-coverage curve as a small SVG, drawn by hand: no plotting library."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Curve = tuple[str, Array, Array]

_WIDTH, _HEIGHT, _EDGE = 640, 400, 56
_INKS = ("#1b5e9b", "#b3541e", "#3a7d44", "#6b4c9a")


def risk_coverage_svg(curves: Sequence[Curve], marks: Sequence[tuple[str, float, float]]) -> str:
    """Curves of (name, coverage, risk), and marks where the shipped thresholds stand."""
    top = max([0.1, *(float(risk.max(initial=0.0)) for _, _, risk in curves)])
    parts = [*_frame(top)]
    for at, (name, coverage, risk) in enumerate(curves):
        ink = _INKS[at % len(_INKS)]
        points = " ".join(_point(x, y, top) for x, y in zip(coverage, risk, strict=True))
        parts.append(f'<polyline fill="none" stroke="{ink}" stroke-width="2" points="{points}"/>')
        parts.append(f'<text x="{_EDGE + 12}" y="{_EDGE + 18 * at}" fill="{ink}">{name}</text>')
    for name, coverage, risk in marks:
        x, y = _point(coverage, risk, top).split(",")
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="4"/><text x="{x}" y="{y}" dy="-8">{name}</text>'
        )
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'font-family="sans-serif" font-size="12">\n{body}\n</svg>\n'
    )


def _frame(top: float) -> list[str]:
    right, bottom = _WIDTH - _EDGE, _HEIGHT - _EDGE
    lines = [
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<path d="M{_EDGE} {_EDGE}V{bottom}H{right}" fill="none" stroke="black"/>',
        (
            f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 14}" text-anchor="middle">'
            "coverage: share of questions answered</text>"
        ),
        f'<text x="14" y="{_EDGE - 14}">risk: share of the answered that is wrong</text>',
    ]
    for step in range(5):
        x, y = _point(step / 4, top * step / 4, top).split(",")
        lines.append(f'<text x="{x}" y="{bottom + 16}" text-anchor="middle">{step * 25} %</text>')
        lines.append(
            f'<text x="{_EDGE - 6}" y="{y}" text-anchor="end">{top * step * 25:.0f} %</text>'
        )
    return lines


def _point(coverage: float, risk: float, top: float) -> str:
    x = _EDGE + coverage * (_WIDTH - 2 * _EDGE)
    y = _HEIGHT - _EDGE - risk / top * (_HEIGHT - 2 * _EDGE)
    return f"{x:.1f},{y:.1f}"
