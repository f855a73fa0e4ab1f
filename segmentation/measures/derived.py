"""Measures of customers that are worked out from columns by a stated formula, each to be switched off."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.findings import Finding
from segmentation.intake.columns import MEASURE_BY_NAME
from segmentation.intake.derived import Derivation
from segmentation.intake.mapping import ColumnMapping, header_words, measure_headers
from segmentation.intake.parsing import OK, normalise, parse_numbers
from segmentation.intake.table import RawTable
from segmentation.intake.typed import TypedColumns, is_numeric
from segmentation.intake.values import NumberColumn
from segmentation.measures.customers import SECONDS_PER_DAY, CustomerTable, ExactMoney

MAX_AGE = 110
"""Older than this is more likely a typing error than a customer."""
_SPEND_WORDS = re.compile(
    r"^(mnt|spend|spent|amount spent|amt|money spent|spending|spend on|spent on|ausgaben|depense|gasto|spesa) (?!total)\w+"
)
_CHILDREN_WORDS = re.compile(
    r"^(?:(?:num|number of|no of|anzahl) )?"
    r"(?:kids?|teens?|teenagers?|children|child|babies|baby|infants?|toddlers?|adolescents?|kinder|jugendliche)"
    r" ?(?:at )?(?:home|in household)?$"
)
_CAMPAIGN_WORDS = re.compile(r"^(?:accepted )?(?:cmp|campaign|kampagne|campagne)(?: accepted| response)? ?\d+(?: accepted| response)?$")
_RESPONSE_WORDS = frozenset({"response", "responded", "accepted last campaign"})
_YES = frozenset({"1", "1.0", "yes", "y", "true", "ja", "oui", "si", "sí", "x"})
_NO = frozenset({"0", "0.0", "no", "n", "false", "nein", "non", "", "nee", "nie"})
_CHANNELS = ("web_purchases", "store_purchases", "catalog_purchases")
_LEAST_PARTS = 2
_ADDED_UNITS = frozenset({"orders", "pieces", "visits", "campaigns"})


@dataclass
class _Work:
    """What is known while measures are proposed and worked out."""

    raw: RawTable
    mapping: ColumnMapping
    typed: TypedColumns
    switches: Mapping[str, bool]
    known: set[str]
    day: date | None
    proposed: list[Derivation] = field(default_factory=list)

    def propose(self, name: str, formula: str, headers: Sequence[str]) -> None:
        """Propose a measure that the file does not bring, and count on it unless it is off."""
        is_on = self.switches.get(name, True)
        self.proposed.append(Derivation(name, formula, tuple(headers), is_on))
        if is_on:
            self.known.add(name)


def propose_measures(
    raw: RawTable, mapping: ColumnMapping, typed: TypedColumns, day: date | None, switches: Mapping[str, bool]
) -> tuple[Derivation, ...]:
    """Tell which measures the columns of a file give.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping
    typed : TypedColumns
    day : datetime.date or None
        The day to count back from.
    switches : mapping of str to bool
        By name; what is not named is on.

    Returns
    -------
    tuple of Derivation
    """
    is_list = mapping.kind == "customers"
    known = set(measure_headers(raw, set(mapping.roles.values()))) if is_list else set()
    known |= {"monetary_total"} if is_list and "amount" in typed.numbers else set()
    known |= {role for role in ("age", "income") if role in typed.numbers}
    work = _Work(raw, mapping, typed, switches, known, day)
    if day is not None:
        _propose_times(work, is_list)
    if is_list:
        _propose_purchases(work)
    _propose_counts(work)
    return tuple(work.proposed)


def _propose_times(work: _Work, is_list: bool) -> None:
    roles, day = work.mapping.roles, work.day
    if day is None:
        return
    if "age" not in work.known and "birth_date" in roles:
        work.propose("age", f'full years from "{roles["birth_date"]}" to {_written(day)}', [roles["birth_date"]])
    elif "age" not in work.known and "birth_year" in roles:
        work.propose("age", f'{day.year} - "{roles["birth_year"]}"', [roles["birth_year"]])
    for name, role in (("recency_days", "last_order"), ("tenure_days", "signup_date")):
        if is_list and name not in work.known and role in roles:
            work.propose(name, f'days from "{roles[role]}" to {_written(day)}', [roles[role]])


def _propose_purchases(work: _Work) -> None:
    ready = measure_headers(work.raw, set(work.mapping.roles.values()))
    if "monetary_total" not in work.known:
        spend = _numeric_headers(work.raw, [header for header in work.raw.headers if _SPEND_WORDS.match(header_words(header))])
        if len(spend) >= _LEAST_PARTS:
            work.propose("monetary_total", _sum_of(spend), spend)
        elif {"frequency_orders", "order_value_mean"} <= work.known:
            pair = (ready["frequency_orders"], ready["order_value_mean"])
            work.propose("monetary_total", " × ".join(f'"{header}"' for header in pair), pair)
    channels = [ready[name] for name in _CHANNELS if name in ready]
    if "frequency_orders" not in work.known and len(channels) >= _LEAST_PARTS:
        work.propose("frequency_orders", " + ".join(MEASURE_BY_NAME[name].label for name in _CHANNELS if name in ready), channels)
    if "order_value_mean" not in work.known and {"monetary_total", "frequency_orders"} <= work.known:
        work.propose("order_value_mean", "total spend / number of orders", [])


def _propose_counts(work: _Work) -> None:
    headers = [header for header in work.raw.headers if header not in work.mapping.roles.values()]
    words = {header: header_words(header) for header in headers}
    children = _numeric_headers(work.raw, [header for header in headers if _CHILDREN_WORDS.match(words[header])])
    if "children" not in work.known and len(children) >= _LEAST_PARTS:
        work.propose("children", _sum_of(children), children)
    answers = [header for header in headers if _CAMPAIGN_WORDS.match(words[header]) and _is_yes_no(work.raw, header)]
    if len(answers) >= _LEAST_PARTS:
        answers += [header for header in headers if words[header] in _RESPONSE_WORDS and _is_yes_no(work.raw, header)]
        if "campaigns_accepted" not in work.known:
            work.propose("campaigns_accepted", _sum_of(answers), answers)
        if "accepted_any" not in work.known:
            work.propose("accepted_any", "1 where any of " + ", ".join(f'"{header}"' for header in answers) + " is yes, else 0", answers)


def added_headers(raw: RawTable, mapping: ColumnMapping) -> set[str]:
    """Return the columns of a list whose numbers can be added up over several rows of a customer: money spent, orders, pieces, visits.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping

    Returns
    -------
    set of str
        Headers.
    """
    ready = measure_headers(raw, set(mapping.roles.values()))
    added = {header for name, header in ready.items() if MEASURE_BY_NAME[name].unit in _ADDED_UNITS or name == "monetary_total"}
    added |= {header for header in raw.headers if _SPEND_WORDS.match(header_words(header))}
    return set(_numeric_headers(raw, sorted(added | {mapping.roles[role] for role in ("amount", "quantity") if role in mapping.roles})))


def derive_measures(
    raw: RawTable, mapping: ColumnMapping, typed: TypedColumns, customers: CustomerTable, switches: Mapping[str, bool]
) -> tuple[CustomerTable, tuple[Derivation, ...]]:
    """Work out the measures that the columns of a file give.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping
    typed : TypedColumns
    customers : CustomerTable
        With the measures found ready made.
    switches : mapping of str to bool

    Returns
    -------
    customers : CustomerTable
        With those worked out; each is stated in a finding.
    derivations : tuple of Derivation
        On and off.
    """
    proposed = [
        each
        for each in propose_measures(raw, mapping, typed, customers.as_of, switches)
        if all(header in customers.attribute_rows for header in each.headers) and each.name not in customers.measures
    ]
    measures: dict[str, np.ndarray] = {str(name): customers.measures[name].to_numpy() for name in customers.measures}
    money, findings = dict(customers.money), list(customers.findings)
    for each in proposed:
        if not each.is_on:
            continue
        columns = [_values(raw, typed, header, customers.attribute_rows[header]) for header in each.headers]
        measures[each.name] = _work_out(each, columns, measures, customers, mapping)
        if each.name == "monetary_total" and "+" in each.formula:
            money[each.name] = _exact_sum(raw, each.headers, customers)
            measures[each.name] = money[each.name].as_floats()
        findings.append(_stated(each))
    if customers.as_of is None and "age" not in measures and {"birth_year", "birth_date"} & set(mapping.roles):
        findings.append(_needs_a_day(mapping))
    frame = pd.DataFrame({name: measures[name] for name in MEASURE_BY_NAME if name in measures}, index=customers.measures.index)
    return replace(customers, measures=frame, money=money, findings=tuple(findings)), tuple(proposed)


def _work_out(
    each: Derivation, columns: list[np.ndarray], measures: Mapping[str, np.ndarray], customers: CustomerTable, mapping: ColumnMapping
) -> np.ndarray:
    """Return one measure as float64 of shape (n customers,)."""
    day = customers.as_of or date(1970, 1, 1)
    today = (day - date(1970, 1, 1)).days
    if each.name == "age":
        return _full_years(columns[0], day) if each.headers[0] == mapping.header("birth_date") else day.year - columns[0]
    if each.name in ("recency_days", "tenure_days"):
        return np.where(columns[0] > today, np.nan, today - columns[0])  # what has not come yet is no time ago
    if each.name == "order_value_mean":
        orders = measures["frequency_orders"]
        return np.divide(measures["monetary_total"], orders, out=np.full(orders.shape, np.nan), where=orders > 0)
    if each.name == "accepted_any":
        return (np.nansum(columns, axis=0) > 0).astype(np.float64)
    if "×" in each.formula:
        return columns[0] * columns[1]
    return np.sum(columns, axis=0) if each.name == "frequency_orders" else np.nansum(columns, axis=0)


def _values(raw: RawTable, typed: TypedColumns, header: str, rows: np.ndarray) -> np.ndarray:
    """Return a column for each customer: days since 1970 of a date, 1 and 0 of yes and no, else the number; NaN where there is none."""
    for moment in typed.dates.values():
        if moment.header == header:
            return np.where(moment.state[rows] == OK, moment.seconds[rows] // SECONDS_PER_DAY, np.nan)
    for number in typed.numbers.values():
        if number.header == header:
            return number.as_floats()[rows]
    texts = raw.distinct(header)
    if _is_yes_no(raw, header):
        return np.asarray(pc.is_in(normalise(texts), value_set=pa.array(sorted(_YES)))).astype(np.float64)[raw.codes(header)[rows]]
    return parse_numbers(texts).as_floats()[raw.codes(header)[rows]]


def _full_years(birthdays: np.ndarray, day: date) -> np.ndarray:
    """Return completed years from days since 1970 to a day."""
    born = pd.to_datetime(pd.Series(birthdays), unit="D").dt
    had_birthday = (born.month < day.month) | ((born.month == day.month) & (born.day <= day.day))
    return (day.year - born.year - (~had_birthday).astype(float)).where(~np.isnan(birthdays)).to_numpy(np.float64)


def _needs_a_day(mapping: ColumnMapping) -> Finding:
    header = mapping.header("birth_date") or mapping.header("birth_year") or ""
    message = f'Age cannot be counted from "{header}" without a day to count from: say which day the file is of.'
    return Finding("age_needs_a_day", "question", message, 1, ({"column": header},))


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _numeric_headers(raw: RawTable, headers: Sequence[str]) -> list[str]:
    return [header for header in headers if is_numeric(parse_numbers(raw.distinct(header)))]


def _is_yes_no(raw: RawTable, header: str) -> bool:
    texts = raw.distinct(header)
    return len(texts) <= 6 and set(normalise(texts).to_pylist()) <= _YES | _NO


def _sum_of(headers: Sequence[str]) -> str:
    return " + ".join(f'"{header}"' for header in headers)


def _exact_sum(raw: RawTable, headers: Sequence[str], customers: CustomerTable) -> ExactMoney:
    """Add columns exactly; a missing cell adds nothing."""
    columns = [NumberColumn(header, raw.codes(header), parse_numbers(raw.distinct(header))) for header in headers]
    scale = max(column.parsed.scale for column in columns)
    units = np.zeros(customers.n_customers, np.int64)
    for header, column in zip(headers, columns, strict=True):
        units += column.units[customers.attribute_rows[header]] * 10 ** (scale - column.parsed.scale)
    return ExactMoney(units, scale)


def _stated(each: Derivation) -> Finding:
    example = {"column": each.name, "value": each.formula}
    return Finding("derived_measure", "info", f"{each.label[0].upper()}{each.label[1:]} is {each.formula}.", 1, (example,))
