"""The one-page report: it needs nothing else, no text in it acts, and its numbers are those that went in."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dashboard.exports.reports import colours
from dashboard.exports.reports.checked import charts_of, check_page
from dashboard.exports.reports.content import ReportContent, Series
from dashboard.exports.reports.html_report import html_report
from dashboard.exports.reports.svg import draw_chart
from segmentation.errors import UnavailableError
from tests.dashboard.exports.reports.sample import HOSTILE, chart, content, extreme


class Tags(HTMLParser):
    """What is in a page: its tags with their attributes, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("what", [content(), extreme()], ids=["plain", "extreme"])
def test_nothing_in_it_runs_or_asks_for_anything(what: ReportContent) -> None:
    page = html_report(what)
    found = Tags(page)
    assert not {tag for tag, _ in found.tags} & {"script", "link", "img", "iframe", "object", "a", "form", "base"}
    assert not {name for _, facts in found.tags for name in facts if name.startswith("on") or name in ("src", "href", "style", "srcset")}
    assert "url(" not in page and "@import" not in page and "http:" not in page and "https:" not in page
    (policy,) = [facts["content"] for tag, facts in found.tags if tag == "meta" and "http-equiv" in facts]
    assert re.fullmatch(r"default-src 'none'; style-src 'sha256-[\w+/]+='", str(policy))


def test_texts_stand_as_they_are_written() -> None:
    found = Tags(html_report(content(title=HOSTILE)))
    title = found.words[found.words.index(next(word for word in found.words if "<script>" in word))]
    assert title.startswith('<script>alert("x")</script> & \'=cmd|" /C calc"!A1\'')
    assert not any(char in title for char in "\x00\x0b\ud800")


@pytest.mark.parametrize("what", [content(), content(11), extreme()], ids=["plain", "eleven", "extreme"])
def test_its_numbers_are_those_that_went_in(what: ReportContent, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(html_report(what), encoding="utf-8")
    in_charts = sum(value is not None for chart in charts_of(what) for series in chart.series for value in series.values)
    assert check_page(path, what) == in_charts + len(what.kpis) + 4 * len(what.segments) + 2
    with pytest.raises(UnavailableError):
        check_page(path, replace(what, kpis=(replace(what.kpis[0], exact=0.25), *what.kpis[1:])))
    page = path.read_text(encoding="utf-8")
    path.write_text(page.replace('data-value="69513.99"', 'data-value="69513.98"', 1), encoding="utf-8")
    with pytest.raises(UnavailableError):
        check_page(path, what)


@pytest.mark.parametrize("is_over_time", [True, False])
def test_what_is_below_nothing_is_drawn_on_the_other_side(is_over_time: bool) -> None:
    values = (Series("Revenue", (300.0, -100.0, 0.0)),)
    drawing = draw_chart(chart("net", 3, is_over_time=is_over_time, series=values), None, 400)
    bars = [facts for tag, facts in Tags(drawing).tags if tag == "rect"]
    start, length = ("y", "height") if is_over_time else ("x", "width")
    ends = [(float(str(bar[start])), float(str(bar[start])) + float(str(bar[length]))) for bar in bars]
    high, low = (ends[0], ends[1]) if is_over_time else (ends[1], ends[0])
    assert high[1] == pytest.approx(low[0], abs=0.11), "they meet at nothing"
    sizes = [end - begin for begin, end in ends]
    assert sizes[0] == pytest.approx(3 * sizes[1], abs=0.5) and sizes[1] > 20 and sizes[2] == 0


def test_the_year_before_is_a_mark_across_its_month() -> None:
    months = next(each for each in content().charts if each.name == "months")
    bars = [facts for tag, facts in Tags(draw_chart(months, None, 860)).tags if tag == "rect"]
    assert len(bars) == 12 + 11
    first, mark = bars[0], bars[12]
    assert mark["height"] == "3" and float(str(mark["x"])) < float(str(first["x"]))
    assert float(str(mark["width"])) > float(str(first["width"])) > 40, "a bar has its month to itself"


def test_the_value_of_a_bar_stands_above_the_mark_that_would_lie_on_it() -> None:
    series = (Series("This year", (100.0, 85.0)), Series("The year before", (40.0, 92.0)))
    tags = Tags(draw_chart(chart("months", 2, is_over_time=True, series=series), None, 400)).tags
    marks = [float(str(facts["y"])) for tag, facts in tags if tag == "rect" and facts["height"] == "3"]
    first, second = [float(str(facts["y"])) for tag, facts in tags if tag == "text" and facts["class"] == "value top"]
    assert second < marks[1], "above the mark just over the bar"
    assert first < second, "the highest bar's is where it was"


def test_a_view_without_segments_says_its_filters() -> None:
    view = content(0, filters=("Country: Germany", "Age: 25–34"), trust=None, account=None)
    page = html_report(view)
    assert "<li>Country: Germany</li><li>Age: 25–34</li>" in page
    assert "Segments at a glance" not in page and "What to do" not in page and "trust" not in page.split("</style>")[1]


def test_the_account_adds_up_on_the_page() -> None:
    page = html_report(content())
    assert "40,000 rows read = 36,432 kept + 3,568 set aside." in page
    assert "−665" in page and "−2,903" in page


def test_colours_are_those_of_the_light_theme(project: Path) -> None:
    sheet = (project / "assets/10-clientele.css").read_text(encoding="utf-8").split("[data-bs-theme=dark]")[0]
    tokens = dict(re.findall(r"--([\w-]+):\s*#([0-9A-Fa-f]{6})", sheet))
    for place, (letter, pair) in enumerate(colours.SEGMENTS.items(), start=1):
        assert pair == (tokens[f"seg-{place}"], tokens[f"seg-{place}-on"]), letter
    named = {
        "TEXT": "bs-body-color",
        "SECOND": "bs-secondary-color",
        "THIRD": "bs-tertiary-color",
        "ACCENT": "bs-primary",
        "DATA": "cl-data",
    }
    named |= {"PAGE": "bs-body-bg", "SURFACE": "cl-surface", "SUNKEN": "cl-sunken", "LINE": "bs-border-color", "REFERENCE": "cl-ref"}
    named |= {"ACCENT_SOFT": "bs-primary-bg-subtle", "DATA_SECOND": "cl-data-2", "GRID": "cl-grid", "AXIS": "cl-axis"}
    assert {name: getattr(colours, name) for name in named} == {name: tokens[token] for name, token in named.items()}
    verdicts = {"use": "bs-success", "care": "bs-warning", "no": "bs-danger"}
    for look, token in verdicts.items():
        assert colours.VERDICTS[look][:2] == (tokens[token], tokens[f"{token}-bg-subtle"])


@pytest.mark.parametrize(("n_bars", "n_charts", "wide"), [(12, 5, [0]), (12, 4, [0]), (4, 5, [0]), (4, 4, [])])
def test_only_the_first_chart_stands_alone(n_bars: int, n_charts: int, wide: list[int]) -> None:
    charts = (chart("first", n_bars, is_over_time=True), *(chart(f"number-{n}", 14, is_over_time=True) for n in range(n_charts - 1)))
    found = Tags(html_report(content(0, charts=charts)))
    cards = [facts["class"] for tag, facts in found.tags if tag == "figure"]
    assert [place for place, look in enumerate(cards) if look == "card wide"] == wide


def test_long_labels_that_begin_alike_are_told_apart() -> None:
    labels = tuple(f"Professional kitchen equipment and accessories for hotels, section {number}" for number in range(3))
    drawn = draw_chart(chart("rank", 3, labels=labels), None, 400)
    shown = re.findall(r'class="label"[^>]*>([^<]*)<', drawn)
    assert [each[-9:] for each in shown] == ["section 0", "section 1", "section 2"]
    assert all("…" in each for each in shown)
