"""A file with what it belongs to: the version whose rows it continues or replaces, and a second file with details of its customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from dashboard.context import Context
from dashboard.intake.reader import ReadOptions, start_reading
from dashboard.versions.plain import load_plain
from dashboard.versions.reading import load_customers
from dashboard.workflows.staging import StagedFile, local_copy
from dashboard.workflows.work import Work
from database.datasets import load_dataset
from database.engine import read
from database.uploads import load_upload
from segmentation.dataset import Dataset, ImportOptions, understand_columns
from segmentation.intake.appending import append_rows, plain_table
from segmentation.intake.columns import ROLES
from segmentation.intake.joining import join_files
from segmentation.intake.keys import leave_out, with_key
from segmentation.intake.typed import read_typed
from segmentation.measures.changes import Changes, compare_versions

if TYPE_CHECKING:
    from dashboard.workflows.choices import Choices
    from segmentation.intake.table import RawTable


@dataclass(frozen=True)
class Combination:
    """What a file is put together with; nothing by default."""

    append_to: str | None = None
    replaces: str | None = None
    details: StagedFile | None = None
    details_read: ReadOptions = field(default_factory=ReadOptions)

    @property
    def parent(self) -> str | None:
        """The version before."""
        return self.append_to or self.replaces

    def as_params(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Combination:
        """Read what ``as_params`` wrote."""
        details = StagedFile(**params["details"]) if params["details"] else None
        return cls(params["append_to"], params["replaces"], details, ReadOptions(**params["details_read"]))


def find_combination(context: Context, choices: Choices) -> Combination:
    """Return what a person chose to put a file together with, if all of it is there."""
    with read(context.engine) as conn:
        if parent := choices.append_to or choices.replaces:
            load_dataset(conn, parent)
        if choices.details is None:
            return Combination(choices.append_to, choices.replaces)
        upload = load_upload(conn, choices.details)
    reading = ReadOptions(**upload.choices.get("read", {}))
    return Combination(choices.append_to, choices.replaces, StagedFile(upload.file.id, upload.file.name, upload.file.sha256), reading)


def name_of(context: Context, together: Combination) -> str | None:
    """Return the name of the dataset that a file continues or replaces."""
    if together.parent is None:
        return None
    with read(context.engine) as conn:
        return load_dataset(conn, together.parent).name


def read_staged(work: Work, file_id: str, options: ReadOptions) -> RawTable:
    """Read a file of the store, unless the job is stopped meanwhile."""
    with local_copy(work.context, file_id) as path, start_reading(path, options) as reading, work.interrupting(reading.close):
        return reading.result()


def with_details(work: Work, raw: RawTable, options: ImportOptions, together: Combination) -> tuple[RawTable, ImportOptions]:
    """Put the details of customers beside the lines of a log; whichever of the two files is the log."""
    if together.details is None:
        return raw, options
    other = read_staged(work, together.details.id, together.details_read)
    raw, customer = with_key(leave_out(raw, options.leave_out), options.customer)
    joined, roles = join_files(raw, options.roles, customer, other, together.details.name)
    return joined, replace(options, roles=roles, leave_out=())


def with_earlier_rows(context: Context, raw: RawTable, options: ImportOptions, together: Combination) -> tuple[RawTable, ImportOptions]:
    """Put the rows of a file below those of the version that it continues."""
    if together.append_to is None:
        return raw, options
    raw, mapping, _ = understand_columns(raw, options)
    separate = replace(mapping, roles={role: header for role, header in mapping.roles.items() if role != "time"})
    typed = read_typed(raw, separate, options.decimal, options.date_order)
    earlier, before = load_plain(context, together.append_to)
    table, roles = append_rows(earlier, before, plain_table(raw, mapping, typed), mapping)
    table = replace(table, findings=(*table.findings, *typed.findings))
    fixed = {role.name: roles.get(role.name, "") for role in ROLES}
    with read(context.engine) as conn:
        facts = load_dataset(conn, together.append_to).facts
    currency = options.currency or (facts.currency if facts else None)
    return table, replace(options, roles=fixed, customer=None, decimal=".", date_order="ymd", currency=currency, leave_out=())


def changes_since(context: Context, dataset: Dataset, together: Combination) -> Changes | None:
    """Say what changed since the version before; None where there is none."""
    if together.parent is None:
        return None
    return compare_versions(load_customers(context, together.parent).population(), dataset.population)
