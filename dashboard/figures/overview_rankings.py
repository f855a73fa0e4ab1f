"""Rankings of the overview: products, ways of paying, towns, education, and where customers live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from dashboard.components.charts import DataTable, Told
from dashboard.figures.countries import country_code, country_name
from dashboard.figures.literal import literal_in_short
from dashboard.figures.overview_bars import Bar, lying_bars
from dashboard.figures.overview_chart import SURFACE, TEXT, Chart, cut, sentence, share_words
from dashboard.figures.overview_picks import Picks, picks, picks_of
from dashboard.formats import MISSING, counted, money, percent, plain, short, whole
from segmentation.measures.filters import EVERYBODY, Condition, CustomerFilter
from segmentation.measures.rankings import Entry, Ranking

_Words = Callable[[float], str]
_ALL_UP_TO = 7
_TOP = 9
_LONGEST_IN_WORDS = 60
_MOST_NAMED = 4
_MANY_UNKNOWN = 0.05
_LONGEST_BESIDE_MAP = 16
"""Letters of a name that leave room for its bar."""
_YES, _NO = frozenset({"yes", "y", "true", "ja", "oui", "sí", "sì", "sim"}), frozenset({"no", "n", "false", "nein", "non", "nee", "não"})
_TITLES = {
    "category": "Product categories",
    "product": "Products",
    "brand": "Brands",
    "channel": "Where they buy",
    "payment": "How they pay",
    "status": "What became of the orders",
    "shipping": "How orders are sent",
    "rating": "Ratings",
    "country": "Customers by country",
    "region": "Customers by region",
    "city": "Customers by town",
    "education": "Education",
    "marital_status": "Marital status",
    "consent": "May we write to them",
    "gender": "Gender",
}
_OF_ORDERS = {"region": "region", "city": "town"}
"""Columns of customers that may differ from order to order."""
_EUROPE = frozenset(
    {
        "ALB", "AND", "AUT", "BEL", "BGR", "BIH", "BLR", "CHE", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GBR", "GGY", "GIB",
        "GRC", "HRV", "HUN", "IMN", "IRL", "ISL", "ITA", "JEY", "LIE", "LTU", "LUX", "LVA", "MCO", "MDA", "MKD", "MLT", "MNE", "NLD", "NOR",
        "POL", "PRT", "ROU", "SMR", "SRB", "SVK", "SVN", "SWE", "UKR", "VAT", "XKK",
    }
)  # fmt: skip
_VIEW_SHARE = 0.9
"""The map shows Europe alone where at least this share of the customers lives there."""


def ranking_chart(ranking: Ranking, scale: int, currency: str | None, chosen: CustomerFilter = EVERYBODY) -> Chart:
    """Draw a column's values as sorted bars with their shares."""
    ranking = as_drawn(ranking)
    bars = _bars(ranking, scale, currency)
    title = title_of(ranking)
    return Chart(
        name=f"rank-{ranking.column}",
        told=Told(title, ranking_finding(ranking), _note(ranking)),
        figure=lying_bars(bars, _bar_picks(ranking, bars, chosen)),
        aria=f"{title} as bars, the largest first. {ranking_finding(ranking)}",
        data=_table(ranking, scale, currency, title, chosen),
    )


def as_drawn(ranking: Ranking) -> Ranking:
    """Return a ranking as it is drawn: countries by their names, yes and no for 1 and 0, ratings from the best to the worst."""
    if ranking.column == "country":
        return spell_out(ranking)
    if ranking.column == "consent":  # whether we may write to somebody is often a 1 or a 0
        answers = {"1": "Yes", "0": "No"}
        entries = [replace(entry, name=answers.get(entry.name, entry.name), code=entry.text) for entry in ranking.entries]
        return replace(ranking, entries=tuple(entries))
    if _is_of_stars(ranking):
        return replace(ranking, entries=tuple(sorted(ranking.entries, key=lambda entry: -float(entry.name))))
    return ranking


def _is_of_stars(ranking: Ranking) -> bool:
    return ranking.column == "rating" and all(entry.name.lstrip("-").isdecimal() for entry in ranking.entries)


def title_of(ranking: Ranking) -> str:
    """Return the title of a ranking: our words where the column's meaning is known, else the person's header."""
    if ranking.by != "customers" and ranking.column in _OF_ORDERS:
        return f"{'Revenue' if ranking.by == 'money' else 'Orders'} by {_OF_ORDERS[ranking.column]}"
    return _TITLES.get(ranking.column, sentence(ranking.label.replace("_", " ")))


def countries_chart(ranking: Ranking, scale: int, currency: str | None, chosen: CustomerFilter = EVERYBODY) -> Chart | None:
    """Draw a map beside the ranking of countries; None where there is only one (of what a filter leaves, one is drawn)."""
    if ranking.n_values < 2 and not chosen:
        return None
    ranking = as_drawn(ranking)
    unknown = [entry for entry in ranking.entries if country_code(entry.text) is None]
    told = Told("Customers by country", ranking_finding(ranking), _countries_note(ranking, unknown))
    bars = _bars(ranking, scale, currency, with_share=False)
    return Chart(
        name="countries",
        told=told,
        figure=lying_bars(bars, _bar_picks(ranking, bars, chosen), _LONGEST_BESIDE_MAP),
        aria=f"Map and ranking of countries by customers. {told.finding}",
        data=_table(ranking, scale, currency, "Country", chosen),
        height=236,
        beside=_map(ranking.entries, chosen),
    )


def spell_out(ranking: Ranking) -> Ranking:
    """Return countries by their names where the file has codes; two spellings of one country stay as they are."""
    names = [country_name(entry.name) for entry in ranking.entries]
    unique = {name for name, n in Counter(names).items() if n == 1}
    pairs = zip(ranking.entries, names, strict=True)
    return replace(ranking, entries=tuple(replace(entry, name=name, code=entry.text) if name in unique else entry for entry, name in pairs))


def _size(entry: Entry, ranking: Ranking) -> int:
    return {"customers": entry.customers, "orders": entry.orders or 0, "money": entry.units or 0}[ranking.by]


def _words(ranking: Ranking, scale: int, currency: str | None, is_short: bool = True) -> _Words:
    if ranking.by == "money":
        return lambda size: money(size / 10**scale, currency, is_short)
    return short if is_short else whole


def _bars(ranking: Ranking, scale: int, currency: str | None, with_share: bool = True) -> list[Bar]:
    """Return all values up to seven; of more the first nine, and the others together."""
    words, exact = _words(ranking, scale, currency), _words(ranking, scale, currency, is_short=False)
    n_shown = ranking.n_values if ranking.n_values <= _ALL_UP_TO else min(_TOP, ranking.n_values)
    n_shown = ranking.n_values if ranking.n_values == _TOP + 1 or _is_of_stars(ranking) else n_shown
    shown = ranking.entries[:n_shown]
    bars = [_bar(entry, ranking, words, exact, with_share) for entry in shown]
    if ranking.n_values > n_shown and not has_several(ranking):
        rest = max(ranking.total - sum(_size(entry, ranking) for entry in shown), 0)
        share = f" · {share_words(rest, ranking.total)}" if with_share else ""
        bars.append(Bar(counted(ranking.n_values - n_shown, "other"), rest, f"{words(rest)}{share}", is_rest=True))
    return bars


def _bar(entry: Entry, ranking: Ranking, words: _Words, exact: _Words, with_share: bool) -> Bar:
    size, name = _size(entry, ranking), called(entry.name)
    share = share_words(size, ranking.total)
    hover = f"<b>{literal_in_short(name)}</b><br>{exact(size)} · {share}"
    if ranking.by != "customers":
        hover += f"<br>{counted(entry.customers, 'customer')}"
    return Bar(name, size, f"{words(size)} · {share}" if with_share else words(size), hover)


def called(name: str) -> str:
    """Return a value as its bar is named: with a capital where it is in small letters, but never IPad for iPad."""
    return sentence(name) if name.islower() else name


def has_several(ranking: Ranking) -> bool:
    """Tell whether orders have several values, so that the values together are more than the orders."""
    return ranking.by == "orders" and sum(entry.orders or 0 for entry in ranking.entries) > ranking.total


def ranking_finding(ranking: Ranking) -> str:
    """Say what leads, and by how much; of ratings the average."""
    if _is_of_stars(ranking):
        return _stars_finding(ranking)
    first = ranking.entries[0]
    name = cut(called(first.name), _LONGEST_IN_WORDS)
    size = _size(first, ranking)
    of = _of_what(ranking)
    share = size / ranking.total if ranking.total > 0 else 0.0
    if len(ranking.entries) == 1:
        return f"All are {name}."
    if len(ranking.entries) == 2 and (yes := _find_yes(ranking)):
        return f"{called(yes.name)} for {share_words(_size(yes, ranking), ranking.total)} of {of}."
    second = ranking.entries[1]
    both = (size + _size(second, ranking)) / ranking.total if ranking.total > 0 else 0.0
    has_answers = {entry.name.casefold() for entry in ranking.entries[:2]} & (_YES | _NO)
    if ranking.by != "orders" and share < 0.5 <= both < 0.95 and not has_answers:
        return f"{name} and {cut(second.name, _LONGEST_IN_WORDS)} make {percent(both)} of {of}."
    if share >= 0.005:
        return f"{name} leads with {percent(share)} of {of}."
    return f"{name} leads; no single one makes more than {percent(share, 1)} of {of}."


def _of_what(ranking: Ranking) -> str:
    """Say what a share is of: not of all where many have no value, such as a coupon."""
    n_known = ranking.n_customers if ranking.by == "customers" else sum(entry.orders or 0 for entry in ranking.entries)
    many = ranking.n_unknown > _MANY_UNKNOWN * (n_known + ranking.n_unknown)
    return {"customers": "customers", "orders": "orders", "money": "revenue"}[ranking.by] + (" where it is known" if many else "")


def _find_yes(ranking: Ranking) -> Entry | None:
    """Return the yes of two values that are a yes and a no."""
    answers = {entry.name.casefold(): entry for entry in ranking.entries}
    return next((entry for name, entry in answers.items() if name in _YES), None) if answers.keys() & _NO else None


def _stars_finding(ranking: Ranking) -> str:
    counts = {int(entry.name): _size(entry, ranking) for entry in ranking.entries}
    average = sum(stars * n for stars, n in counts.items()) / sum(counts.values())
    most = max(counts, key=lambda stars: (counts[stars], stars))
    return f"The average is {plain(average)}; {most} is the most frequent: {percent(counts[most] / ranking.total)} of orders."


def _note(ranking: Ranking) -> str:
    if ranking.by == "customers":
        unknown = f"; {whole(ranking.n_unknown)} not known" if ranking.n_unknown else ""
        return f"Customers and share, n = {whole(ranking.n_customers)}{unknown}."
    what = "Revenue and share" if ranking.by == "money" else "Orders and share"
    what += "; an order with several counts with each" if has_several(ranking) else ""
    unknown = f"; {counted(ranking.n_unknown, 'line')} not known" if ranking.n_unknown else ""
    n = counted(ranking.total, "order") if ranking.by == "orders" else counted(ranking.n_customers, "customer")
    return f"{what}, n = {n}{unknown}."


def _countries_note(ranking: Ranking, unknown: Sequence[Entry]) -> str:
    missing = f"; {whole(ranking.n_unknown)} not known" if ranking.n_unknown else ""
    names = [cut(entry.name, _LONGEST_IN_WORDS) for entry in unknown[:_MOST_NAMED]]
    names += [counted(len(unknown) - _MOST_NAMED, "other")] if len(unknown) > _MOST_NAMED else []
    off_map = f" Not on the map: {', '.join(names)}." if names else ""
    outside = "" if not _is_european(ranking.entries) else _outside_words(ranking)
    return f"Customers, n = {whole(ranking.n_customers)}{missing}.{outside}{off_map}"


def _outside_words(ranking: Ranking) -> str:
    n = sum(entry.customers for entry in ranking.entries if (code := country_code(entry.text)) and code not in _EUROPE)
    return f" {counted(n, 'customer lives', 'customers live')} outside Europe." if n else ""


def _is_european(entries: Sequence[Entry]) -> bool:
    inside = sum(entry.customers for entry in entries if country_code(entry.text) in _EUROPE)
    return inside >= _VIEW_SHARE * max(sum(entry.customers for entry in entries), 1)


def _map(entries: Sequence[Entry], chosen: CustomerFilter) -> dict[str, Any]:
    """Colour each country by its customers in eight steps; names that mean one country are one."""
    counts: dict[str, int] = {}
    spelt: dict[str, list[Entry]] = {}
    for entry in entries:
        code = country_code(entry.text)
        if code and entry.customers:
            counts[code] = counts.get(code, 0) + entry.customers
            spelt.setdefault(code, []).append(entry)
    step_of = {code: _step(count, max(counts.values())) for code, count in counts.items()}
    found = picks(chosen, [[Condition("country", tuple(entry.text for entry in spelt[code]))] for code in counts])
    trace = {
        "type": "choropleth",
        "locations": list(counts),
        "z": list(step_of.values()),
        "zmin": -0.5,
        "zmax": 7.5,
        "colorscale": [[(step + edge) / 8, f"var(--seq-{step})"] for step in range(8) for edge in (0, 1)],
        "showscale": False,
        "marker": _outlines(found),
        "meta": found.meta(),
        "customdata": [f"<b>{literal_in_short(spelt[code][0].name)}</b><br>{counted(count, 'customer')}" for code, count in counts.items()],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    if _is_european(entries):
        view = {"projection": {"type": "mercator"}, "lonaxis": {"range": [-11, 31]}, "lataxis": {"range": [35, 67]}}
    else:
        view = {"projection": {"type": "equirectangular"}, "lonaxis": {"range": [-128, 179]}, "lataxis": {"range": [-50, 74]}}
    return {"data": [trace], "layout": {"geo": {"scope": "world", "resolution": 110, **view}, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}}}


def _outlines(found: Picks) -> dict[str, Any]:
    """Outline the countries chosen; the others step back."""
    if not found.any_on:
        return {"line": {"color": SURFACE, "width": 0.6}}
    line = {"color": [TEXT if is_on else SURFACE for is_on in found.is_on], "width": [1.5 if is_on else 0.6 for is_on in found.is_on]}
    return {"line": line, "opacity": [1 if is_on else 0.5 for is_on in found.is_on]}


def _step(count: int, most: int) -> int:
    """Return a step from 1 to 7, each about half of the next, so that small countries are told apart beside a large one."""
    step = 7
    while step > 1 and count * 2 ** (7 - step + 1) <= most:
        step -= 1
    return step


def _bar_picks(ranking: Ranking, bars: Sequence[Bar], chosen: CustomerFilter) -> Picks:
    texts = [entry.text for entry, bar in zip(ranking.entries, bars, strict=False) if not bar.is_rest]
    return picks_of(chosen, ranking.column, [*texts, *[None for bar in bars if bar.is_rest]])


def _table(ranking: Ranking, scale: int, currency: str | None, title: str, chosen: CustomerFilter) -> DataTable:
    has_orders = ranking.entries[0].orders is not None
    has_money = ranking.entries[0].units is not None
    headers = [title, "Customers"] + (["Orders"] if has_orders else []) + (["Revenue"] if has_money else [])
    rows = []
    for entry in ranking.entries:
        row = [entry.name, whole(entry.customers)] + ([whole(entry.orders)] if has_orders else [])
        rows.append(
            row + ([MISSING if entry.units is None else money(entry.units / 10**scale, currency, is_short=False)] if has_money else [])
        )
    return DataTable(headers, rows, picks_of(chosen, ranking.column, [entry.text for entry in ranking.entries]).conditions)
