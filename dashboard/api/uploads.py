"""Uploads: a file is sent, looked at, and read otherwise where the guess was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

from flask import request
from pydantic import BaseModel, Field
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from dashboard.api.models import Changes, ErrorFacts, Finding, ReceiptLine
from dashboard.api.routes import Asked, Query, Routes, author
from dashboard.api.waiting import FailedByUsError, result_of, wait_for
from dashboard.context import Context
from dashboard.errors import too_large
from dashboard.workflows.choices import ReadChoices
from dashboard.workflows.uploads import discard_upload, receive_upload, request_inspection
from database.engine import read
from database.jobs import Job, find_job
from database.uploads import Upload, load_upload
from segmentation.errors import AppError, NotFoundError
from segmentation.intake.cleaning_rules import Gap, Repeats, Returns
from segmentation.intake.dates import DateOrder
from segmentation.intake.parsing import DecimalMark

routes = Routes()
_ANY_FILE = "application/octet-stream"


class Waiting(Query):
    """How many seconds to wait for the look at the file; 0 answers at once with the ids alone."""

    wait: Annotated[float, Field(ge=0, le=300)] = 60


class DialectChoices(Asked):
    """How the file is written; null takes a choice back."""

    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    decimal: DecimalMark | None = None
    date_order: DateOrder | None = None


class UploadChanges(Asked):
    """What a person decided about a file. What is not named stays as it was decided before; null takes a choice back."""

    sheet: str | None = None
    dialect: DialectChoices = DialectChoices()
    read: ReadChoices | None = None
    roles: dict[str, str] | None = None
    customer: str | None = None
    decimal: DecimalMark | None = None
    date_order: DateOrder | None = None
    rules: dict[str, bool] | None = None
    returns: Returns | None = None
    repeats: Repeats | None = None
    gaps: dict[str, Gap] | None = None
    cap: dict[str, float] | None = None
    derived: dict[str, bool] | None = None
    leave_out: list[str] | None = None
    as_of: str | None = None
    currency: str | None = None
    append_to: str | None = None
    replaces: str | None = None
    details: str | None = None
    recall: bool | None = None


class UploadTicket(BaseModel):
    """A file that is still being looked at."""

    upload_id: str
    job_id: str


class Dialect(BaseModel):
    """How the file is written."""

    encoding: str | None
    delimiter: str | None
    quote: str | None
    decimal: str | None
    date_order: str | None
    sheet: str | None
    header_row: int | None


class Column(BaseModel):
    """One column.

    ``measure``: what it says ready made of a customer where it has no role ("purchases on the web"); ``filled``: the share of rows with a
    value (0 to 1); ``range``: the smallest and largest number or day.
    """

    header: str
    role: str | None
    examples: list[str]
    filled: float
    distinct: int
    range: list[str] | None
    is_sure: bool
    unit: str | None = None
    measure: str | None = None


class PreviewRow(BaseModel):
    """A row as it stands in the file."""

    row: int
    cells: list[str]


class Detail(BaseModel):
    """A column that describes customers: what is missing, how far its largest values stand out (quantile and value of each limit)."""

    name: str
    header: str | None
    label: str
    unit: str | None
    is_asked: bool
    n: int
    n_missing: int
    n_filled: int
    largest: float | None
    limits: list[tuple[float, float]]


class Outcome(BaseModel):
    """What an import would give. ``rows_earlier``: rows of the version that the file continues; they count among the rows read."""

    rows_read: int
    rows_kept: int
    rows_rejected: int
    customers: int
    revenue: float | None
    currency: str | None
    date_min: str | None
    date_max: str | None
    receipt: list[ReceiptLine]
    mapping: dict[str, str]
    rows_earlier: int = 0
    details: list[Detail] = []
    changes: Changes | None = None


class Recalled(BaseModel):
    """The dataset whose file had the same shape and whose choices were taken over, with the headers that are new and gone since."""

    dataset_id: str
    name: str
    new: list[str]
    gone: list[str]


class Derived(BaseModel):
    """One thing that is worked out from columns; switched with the choice ``derived``."""

    name: str
    label: str
    formula: str
    headers: list[str]
    is_on: bool


class UploadAnswer(BaseModel):
    """A file that was sent. ``error`` says why it cannot be imported as it is."""

    upload_id: str
    name: str
    size: int
    created_at: datetime
    expires_at: datetime
    choices: dict[str, Any]
    job_id: str | None
    import_job_id: str | None
    state: str | None
    kind: str | None = None
    rows: int | None = None
    dialect: Dialect | None = None
    columns: list[Column] = []
    preview: list[PreviewRow] = []
    findings: list[Finding] = []
    sheets: list[str] | None = None
    derived: list[Derived] = []
    keys: list[str] = []
    recalled: Recalled | None = None
    outcome: Outcome | None = None
    error: ErrorFacts | None = None


@routes.add("POST /uploads", "Send a file", "import", {UploadAnswer: 201, UploadTicket: 201}, takes=_ANY_FILE)
def send_file(context: Context, query: Waiting) -> UploadAnswer | UploadTicket:
    """Take a file as the raw body, its name in the header X-Filename (percent-encoded UTF-8 where it needs to be), and look at it."""
    upload = receive_upload(context, _Body(context.settings.max_upload_mb << 20), _file_name(), author(), request.content_length)
    job = wait_for(context, request_inspection(context, upload.id, author=author()), query.wait)
    try:
        found = result_of(job)
    except (AppError, FailedByUsError):
        with suppress(NotFoundError):
            discard_upload(context, upload.id)
        raise
    if found is None or not query.wait:
        return UploadTicket(upload_id=upload.id, job_id=job.id)
    return _load(context, upload.id)


@routes.add("GET /uploads/<upload_id>", "A file that was sent, and what it seems to be", "import", {UploadAnswer: 200})
def get_upload(context: Context, upload_id: str) -> UploadAnswer:
    """Return what is known of a file by now."""
    return _load(context, upload_id)


@routes.add("PATCH /uploads/<upload_id>", "Read a file otherwise", "import", {UploadAnswer: 200, UploadTicket: 202})
def change_upload(context: Context, upload_id: str, body: UploadChanges, query: Waiting) -> UploadAnswer | UploadTicket:
    """Decide how to read a file and what its columns mean, and look at it again."""
    with read(context.engine) as conn:
        choices = merge_choices(load_upload(conn, upload_id).choices, body)
    job = wait_for(context, request_inspection(context, upload_id, choices, author()), query.wait)
    if result_of(job) is None:
        return UploadTicket(upload_id=upload_id, job_id=job.id)
    return _load(context, upload_id)


@routes.add("DELETE /uploads/<upload_id>", "Throw a file away that was sent", "import", {None: 204})
def delete_upload(context: Context, upload_id: str) -> None:
    """Throw a file away."""
    discard_upload(context, upload_id)


class _Body:
    """The body of this request, whose ends other than the right one are told in our words."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    def read(self, size: int, /) -> bytes:
        try:
            return request.stream.read(size)
        except ClientDisconnected as error:
            raise ConnectionError("the sender is gone") from error
        except RequestEntityTooLarge:
            raise too_large(None, self._limit) from None


def merge_choices(known: Mapping[str, Any], changes: UploadChanges) -> dict[str, Any]:
    """Return the choices after a change: what is not named stays, null takes back."""
    given = changes.model_dump(exclude_unset=True)
    dialect = given.pop("dialect", {})
    reading = {**known.get("read", {}), **(given.get("read") or {})}
    for name in ReadChoices.model_fields:
        for source in (dialect, given):
            if name in source:
                reading[name] = source.pop(name)
    return {name: value for name, value in {**known, **given, **dialect, "read": reading}.items() if value is not None}


def _file_name() -> str:
    """Return the header's text: browsers and programs that do not encode it send UTF-8, which arrives as Latin-1."""
    name = request.headers.get("X-Filename", "upload")
    try:
        return name.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return name


def _load(context: Context, upload_id: str) -> UploadAnswer:
    with read(context.engine) as conn:
        upload = load_upload(conn, upload_id)
        job = find_job(conn, upload.job_id) if upload.job_id else None
    return _answer(upload, job)


def _answer(upload: Upload, job: Job | None) -> UploadAnswer:
    known = {
        "upload_id": upload.id,
        "name": upload.file.name,
        "size": upload.file.size,
        "created_at": upload.created_at,
        "expires_at": upload.file.expires_at,
        "choices": upload.choices,
        "job_id": upload.job_id,
        "import_job_id": upload.import_job_id,
        "state": job.state if job else None,
    }
    found = dict(job.result or {"error": job.error}) if job else {}
    return UploadAnswer.model_validate({**known, **found})
