"""Contents of reports made up by hand: a plain one, and one with everything that a report must bear."""

from __future__ import annotations

from dataclasses import replace

from dashboard.exports.reports.content import Account, ReportChart, ReportContent, ReportKpi, ReportSegment, Series, Trust

HOSTILE = '<script>alert("x")</script> & \'=cmd|" /C calc"!A1\' \x00\x0b\u2028 \ud800 end'
ENDLESS = "Personal win-back for everybody who has not been here since the summer, with an offer that ends on Sunday. " * 18
UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente" * 5


def chart(name: str, n: int = 4, **facts: object) -> ReportChart:
    values = tuple(1_000.123456789 * (place + 1) / 3 for place in range(n))
    labels = tuple(f"Label {place}" for place in range(n))
    known = ReportChart(name, f"Title of {name}", f"Finding of {name}.", "n = 9 customers.", "money", labels, (Series("Revenue", values),))
    return replace(known, **facts)  # type: ignore[arg-type]


def segment(place: int, **facts: object) -> ReportSegment:
    known = ReportSegment(
        letter="ABCDEFGHIJK"[place],
        name=f"Segment number {place}",
        size=100 + place,
        share_customers=0.1 + place / 1_000,
        share_revenue=0.003 * place,
        revenue=12_345.67 + place,
        look=("use", "care", "no")[place % 3],  # type: ignore[arg-type]
        verdict="Use with care",
        verdict_because="71 of 100 customers stay when the run is repeated. Test first.",
        differences=("15 orders on average (all: 6.2)", "Spends 3 times the average (1,760, all: 594)", "Last bought 25 days ago"),
        rule="Bought in the last 280 days and spent more than 650: 94% of this segment fit, 97% of those who fit are in it.",
        action="Loyalty programme, early access, ask for reviews. No discounts.",
        indices=chart(
            f"indices-{place + 1}", 8, unit="index", series=(Series("i", (0.0, 8.5, 60.0, 99.0, 100.0, 140.0, 296.177092, 1.0)),)
        ),
    )
    return replace(known, **facts)  # type: ignore[arg-type]


def content(n_segments: int = 3, **facts: object) -> ReportContent:
    segments = tuple(segment(place) for place in range(n_segments))
    labels = tuple(f"{each.letter}  {each.name}" for each in segments)
    shares = (
        Series("Share of customers", tuple(each.share_customers for each in segments)),
        Series("Share of revenue", tuple(each.share_revenue for each in segments)),
    )
    months = (Series("This year", tuple(69_513.99 + place for place in range(12))), Series("The year before", (*range(11), None)))
    known = ReportContent(
        title="Shop orders",
        period="2 Jan 2024 – 31 Dec 2025",
        n_customers=2_890,
        made="Made with Clientele on 21 Nov 2026",
        currency="EUR",
        finding="Recent big spenders are 22% of customers and bring 67% of revenue.",
        basis="Five segments from 2,890 customers and €1.72 M, in order of revenue.",
        kpis=tuple(ReportKpi(f"Figure {place}", f"{place}.5 M", place + 0.5, "▲ 8.4% on last year") for place in range(6)),
        kpis_note="Changes: 2025 on 2024",
        charts=(chart("months", 12, is_over_time=True, series=months), *(chart(f"rank-{name}", 9) for name in "abcd")),
        findings=tuple((f"Title {place}", "32% of customers make 80% of revenue.") for place in range(4)),
        segments=segments,
        shares=chart("shares-of-segments", n_segments, unit="share", labels=labels, series=shares) if segments else None,
        trust=Trust("Some structure", "There are groups, but some run into one another.", "5 segments: best of all.", "K-means, seed 42."),
        account=Account(40_000, 36_432, 3_568, (("No customer id", 665), ("The same as an earlier row", 2_903)), ("A caveat.", "Another.")),
    )
    return replace(known, **facts)  # type: ignore[arg-type]


def extreme() -> ReportContent:
    """Eleven segments, with texts that are too long, that cannot be broken, and that mean something to other programs."""
    plain = content(11)
    texts = [HOSTILE, ENDLESS, UNBROKEN, "顧客セグメント" * 30, "=1+1"]
    segments = []
    for place, each in enumerate(plain.segments):
        text = texts[place % len(texts)]
        assert each.indices
        indices = replace(each.indices, labels=(text, *each.indices.labels[1:]))
        segments.append(
            replace(each, name=text, action=text, rule=text, differences=(text, text, text), verdict_because=text, indices=indices)
        )
    labels = tuple(f"{each.letter}  {each.name}" for each in segments)
    assert plain.shares and plain.trust and plain.account
    charts = tuple(
        replace(each, title=text, finding=text, note=text, labels=(text, *each.labels[1:]))
        for each, text in zip(plain.charts, texts, strict=True)
    )
    return replace(
        plain,
        title=ENDLESS,
        finding=ENDLESS,
        basis=HOSTILE,
        filters=(HOSTILE, UNBROKEN),
        kpis=tuple(replace(kpi, label=text, change=text) for kpi, text in zip(plain.kpis, texts, strict=False)),
        charts=charts,
        findings=tuple((text, text) for text in texts[:4]),
        segments=tuple(segments),
        shares=replace(plain.shares, labels=labels),
        trust=Trust(HOSTILE, ENDLESS, ENDLESS, UNBROKEN),
        account=replace(plain.account, rules=tuple((text, 713) for text in texts), caveats=tuple(texts)),
    )
