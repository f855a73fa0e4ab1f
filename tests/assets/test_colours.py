"""The colours of both themes: text can be read (WCAG 2.2 AA) and segments told apart, also by people who see colours differently.

Colour blindness as Machado et al. (2009) model it at full severity; distances are CIEDE2000 (Sharma et al. 2005), which is checked first
against pairs of their paper.
"""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path

import numpy as np
import pytest

TEXT, MARK = 4.5, 3.0
FIRST_SIX, ALL_TEN = 13.0, 11.0
GROUNDS = {
    "bs-body-color": "bs-body-bg cl-surface cl-sunken bs-secondary-bg",
    "bs-secondary-color": "bs-body-bg cl-surface cl-sunken",
    "bs-tertiary-color": "bs-body-bg cl-surface cl-sunken bs-tertiary-bg",
    "bs-link-color": "bs-body-bg cl-surface",
    "bs-success": "bs-success-bg-subtle cl-surface",
    "bs-warning": "bs-warning-bg-subtle cl-surface",
    "bs-danger": "bs-danger-bg-subtle cl-surface",
    "cl-on-primary": "bs-primary",
}
VISION = {
    "normal": np.eye(3),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}
_TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
_WHITE = np.array([0.95047, 1.0, 1.08883])


@pytest.fixture(params=["light", "dark"])
def tokens(request: pytest.FixtureRequest, project: Path) -> dict[str, str]:
    """The colours of a theme by the name of their token; the dark one changes some of the light one."""
    style = (project / "assets" / "10-clientele.css").read_text("utf-8")
    light, dark = (dict(re.findall(r"--([\w-]+):(#[0-9A-Fa-f]{6});", part)) for part in style.split("[data-bs-theme=dark]{"))
    return light if request.param == "light" else {**light, **dark}


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(linear(colour) @ (0.2126, 0.7152, 0.0722)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, vision: np.ndarray) -> tuple[float, float, float]:
    ratio = _TO_XYZ @ np.clip(vision @ linear(colour), 0, 1) / _WHITE
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """CIEDE2000 with all weights 1, in the names of Sharma et al."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    c7 = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    g = 1.5 - 0.5 * math.sqrt(c7 / (c7 + 25**7))
    c1, c2 = math.hypot(a1 * g, b1), math.hypot(a2 * g, b2)
    h1, h2 = (math.degrees(math.atan2(b, a * g)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    d_hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    light, chroma, hue = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + turn / 2) % 360
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    t = 1 + sum(size * math.cos(math.radians(times * hue + shift)) for size, times, shift in waves)
    s_l = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    spin = -math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2)))) * 2 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    d_l, d_c, d_h = (l2 - l1) / s_l, (c2 - c1) / s_c, d_hue / s_h
    return math.sqrt(d_l**2 + d_c**2 + d_h**2 + spin * d_c * d_h)


@pytest.mark.parametrize(
    ("one", "other", "published"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0),
        ((50.0, 2.5, 0.0), (61.0, -5.0, 29.0), 22.8977),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_distance_is_that_of_the_paper(one: tuple[float, float, float], other: tuple[float, float, float], published: float) -> None:
    assert distance(one, other) == pytest.approx(published, abs=5e-5)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_text_can_be_read(tokens: dict[str, str]) -> None:
    pairs = [(text, ground) for text, grounds in GROUNDS.items() for ground in grounds.split()]
    pairs += [(f"{ramp}-t{step}", f"{ramp}-{step}") for ramp, steps in (("seq", 8), ("div", 9)) for step in range(steps)]
    pairs += [(f"seg-{letter}-on", f"seg-{letter}") for letter in range(1, 11)]
    assert {pair: found for pair in pairs if (found := contrast(tokens[pair[0]], tokens[pair[1]])) < TEXT} == {}


def test_marks_can_be_seen(tokens: dict[str, str]) -> None:
    marks = ["cl-control", "cl-data", "cl-data-2", "cl-ref", "cl-ref-strong", "bs-primary", *(f"seg-{n}" for n in range(1, 11))]
    assert {mark: found for mark in marks if (found := contrast(tokens[mark], tokens["cl-surface"])) < MARK} == {}


@pytest.mark.parametrize("vision", VISION)
def test_segments_can_be_told_apart(tokens: dict[str, str], vision: str) -> None:
    seen = [lab(tokens[f"seg-{number}"], VISION[vision]) for number in range(1, 11)]
    for count, least in ((6, FIRST_SIX), (10, ALL_TEN)):
        assert min(distance(one, other) for one, other in itertools.combinations(seen[:count], 2)) >= least
