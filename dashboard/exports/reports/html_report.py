"""The report as one page of HTML that needs nothing else: it opens from a disk, asks nobody for anything, and prints on A4."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape

from dashboard.exports.reports.colours import VERDICTS
from dashboard.exports.reports.content import Account, ReportChart, ReportContent, ReportKpi, ReportSegment, Trust
from dashboard.exports.reports.fitting import clean
from dashboard.exports.reports.page_style import page_style
from dashboard.exports.reports.svg import draw_chart, series_colour
from dashboard.formats import counted, money, percent, whole

_HALF, _WIDE, _INDICES = 400.0, 860.0, 380.0
"""Widths of charts in CSS pixels."""
_LONGEST_TITLE = 60
_MOST_IN_HALF = 10
"""A first chart of more bars than these has the whole width; also one without a neighbour. All others stand in pairs."""
_ACTION_COLUMNS = (("Segment", ""), ("Customers", " class=n"), ("What to do", ""), ("Trust", ""))


def html_report(content: ReportContent) -> str:
    """Return the page. Every text of a file or a person is escaped, and the page's own policy lets nothing run or load."""
    style = page_style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    head = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{digest}'\">",
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{_text(content.title)}</title><style>{style}</style></head><body><main>",
    ]
    parts = [_top(content), _kpis(content), _charts(content)]
    if content.segments:
        parts += [_glance(content), _segments(content), _actions(content.segments)]
    parts += [_trust(content.trust, content.segments) if content.trust else "", _account(content.account) if content.account else ""]
    end = f"<footer>{_text(source_words(content))} {_text(content.made)}.</footer></main></body></html>\n"
    return "".join([*head, *parts, end])


def source_words(content: ReportContent) -> str:
    """Say what the numbers are about: the data, how many customers, which period."""
    period = f", {content.period}" if content.period else ""
    title = content.title if len(content.title) <= _LONGEST_TITLE else f"{content.title[:_LONGEST_TITLE].rstrip()}…"
    return f"{title}, n = {counted(content.n_customers, 'customer')}{period}."


def _text(text: str) -> str:
    return escape(clean(text))


def _p(text: str, look: str = "") -> str:
    return f"<p{f' class={chr(34)}{look}{chr(34)}' if look else ''}>{_text(text)}</p>" if text else ""


def _exact(words: str, value: float | None) -> str:
    """Write a number with its exact value in the markup."""
    return f'<data value="{value!r}">{_text(words)}</data>' if value is not None else _text(words)


def _top(content: ReportContent) -> str:
    who = counted(content.n_customers, "customer")
    what = f"{content.period}, {who}" if content.period else who
    filters = "".join(f"<li>{_text(words)}</li>" for words in content.filters)
    chips = f'<ul class="filters" aria-label="Filters">{filters}</ul>' if filters else ""
    head = f"<header><h1>{_text(content.title)}</h1>{_p(what, 'what')}{_p(content.made, 'made')}{chips}</header>"
    return f"{head}{_p(content.finding, 'finding')}{_p(content.basis, 'say')}"


def _kpis(content: ReportContent) -> str:
    if not content.kpis:
        return ""
    return f'<dl class="kpis">{"".join(_kpi(kpi) for kpi in content.kpis)}</dl>{_p(content.kpis_note, "note")}'


def _kpi(kpi: ReportKpi) -> str:
    return f"<div><dt>{_text(kpi.label)}</dt><dd><b>{_exact(kpi.value, kpi.exact)}</b><small>{_text(kpi.change)}</small></dd></div>"


def _charts(content: ReportContent) -> str:
    if not content.charts:
        return ""
    first = content.charts[0]
    is_wide = len(content.charts) % 2 == 1 or (first.is_over_time and len(first.labels) > _MOST_IN_HALF)
    drawn = [_chart(chart, content.currency, is_wide and not place) for place, chart in enumerate(content.charts)]
    return f'<div class="grid">{"".join(drawn)}</div>'


def _chart(chart: ReportChart, currency: str | None, is_wide: bool) -> str:
    legend = f'<p class="legend">{"".join(_legend(chart))}</p>' if len(chart.series) > 1 else ""
    drawing = draw_chart(chart, currency, _WIDE if is_wide else _HALF)
    head = f"<h3>{_text(chart.title)}</h3>{_p(chart.finding, 'say')}"
    return f'<figure class="card{" wide" if is_wide else ""}">{head}{legend}{drawing}{_p(chart.note, "note")}</figure>'


def _legend(chart: ReportChart) -> list[str]:
    """Return a box of its colour and the name of each series; drawn, because the page's policy allows no style of an element's own."""
    box = '<svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><rect width="10" height="10" rx="2" fill="#{}"/></svg>'
    return [f"<span>{box.format(series_colour(chart, place))}{_text(series.name)}</span>" for place, series in enumerate(chart.series)]


def _glance(content: ReportContent) -> str:
    if content.shares is None:
        return ""
    return f'<h2 class="page">Segments at a glance</h2><div class="grid">{_chart(content.shares, content.currency, True)}</div>'


def _segments(content: ReportContent) -> str:
    return "<h2>The segments</h2>" + "".join(_segment(segment, content.currency) for segment in content.segments)


def _key(letter: str) -> str:
    return f'<span class="key k-{_text(letter)}">{_text(letter)}</span>'


def _badge(segment: ReportSegment) -> str:
    return f'<span class="badge v-{segment.look}">{VERDICTS[segment.look][2]} {_text(segment.verdict)}</span>'


def _segment(segment: ReportSegment, currency: str | None) -> str:
    figures = [f"<span><b>{_exact(whole(segment.size), segment.size)}</b> customers</span>"]
    figures.append(f"<span><b>{_exact(percent(segment.share_customers), segment.share_customers)}</b> of customers</span>")
    if segment.share_revenue is not None:
        figures.append(f"<span><b>{_exact(percent(segment.share_revenue), segment.share_revenue)}</b> of revenue</span>")
    if segment.revenue is not None:
        figures.append(f"<span><b>{_exact(money(segment.revenue, currency), segment.revenue)}</b> revenue</span>")
    differences = "".join(f"<li>{_text(words)}</li>" for words in segment.differences)
    rule = _p(f"Rule: {segment.rule}", "note") if segment.rule else ""
    left = f'<div class="figs">{"".join(figures)}</div><ul>{differences}</ul>{rule}'
    right = (
        f"<div>{draw_chart(segment.indices, currency, _INDICES)}{_p(segment.indices.note, 'note')}</div>"
        if segment.indices
        else "<div></div>"
    )
    verdict = f'<p>{_badge(segment)} <span class="say">{_text(segment.verdict_because)}</span></p>'
    action = f'<p class="act"><b>What to do</b>{_text(segment.action)}</p>'
    head = f"<h3>{_key(segment.letter)}{_text(segment.name)}</h3>"
    return f'<section class="card seg">{head}<div>{verdict}{left}{action}</div>{right}</section>'


def _actions(segments: Sequence[ReportSegment]) -> str:
    rows = "".join(
        f"<tr><td>{_key(segment.letter)}</td><th scope=row>{_text(segment.name)}</th><td class=n>{whole(segment.size)}</td>"
        f"<td>{_text(segment.action)}</td><td>{_badge(segment)}</td></tr>"
        for segment in segments
    )
    head = "".join(f"<th scope=col{look}>{words}</th>" for words, look in _ACTION_COLUMNS)
    return f"<h2>What to do</h2><table><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _trust(trust: Trust, segments: Sequence[ReportSegment]) -> str:
    rows = "".join(
        f"<tr><td>{_key(segment.letter)}</td><th scope=row>{_text(segment.name)}</th><td>{_badge(segment)}</td>"
        f"<td>{_text(segment.verdict_because)}</td></tr>"
        for segment in segments
    )
    said = f"<p><b>{_text(trust.level)}.</b> {_text(trust.sentence)}</p>{_p(trust.why_so_many, 'say')}"
    return f"<h2>How far to trust it</h2>{said}<table><tbody>{rows}</tbody></table>{_p(trust.method, 'note')}"


def _account(account: Account) -> str:
    rules = "".join(f"<tr><td>{_text(why)}</td><td class=n>−{whole(n)}</td></tr>" for why, n in account.rules)
    rows = (
        f"<tr><td>Rows read</td><td class=n>{_exact(whole(account.rows_read), account.rows_read)}</td></tr>{rules}"
        f"<tr class=sum><td>Rows kept</td><td class=n>{_exact(whole(account.rows_kept), account.rows_kept)}</td></tr>"
    )
    said = f"{whole(account.rows_read)} rows read = {whole(account.rows_kept)} kept + {whole(account.rows_set_aside)} set aside."
    caveats = "".join(f"<li>{_text(words)}</li>" for words in account.caveats)
    table = f"<h2>Every row of the file</h2>{_p(said, 'say')}<table><tbody>{rows}</tbody></table>"
    return f'{table}<h2>What to keep in mind</h2><ul class="caveats">{caveats}</ul>'
