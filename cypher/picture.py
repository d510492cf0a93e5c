"""A picture of the graph, drawn from it: labels as circles, relationship types as arrows, each with its count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import hypot, log10

from cypher import library
from cypher.graph import Graph
from cypher.perspective import PALETTE

WIDTH, HEIGHT = 1280, 800

# Jobs left, skills in the middle, students right, resources and what is derived below.
PLACES: dict[str, tuple[int, int]] = {
    "Industry": (90, 90),
    "Employer": (250, 140),
    "Region": (90, 280),
    "Job": (320, 300),
    "JobCluster": (520, 400),
    "Skill": (560, 130),
    "Capability": (800, 220),
    "Student": (980, 380),
    "Major": (1180, 250),
    "University": (1180, 90),
    "ClassGroup": (1180, 500),
    "Venture": (980, 110),
    "Resource": (900, 680),
    "Gap": (690, 540),
    "Forecast": (330, 620),
    "Generation": (110, 640),
}
GROUPS = {
    "job": ("Job", "JobCluster", "Employer", "Industry", "Region"),
    "skill": ("Skill", "Capability"),
    "user": ("Student", "Major", "ClassGroup", "University", "Venture"),
    "resource": ("Resource",),
}
COLOURS = {"job": PALETTE[2], "skill": PALETTE[3], "user": PALETTE[6], "resource": PALETTE[0], "derived": PALETTE[1]}


@dataclass(frozen=True, slots=True)
class Arrow:
    """A relationship type between two labels, with its count."""

    type: str
    start: str
    end: str
    count: int


def read(graph: Graph) -> tuple[dict[str, int], list[Arrow]]:
    """Return the count of each label, and the arrows between them."""
    labels = {record["label"]: record["nodes"] for record in graph.read(library.query("report/labels"))}
    arrows = [
        Arrow(record["type"], record["start"], record["end"], record["relationships"])
        for record in graph.read(library.query("report/patterns"))
    ]
    return labels, arrows


def svg(labels: Mapping[str, int], arrows: Sequence[Arrow]) -> str:
    """Return the picture as SVG.

    Arguments:
        labels: count of each label; those without a place are left out.
        arrows: relationship types between them.
    """
    labels = {label: count for label, count in labels.items() if label in PLACES}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="Helvetica, Arial, sans-serif">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path d="M0,0 L8,4 L0,8 z" fill="#888888"/></marker></defs>',
    ]
    between: dict[tuple[str, str], list[Arrow]] = {}
    for arrow in sorted(arrows, key=lambda each: (each.start, each.end, each.type)):
        if arrow.start in labels and arrow.end in labels:
            between.setdefault((arrow.start, arrow.end), []).append(arrow)
    for (start, end), group in between.items():
        parts += _arrow(start, end, group, labels)
    for label, count in sorted(labels.items()):
        parts += _circle(label, count)
    return "\n".join([*parts, "</svg>", ""])


def _radius(count: int) -> float:
    return 30 + 5 * log10(count + 1)


def _colour(label: str) -> str:
    return COLOURS[next((group for group, members in GROUPS.items() if label in members), "derived")]


def _circle(label: str, count: int) -> list[str]:
    x, y = PLACES[label]
    return [
        f'<circle cx="{x}" cy="{y}" r="{_radius(count):.1f}" fill="{_colour(label)}" stroke="#555555"/>',
        f'<text x="{x}" y="{y}" text-anchor="middle" font-size="14" font-weight="bold">{escape(label)}</text>',
        f'<text x="{x}" y="{y + 16}" text-anchor="middle" font-size="12">{count:,}</text>',
    ]


def _arrow(start: str, end: str, group: Sequence[Arrow], labels: Mapping[str, int]) -> list[str]:
    x1, y1 = PLACES[start]
    x2, y2 = PLACES[end]
    words = [f"{each.type} {each.count:,}" for each in group]
    if start == end:
        radius = _radius(labels[start])
        # A loop stands on the outer side of its circle.
        side = -1 if y1 < HEIGHT / 2 else 1
        foot, crown = y1 + side * radius, y1 + side * (radius + 55)
        path = f"M{x1 - 14},{foot:.1f} C{x1 - 50},{crown:.1f} {x1 + 50},{crown:.1f} {x1 + 14},{foot:.1f}"
        return [_line(path), *_words(words, x1, crown + 7 * -side)]
    length = hypot(x2 - x1, y2 - y1)
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    # The way back runs beside the way there.
    bend = 26.0
    mx, my = (x1 + x2) / 2 - dy * bend, (y1 + y2) / 2 + dx * bend
    sx, sy = x1 + dx * _radius(labels[start]), y1 + dy * _radius(labels[start])
    ex, ey = x2 - dx * (_radius(labels[end]) + 2), y2 - dy * (_radius(labels[end]) + 2)
    return [
        _line(f"M{sx:.1f},{sy:.1f} Q{mx:.1f},{my:.1f} {ex:.1f},{ey:.1f}"),
        *_words(words, (mx + (x1 + x2) / 2) / 2, (my + (y1 + y2) / 2) / 2),
    ]


def _line(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="#888888" stroke-width="1.4" marker-end="url(#tip)"/>'


def _words(words: Sequence[str], x: float, y: float) -> list[str]:
    top = y - 6 * (len(words) - 1)
    return [
        f'<text x="{x:.1f}" y="{top + 12 * number:.1f}" text-anchor="middle" font-size="10" fill="#333333" '
        f'stroke="#ffffff" stroke-width="3" paint-order="stroke">{escape(word)}</text>'
        for number, word in enumerate(words)
    ]
