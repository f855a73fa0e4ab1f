"""What the page of segments says in sentences, written from the numbers."""

from __future__ import annotations

from dashboard.formats import counted, days, money, percent, whole
from dashboard.queries.recipes import METHOD_WORDS
from dashboard.queries.segments import SegmentsOfRun

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number_word(number: int) -> str:
    """Return a small number as a word."""
    return _NUMBERS[number] if number < len(_NUMBERS) else whole(number)


def lead(shown: SegmentsOfRun) -> tuple[str, str]:
    """Return the finding, and what it is based on."""
    return _finding(shown), _based_on(shown)


def _finding(shown: SegmentsOfRun) -> str:
    first = shown.segments[0]
    is_plural = first.name.endswith("s") and "," not in first.name
    share = percent(first.share_customers)
    if not shown.has_money:
        return f"{first.name} are the largest segment, {share} of customers." if is_plural else f"{first.name}: {share} of customers."
    money_share = percent(first.share_revenue)
    if is_plural:
        return f"{first.name} are {share} of customers and bring {money_share} of revenue."
    return f"{first.name}: {share} of customers, {money_share} of revenue."


def _based_on(shown: SegmentsOfRun) -> str:
    facts = shown.dataset.facts
    total = sum(segment.revenue or 0 for segment in shown.segments)
    of_money = f" and {money(total, shown.currency)}" if shown.has_money and total else ""
    known = facts.details["report"] if facts else {}
    period = f", {days(known['date_min'], known['date_max'])}" if known.get("date_min") else ""
    k = len(shown.segments)
    order = "in order of revenue" if shown.has_money else "the largest first"
    start = f"{number_word(k).capitalize()} {'segment' if k == 1 else 'segments'}"
    return f"{start} from {counted(shown.n_segmented, 'customer')}{of_money}{period}, {order}.{_left_out(shown)}"


def _left_out(shown: SegmentsOfRun) -> str:
    n_customers = shown.dataset.facts.n_customers if shown.dataset.facts else shown.n_segmented
    left = n_customers - shown.n_segmented
    if left <= 0:
        return ""
    reasons = (shown.portrait or {}).get("left_out", {})
    why = "; ".join(f"{reason.removeprefix('Not segmented: ')}" for reason in sorted(reasons, key=lambda each: -reasons[each])[:2])
    return f" {counted(left, 'customer')} {'is' if left == 1 else 'are'} in no segment{f': {why}' if why else ''}."


def made_with(shown: SegmentsOfRun) -> str:
    """Say how the segments were made, with everything it takes to make them again."""
    report, repeats = shown.report, shown.portrait["repeats"] if shown.portrait else 0
    logs = [name for name, transform in report["transforms"].items() if transform == "log"]
    on_logs = f", {'all' if len(logs) == len(report['features']) else len(logs)} on a log scale" if logs else ""
    features = counted(len(report["features"]), "feature")
    method = METHOD_WORDS[report["method"]][1]
    words = f"{method[:1].upper()}{method[1:]} on {features}{on_logs}, seed {report['seed']}, {repeats} resamples."
    return f"{words} n = {counted(shown.n_segmented, 'customer')}."
