"""A file becomes a dataset: staged, read and understood, loaded in batches, published in one short transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from dashboard.context import Context, now
from dashboard.exports.report import describe_dataset, plain_json
from dashboard.intake.reader import ReadOptions
from dashboard.queries.overview import load_overview
from dashboard.versions.customers import lay_out_customers
from dashboard.versions.layout import Layout
from dashboard.versions.rejected import lay_out_rejected
from dashboard.versions.transactions import lay_out_transactions
from dashboard.workflows.combining import Combination, changes_since, read_staged, with_details, with_earlier_rows
from dashboard.workflows.staging import StagedFile
from dashboard.workflows.work import Work
from database import datasets as store
from database.engine import read, write
from database.jobs import Job, add_job, job_key
from database.snapshots import write_snapshot
from segmentation.dataset import Dataset, ImportOptions, build_dataset
from segmentation.errors import ConflictError
from segmentation.measures.changes import Changes

log = logging.getLogger(__name__)

IMPORT_VERSION = "5"
"""Raised when the same file with the same options would give other rows than before."""
_SHARES = {"read": 0.0, "columns": 0.3, "clean": 0.35, "customers": 0.45, "store": 0.5, "publish": 0.94, "overview": 0.97}
"""How much of an import is done when each step begins."""


@dataclass(frozen=True)
class ImportRequest:
    """What to import, and how."""

    file: StagedFile
    name: str
    read: ReadOptions = field(default_factory=ReadOptions)
    options: ImportOptions = field(default_factory=ImportOptions)
    is_demo: bool = False
    together: Combination = field(default_factory=Combination)

    @property
    def content(self) -> str:
        """The name of the content: the same file with the same choices is one dataset, whatever it is called."""
        choices = self._choices()
        mapping = {name: choices.pop(name) for name in ("roles", "customer")}
        details = self.together.details.sha256 if self.together.details else None
        more = {"version": IMPORT_VERSION, "details": details, "is_replacing": self.together.replaces is not None}
        return store.content_hash(self.file.sha256, mapping, {**choices, **more}, self.together.parent)

    def as_params(self) -> dict[str, Any]:
        """Return the request as plain JSON values."""
        return {
            "file": asdict(self.file),
            "name": self.name,
            "choices": self._choices(),
            "is_demo": self.is_demo,
            "together": self.together.as_params(),
        }

    def _choices(self) -> dict[str, Any]:
        options = asdict(self.options)
        return {**options, "as_of": self.options.as_of.isoformat() if self.options.as_of else None, "read": asdict(self.read)}

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> ImportRequest:
        """Read what ``as_params`` wrote."""
        choices = dict(params["choices"])
        as_of = choices.pop("as_of")
        reading = ReadOptions(**choices.pop("read"))
        choices["leave_out"] = tuple(choices["leave_out"])
        options = ImportOptions(**choices, as_of=date.fromisoformat(as_of) if as_of else None)
        together = Combination.from_params(params["together"])
        return cls(StagedFile(**params["file"]), params["name"], reading, options, params["is_demo"], together)


def request_import(context: Context, request: ImportRequest, author: str | None = None) -> Job:
    """Queue an import, or return the equal one that is waiting or running."""
    with write(context.engine) as conn:
        return add_job(
            conn, "import", request.as_params(), job_key("import", None, {"content": request.content}, IMPORT_VERSION), now(), author
        )


def import_dataset(work: Work) -> Mapping[str, Any]:
    """Do an import; a file that is already there with the same choices is not read again."""
    request = ImportRequest.from_params(work.job.params)
    with read(work.context.engine) as conn:
        known = store.find_dataset_by_content(conn, request.content)
    if known is None:
        dataset = _understand(work, request)
        try:
            known = _store(work, request, dataset)
        except ConflictError as error:
            if error.code != "already_imported":
                raise
        else:
            _prepare_overview(work, known)
            return {"dataset_id": known.id, "is_new": True}
        with read(work.context.engine) as conn:
            known = store.find_dataset_by_content(conn, request.content)
    return {"dataset_id": known.id if known else None, "is_new": False}


def _prepare_overview(work: Work, dataset: store.Dataset) -> None:
    """Work out now what the first page shows: of a large log it takes seconds that nobody should wait for. It is no part of the import."""
    work.progress(_SHARES["overview"], "Drawing the overview")
    try:
        load_overview(work.context, dataset)
    except Exception:
        log.exception("overview failed", extra={"dataset": dataset.id})


def _understand(work: Work, request: ImportRequest) -> Dataset:
    def step(name: str) -> None:
        work.step(_SHARES[name], name)

    step("read")
    raw, options = with_details(work, read_staged(work, request.file.id, request.read), request.options, request.together)
    return build_dataset(*with_earlier_rows(work.context, raw, options, request.together), step, now().date())


def _store(work: Work, request: ImportRequest, dataset: Dataset) -> store.Dataset:
    work.step(_SHARES["store"], "store")
    customers = lay_out_customers(dataset)
    parts: dict[store.Part, Layout] = {"customers": customers.layout}
    if dataset.mapping.kind == "transactions":
        parts["transactions"] = lay_out_transactions(dataset)
    params, parent = request.as_params(), request.together.parent
    facts = {"file": request.file.name, "sha256": request.file.sha256, "is_demo": request.is_demo, "together": params["together"]}
    columns = {part: layout.specs for part, layout in parts.items()}
    source = {**facts, **params["choices"]}
    new = store.NewDataset(request.name, dataset.mapping.kind, request.content, columns, source, parent, work.job.author)
    changes = changes_since(work.context, dataset, request.together)
    with write(work.context.engine) as conn:
        begun = store.begin_dataset(conn, new, work.job, now())
    _load(work, begun, {part: layout.rows for part, layout in parts.items()}, lay_out_rejected(dataset))
    work.progress(_SHARES["publish"], "Publishing the dataset")
    with write(work.context.engine) as conn:
        return store.publish_dataset(conn, begun, work.job, _facts(dataset, customers.description, changes), now())


def _load(work: Work, begun: store.Dataset, parts: Mapping[store.Part, pa.Table], rejected: pa.Table) -> None:
    """Write all rows in batches, each in a transaction of its own, and the snapshots beside them."""
    engine = work.context.engine
    n_all, n_done = sum(rows.num_rows for rows in parts.values()) + rejected.num_rows, 0
    arranged = {part: rows if part == "customers" else store.arrange_rows(begun, part, rows) for part, rows in parts.items()}
    sources = [store.prepare_batches(engine, begun, part, rows) for part, rows in arranged.items()]
    for batches in (*sources, store.prepare_rejected(engine, begun, rejected)):
        for batch in batches:
            with write(engine) as conn:
                store.add_rows(conn, work.job, batch)
            n_done += batch.n
            work.progress(_SHARES["store"] + (_SHARES["publish"] - _SHARES["store"]) * n_done / n_all, "Storing the rows")
    with write(engine) as conn:
        store.add_indexes(conn, begun)
    for part, rows in arranged.items():
        write_snapshot(work.context.snapshots, begun, part, rows)


def _facts(dataset: Dataset, description: Mapping[str, Any], changes: Changes | None) -> store.Facts:
    report = plain_json(describe_dataset(dataset))
    money = dataset.customers.money.get("monetary_total")
    receipt, findings = report.pop("receipt"), report.pop("findings")
    return store.Facts(
        rows_read=dataset.rows_read,
        rows_kept=dataset.rows_kept,
        rows_rejected=dataset.rows_rejected,
        n_customers=dataset.customers.n_customers,
        revenue=Decimal(money.total_units).scaleb(-money.scale) if money else None,
        currency=dataset.currency,
        receipt=receipt,
        findings=findings,
        details={"customers": description, "report": report, "changes": plain_json(asdict(changes)) if changes else None},
    )
