"""The report as slides: the finding, the overview, a slide a segment, what to do, how far to trust it, and every row accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dashboard.exports.delimited import replacing
from dashboard.exports.reports import colours
from dashboard.exports.reports.content import Account, ReportChart, ReportContent, ReportKpi, Trust
from dashboard.exports.reports.fitting import Words
from dashboard.exports.reports.html_report import source_words
from dashboard.exports.reports.native_charts import put_chart
from dashboard.exports.reports.segment_slides import add_actions, add_segment, add_verdicts
from dashboard.exports.reports.slides import (
    HEIGHT,
    MARGIN,
    WIDTH,
    Box,
    Cell,
    Column,
    add_slide,
    ground,
    open_deck,
    paginate,
    put_notes,
    put_table,
    put_words,
)
from dashboard.formats import counted, whole

_INNER = WIDTH - 2 * MARGIN
_TOP, _BOTTOM = 1.5, 6.8
"""Where the content of a slide begins and ends."""
_GAP = 0.3


def write_presentation(path: Path, content: ReportContent) -> None:
    """Write the slides, whole or not at all."""
    deck = open_deck(content.title)
    footer = source_words(content)
    _add_title(deck, content)
    _add_finding(deck, content, footer)
    _add_overview(deck, content, footer)
    if content.segments:
        if content.shares:
            _add_glance(deck, content, content.shares, footer)
        for segment in content.segments:
            add_segment(deck, segment, content, footer)
        add_actions(deck, content.segments, footer)
        if content.trust:
            add_verdicts(deck, content.segments, content.trust, footer)
    if content.account:
        _add_account(deck, content.account, content.trust, footer)
    with replacing(path) as out:
        deck.save(out)


def _add_title(deck: Any, content: ReportContent) -> None:
    slide = add_slide(deck, content.title, "", Box(1.3, 1.9, 10.8, 1.7), 40.0)
    ground(slide, Box(0, 0.09, 0.45, HEIGHT - 0.09), colours.ACCENT)
    who = counted(content.n_customers, "customer")
    lines = [Words(f"{content.period}, {who}" if content.period else who, 20.0, colours.SECOND)]
    lines += [Words(f"Filter: {words}", 14.0, colours.SECOND, above=4) for words in content.filters]
    put_words(slide, Box(1.3, 3.75, 10.8, 1.5), lines, "about")
    put_words(slide, Box(1.3, 6.5, 10.8, 0.4), [Words(content.made, 12.0, colours.THIRD)], "made")
    put_notes(slide, [source_words(content), content.made])


def _add_finding(deck: Any, content: ReportContent, footer: str) -> None:
    slide = add_slide(deck, content.finding, footer, Box(MARGIN, 0.55, _INNER, 1.35), 32.0)
    put_words(slide, Box(MARGIN, 2.0, _INNER, 0.75), [Words(content.basis, 16.0, colours.SECOND)], "basis")
    width, height = (_INNER - _GAP) / 2, 1.35
    for place, (title, finding) in enumerate(content.findings[:4]):
        box = Box(MARGIN + (place % 2) * (width + _GAP), 3.05 + (place // 2) * (height + _GAP), width, height)
        words = [Words(title, 12.0, colours.SECOND), Words(finding, 18.0, colours.TEXT, is_bold=True, above=4)]
        put_words(slide, box, words, f"finding {place + 1}", fill=colours.SUNKEN)
    put_notes(slide, [content.basis, "The sentences are those of the pages Overview and Cluster profile."])


def _add_overview(deck: Any, content: ReportContent, footer: str) -> None:
    """Put the first chart below the key figures, the others two a slide."""
    charts = content.charts
    is_told = bool(charts) and charts[0].name == "months"
    title = charts[0].finding if is_told else "Key figures"
    slide = add_slide(deck, title, footer)
    _put_kpis(slide, content.kpis, content.kpis_note)
    if charts:
        _put_chart(slide, Box(MARGIN, 3.05, _INNER, _BOTTOM - 3.05), charts[0], content.currency, with_finding=not is_told)
    put_notes(slide, [source_words(content), *(f"{kpi.label}: {kpi.exact:,.10g}" for kpi in content.kpis if kpi.exact is not None)])
    for start in range(1, len(charts), 2):
        pair = charts[start : start + 2]
        slide = add_slide(deck, ", ".join([pair[0].title, *(chart.title[:1].lower() + chart.title[1:] for chart in pair[1:])]), footer)
        width = (_INNER - _GAP) / 2 if len(pair) == 2 else _INNER
        for place, chart in enumerate(pair):
            box = Box(MARGIN + place * (width + _GAP), _TOP, width, _BOTTOM - _TOP)
            _put_chart(slide, box, chart, content.currency, with_finding=True)
        put_notes(slide, [f"{chart.title}: {chart.note}" for chart in pair] + [source_words(content)])


def _put_kpis(slide: Any, kpis: Sequence[ReportKpi], note: str) -> None:
    if not kpis:
        return
    gap = 0.14
    width = (_INNER - gap * (len(kpis) - 1)) / len(kpis)
    for place, kpi in enumerate(kpis):
        words = [Words(kpi.label, 11.0, colours.SECOND), Words(kpi.value, 24.0, colours.TEXT, is_bold=True, above=2)]
        words += [Words(kpi.change, 10.5, colours.SECOND, above=2)] if kpi.change else []
        put_words(slide, Box(MARGIN + place * (width + gap), _TOP, width, 1.15), words, f"kpi {kpi.label}", fill=colours.SUNKEN)
    if note:
        put_words(slide, Box(MARGIN, 2.72, _INNER, 0.25), [Words(note, 10.5, colours.THIRD)], "kpis note")


def _put_chart(slide: Any, box: Box, chart: ReportChart, currency: str | None, with_finding: bool) -> None:
    head = [Words(chart.title, 11.0, colours.SECOND)]
    head += [Words(chart.finding, 14.0, colours.TEXT, is_bold=True, above=1)] if with_finding else []
    tall = 0.7 if with_finding else 0.28
    put_words(slide, Box(box.left, box.top, box.width, tall), head, f"head of {chart.name}")
    put_chart(slide, Box(box.left, box.top + tall, box.width, box.height - tall - 0.4), chart, currency)
    note = Words(chart.note, 10.5, colours.THIRD)
    put_words(slide, Box(box.left, box.top + box.height - 0.38, box.width, 0.38), [note], f"note of {chart.name}")


def _add_glance(deck: Any, content: ReportContent, shares: ReportChart, footer: str) -> None:
    slide = add_slide(deck, content.finding, footer)
    _put_chart(slide, Box(MARGIN, _TOP, _INNER, _BOTTOM - _TOP), shares, content.currency, with_finding=False)
    put_notes(slide, [content.basis, shares.note])


def _add_account(deck: Any, account: Account, trust: Trust | None, footer: str) -> None:
    """Say what became of every row, how the segments were made, and what to keep in mind."""
    read, kept, aside = whole(account.rows_read), whole(account.rows_kept), whole(account.rows_set_aside)
    slide = add_slide(deck, f"{read} rows read = {kept} kept + {aside} set aside", footer)
    columns = (Column("Every row of the file", 4.6), Column("Rows", 1.3, is_number=True))
    rows = [(Cell("Rows read"), Cell(read)), *((Cell(why), Cell(f"−{whole(n)}")) for why, n in account.rules)]
    rows.append((Cell("Rows kept", is_bold=True), Cell(kept, is_bold=True)))
    put_table(slide, MARGIN, _TOP, columns, paginate(columns, rows, _BOTTOM - _TOP)[0])
    words = [Words("What to keep in mind", 14.0, colours.TEXT, is_bold=True)]
    words += [Words(caveat, 13.0, colours.TEXT, above=6) for caveat in account.caveats]
    if trust:
        words += [
            Words("How the segments were made", 14.0, colours.TEXT, is_bold=True, above=20),
            Words(trust.method, 13.0, colours.TEXT, above=6),
        ]
    left = MARGIN + 5.9 + 0.5
    put_words(slide, Box(left, _TOP, WIDTH - MARGIN - left, _BOTTOM - _TOP), words, "caveats")
    put_notes(slide, ["The account of the file as on the page Data.", *account.caveats, trust.method if trust else ""])
