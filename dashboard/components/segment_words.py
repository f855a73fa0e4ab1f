"""What the page of segments says in sentences, written from the numbers."""

from __future__ import annotations

import re

from dashboard.formats import counted, days, money, percent, sentence_case, whole
from dashboard.queries.recipes import METHOD_WORDS
from dashboard.queries.segments import SegmentsOfRun

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

_EVEN = 0.05
"""Shares of revenue and of customers closer than this are even."""
_MOST_NAMED = 2
_LEVELS = ("Clear groups: ", "Some structure: ", "Structureless: ")
_FIGURES = re.compile(r" \([^()]*silhouette[^()]*\)")
"""What a verdict rests on, for analysts."""


def number_word(number: int) -> str:
    """Return a small number as a word."""
    return _NUMBERS[number] if number < len(_NUMBERS) else whole(number)


def quoted(name: str) -> str:
    """Return the name of a segment as it stands in a sentence: names hold commas of their own."""
    return f"“{name}”"


def lead(shown: SegmentsOfRun) -> tuple[str, str]:
    """Return the finding, and what it is based on."""
    return _finding(shown), _based_on(shown)


def _finding(shown: SegmentsOfRun) -> str:
    """Say which few segments bring most of the money: those that bring more than their share of customers."""
    k = len(shown.segments)
    if not shown.n_segmented:
        return "Nobody in a segment is left. Take a filter off."
    with_customers = [segment for segment in shown.segments if segment.size]
    if len(with_customers) == 1 < k:
        return f"All {counted(shown.n_segmented, 'customer')} left are in {quoted(with_customers[0].name)}."
    if not shown.has_money:
        largest = max(shown.segments, key=lambda segment: segment.size)
        return f"{quoted(largest.name)}: {percent(largest.share_customers)} of customers, the largest segment."
    above = [segment for segment in shown.segments if (segment.share_revenue or 0) > segment.share_customers]
    customers, revenue = sum(each.share_customers for each in above), sum(each.share_revenue or 0 for each in above)
    if k == 1:
        return "All customers are in one segment."
    if revenue - customers < _EVEN:
        return "The segments bring about as much revenue as they have customers."
    verb = "brings" if len(above) == 1 else "bring"
    names = " and ".join(quoted(each.name) for each in above) if len(above) <= _MOST_NAMED else ""
    start = f"{number_word(len(above)).capitalize()} of {number_word(k)} segments, {percent(customers)} of customers,"
    return f"{start} {verb} {percent(revenue)} of revenue{f': {names}' if names else ''}."


def at_risk_words(shown: SegmentsOfRun) -> str | None:
    """Say who is of high value and has not been seen for long, and what is at stake; None where it is not known, or nobody."""
    risk = (shown.left or {}).get("at_risk")
    if not risk or not risk["n"]:
        return None
    names = [quoted(segment.name) for segment in shown.segments]
    largest = max(range(len(names)), key=lambda place: risk["segments"][place])
    share = percent(risk["n"] / shown.n_segmented)
    who = f"{counted(risk['n'], 'customer')} ({share}) spent {money(risk['money_from'], shown.currency)} or more"
    when = f"but last bought {counted(round(risk['days_from']), 'day')} ago or longer"
    most = f", {whole(risk['segments'][largest])} of them in {names[largest]}" if len(names) > 1 else ""
    return f"{who} {when}{most}. What they have spent, {money(risk['money'], shown.currency)}, is at stake."


def _based_on(shown: SegmentsOfRun) -> str:
    facts = shown.dataset.facts
    total = sum(segment.revenue or 0 for segment in shown.segments)
    of_money = f" and {money(total, shown.currency)}" if shown.has_money and total else ""
    known = facts.details["report"] if facts else {}
    period = f", {days(known['date_min'], known['date_max'])}" if known.get("date_min") and not shown.is_filtered else ""
    k = len(shown.segments)
    start = f"{number_word(k).capitalize()} {'segment' if k == 1 else 'segments'}"
    left = " left by the filter" if shown.is_filtered else ""
    return f"{start} from {counted(shown.n_segmented, 'customer')}{of_money}{left}{period}, {shown.order_words}.{_left_out(shown)}"


def _left_out(shown: SegmentsOfRun) -> str:
    if shown.is_filtered:
        return ""
    n_customers = shown.dataset.facts.n_customers if shown.dataset.facts else shown.n_segmented
    left = n_customers - shown.n_segmented
    if left <= 0:
        return ""
    reasons = (shown.portrait or {}).get("left_out", {})
    why = "; ".join(f"{reason.removeprefix('Not segmented: ')}" for reason in sorted(reasons, key=lambda each: -reasons[each])[:2])
    return f" {counted(left, 'customer')} {'is' if left == 1 else 'are'} in no segment{f': {why}' if why else ''}."


def structure_words(shown: SegmentsOfRun) -> str:
    """Say whether there are groups at all; the level before the colon and the figures in brackets stand elsewhere."""
    verdict = str(shown.report["structure"]["verdict"])
    said = _FIGURES.sub("", verdict.partition(": ")[2] if verdict.startswith(_LEVELS) else verdict)
    return f"{sentence_case(said).rstrip('.')}."


def made_with(shown: SegmentsOfRun) -> str:
    """Say how the segments were made, with everything it takes to make them again."""
    report, repeats = shown.report, shown.portrait["repeats"] if shown.portrait else 0
    logs = [name for name, transform in report["transforms"].items() if transform == "log"]
    on_logs = f", {'all' if len(logs) == len(report['features']) else len(logs)} on a log scale" if logs else ""
    features = counted(len(report["features"]), "feature")
    method = METHOD_WORDS[report["method"]][1]
    words = f"{method[:1].upper()}{method[1:]} on {features}{on_logs}, seed {report['seed']}, {repeats} resamples."
    return f"{words} n = {counted(report['n_segmented'], 'customer')}."
