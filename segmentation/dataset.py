"""From the text of a file to its customers: the steps of an import in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from segmentation.errors import InvalidInputError
from segmentation.findings import Finding
from segmentation.intake.cleaning import CleanedRows, clean
from segmentation.intake.cleaning_repeats import merge_repeats
from segmentation.intake.cleaning_rules import CleaningOptions, Gap, Repeats, Returns
from segmentation.intake.currency import find_currency
from segmentation.intake.dates import DateOrder
from segmentation.intake.derived import Derivation, derive_columns
from segmentation.intake.future import LIST_DATES, day_to_count_from
from segmentation.intake.keys import leave_out, shared_keys, with_key
from segmentation.intake.mapping import ColumnMapping, map_columns
from segmentation.intake.order_lines import complete_order_lines
from segmentation.intake.parsing import OK, DecimalMark
from segmentation.intake.reading_notes import say_what_is_missing
from segmentation.intake.table import RawTable
from segmentation.intake.typed import TypedColumns, read_typed
from segmentation.measures.catalogue import CustomerCatalogue, Population, describe_customers
from segmentation.measures.customers import SECONDS_PER_DAY, CustomerTable, customers_of_log, to_date
from segmentation.measures.derived import added_headers, derive_measures
from segmentation.measures.lists import customers_of_list
from segmentation.measures.mending import ChangedValues, marks_of, mend, with_lines

OnStep = Callable[[str], None]


@dataclass(frozen=True)
class ImportOptions:
    """What a person decided about reading a file; empty means "as guessed".

    Attributes
    ----------
    roles : mapping of str to str
        Role to header.
    customer : str or None
        Header of the unit, ``"row"``, or several headers joined by "+".
    decimal, date_order
        Overrule what the file shows.
    rules, returns, repeats, gaps, cap
        See :class:`~segmentation.intake.cleaning.CleaningOptions`.
    as_of : datetime.date or None
        The day the analysis looks back from.
    currency : str or None
        ISO 4217 code, where the file does not say it or is wrong.
    derived : mapping of str to bool
        What is worked out from columns, switched on or off (see :mod:`segmentation.intake.derived`).
    leave_out : tuple of str
        Headers of columns that are not to be kept anywhere.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    customer: str | None = None
    decimal: DecimalMark | None = None
    date_order: DateOrder | None = None
    rules: Mapping[str, bool] = field(default_factory=dict)
    returns: Returns = "drop"
    as_of: date | None = None
    currency: str | None = None
    derived: Mapping[str, bool] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()
    repeats: Repeats = "newest"
    gaps: Mapping[str, Gap] = field(default_factory=dict)
    cap: Mapping[str, float] = field(default_factory=dict)

    def cleaning(self, today: date | None) -> CleaningOptions:
        """Return the part that decides which rows and values count."""
        return CleaningOptions(self.rules, self.returns, self.as_of, self.repeats, today, self.gaps, self.cap)


@dataclass(frozen=True)
class Dataset:
    """One file, understood: its rows, its customers, and the account of every row."""

    raw: RawTable
    mapping: ColumnMapping
    typed: TypedColumns
    cleaned: CleanedRows
    customers: CustomerTable
    catalogue: CustomerCatalogue
    currency: str | None = None
    derived: tuple[Derivation, ...] = ()
    changed: tuple[ChangedValues, ...] = ()
    mending: tuple[Finding, ...] = ()

    @property
    def filled(self) -> np.ndarray | None:
        """For each customer the columns whose value was filled in, object of shape (n,); None where nothing was."""
        return marks_of([(change.header, change.rows) for change in self.changed if change.rule == "filled"], self.customers.n_customers)

    @property
    def population(self) -> Population:
        """The customers, ready to be segmented."""
        return Population(self.mapping.kind, self.customers.ids, self.catalogue, self.customers.as_of, self.currency)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything noticed on the way, in the order of the steps."""
        return (*self.raw.findings, *self.mapping.findings, *self.typed.findings, *self.customers.findings, *self.mending, *self.notes)

    @cached_property
    def notes(self) -> tuple[Finding, ...]:
        """What was noticed in columns of numbers that have no meaning of their own."""
        typed = {column.header for column in self.typed.numbers.values()} | {column.header for column in self.typed.dates.values()}
        headers = [column.header for column in self.catalogue.columns if column.kind == "number" and column.header]
        return say_what_is_missing(self.raw, [header for header in headers if header not in typed])

    @property
    def rows_read(self) -> int:
        """Rows of the file below the header."""
        return self.cleaned.receipt[0].rows_in

    @property
    def rows_kept(self) -> int:
        """Rows that count."""
        return int(self.cleaned.kept.size)

    @property
    def rows_rejected(self) -> int:
        """Rows that do not; ``rows_read == rows_kept + rows_rejected``."""
        return int(self.cleaned.rejected.indices.size) + len(self.raw.unreadable)


def build_dataset(
    raw: RawTable, options: ImportOptions | None = None, on_step: OnStep = lambda _: None, today: date | None = None
) -> Dataset:
    """Understand a file: columns, values, rows, customers.

    Parameters
    ----------
    raw : RawTable
    options : ImportOptions, optional
    on_step : callable, optional
        Called with the name of each step ("columns", "clean", "customers") as it begins.
    today : datetime.date, optional
        Lines of a log after it are left out by a rule; in a list such days are pointed out and do not move the day counted from.

    Returns
    -------
    Dataset

    Raises
    ------
    InvalidInputError
        When the file has no rows, no customer column, or no row that can be used.
    """
    options = options or ImportOptions()
    if raw.n_rows == 0:
        title = "The file has a header but no rows below it."
        raise InvalidInputError("no_rows", title, fix="Fill in rows below it, or export the table again with its rows.")
    on_step("columns")
    raw, mapping, derived = understand_columns(raw, options)
    raw, completed = complete_order_lines(raw, mapping, options.rules.get("order_lines_completed"))
    typed = read_typed(raw, mapping, options.decimal, options.date_order)
    as_of = options.as_of
    if as_of is None and mapping.kind == "customers":
        as_of, future = day_to_count_from(raw, typed, today)
        typed = replace(typed, findings=(*typed.findings, *future))
    on_step("clean")
    latest = today + timedelta(days=1) if today and not options.as_of else None  # somewhere it is tomorrow already
    cleaning = options.cleaning(latest)
    cleaned = clean(raw, mapping, typed, cleaning)
    on_step("customers")
    raw, typed = _with_merged_rows(raw, mapping, typed, cleaned, options)
    summarise = customers_of_log if mapping.kind == "transactions" else customers_of_list
    customers = summarise(raw, mapping, typed, cleaned, as_of)
    customers, measures = derive_measures(raw, mapping, typed, customers, options.derived)
    mended = mend(raw, mapping, customers, describe_customers(raw, mapping, customers), cleaning)
    receipt = with_lines(cleaned.receipt, (*([completed] if completed else ()), *mended.steps))
    return Dataset(
        raw,
        mapping,
        typed,
        replace(cleaned, receipt=receipt),
        customers,
        mended.catalogue,
        options.currency or find_currency(raw, mapping),
        (*derived, *measures),
        mended.changes,
        mended.findings,
    )


def _with_merged_rows(
    raw: RawTable, mapping: ColumnMapping, typed: TypedColumns, cleaned: CleanedRows, options: ImportOptions
) -> tuple[RawTable, TypedColumns]:
    """Complete the newest rows of customers who stand in a list several times, where that was asked for."""
    rejected, header = cleaned.rejected, mapping.header("customer")
    if header is None or "merged_customer" not in rejected.rule_names:
        return raw, typed
    is_taken = np.zeros(raw.n_rows, bool)
    is_taken[cleaned.kept] = True
    is_taken[rejected.indices[rejected.rules == rejected.rule_names.index("merged_customer")]] = True
    added = added_headers(raw, mapping) if options.repeats == "sum" else None
    merged = merge_repeats(raw, is_taken, header, typed, added)
    return merged, read_typed(merged, mapping, options.decimal, options.date_order)


def newest_day(mapping: ColumnMapping, typed: TypedColumns) -> date | None:
    """Return the day after the newest that a file shows, as the analysis counts from if no row is dropped; None without dates.

    Parameters
    ----------
    mapping : ColumnMapping
    typed : TypedColumns

    Returns
    -------
    datetime.date or None
    """
    roles = ("date",) if mapping.kind == "transactions" else LIST_DATES
    columns = [typed.dates[role].parsed for role in roles if role in typed.dates]
    newest = [int(parsed.seconds[parsed.state == OK].max()) for parsed in columns if (parsed.state == OK).any()]
    return to_date(max(newest) + SECONDS_PER_DAY) if newest else None


def understand_columns(raw: RawTable, options: ImportOptions) -> tuple[RawTable, ColumnMapping, tuple[Derivation, ...]]:
    """Tell what the columns of a file mean, and work out what they give before a row is looked at.

    Parameters
    ----------
    raw : RawTable
    options : ImportOptions

    Returns
    -------
    raw : RawTable
        Without the columns left out, with the key of several columns as one more.
    mapping : ColumnMapping
    derived : tuple of Derivation

    Raises
    ------
    InvalidInputError
        When a choice cannot be, or no column says who the customer is.
    """
    raw, customer = with_key(leave_out(raw, options.leave_out), options.customer)
    mapping = map_columns(raw, options.roles, customer)
    raw, mapping, derived = derive_columns(raw, mapping, options.derived)
    return raw, replace(mapping, findings=(*mapping.findings, *shared_keys(raw, mapping))), derived
