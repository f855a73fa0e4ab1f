"""A file comes in piece by piece and leaves nothing behind where it does not arrive; looking at it stores nothing."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dashboard.context import Context, now
from dashboard.workflows.choices import check_choices
from dashboard.workflows.tidying import drop_dataset
from dashboard.workflows.uploads import discard_upload, inspect_upload, receive_upload, request_inspection, request_upload_import
from database.datasets import list_datasets
from database.engine import read, write
from database.files import CHUNK, read_chunks
from database.jobs import Job, load_job
from database.tables import file_chunks, files, uploads
from database.uploads import Upload, load_upload
from segmentation.errors import AppError, InvalidInputError, NotFoundError, TooLargeError, UnavailableError
from tests.dashboard.making import small_list, small_log
from tests.dashboard.working import work_off


class Stream:
    """A body that comes in bits of its own size, and may break off."""

    def __init__(self, content: bytes, bit: int = 1000, breaks_at: int | None = None) -> None:
        self._content, self._bit, self._breaks_at = content, bit, breaks_at
        self._at = 0
        self.most_asked = 0

    def read(self, size: int, /) -> bytes:
        self.most_asked = max(self.most_asked, size)
        if self._breaks_at is not None and self._at >= self._breaks_at:
            raise ConnectionResetError("gone")
        data = self._content[self._at : self._at + min(size, self._bit)]
        self._at += len(data)
        return data


def send(context: Context, content: str | bytes = "", name: str = "shop.csv") -> Upload:
    data = content.encode() if isinstance(content, str) else content
    return receive_upload(context, io.BytesIO(data), name)


def ended(context: Context, job: Job) -> Job:
    work_off(context)
    with read(context.engine) as conn:
        return load_job(conn, job.id)


def look(context: Context, upload: Upload, **choices) -> dict:
    job = ended(context, request_inspection(context, upload.id, choices or None))
    assert job.state == "done", job.error
    return dict(job.result)


def counts(context: Context) -> tuple[int, int, int]:
    with read(context.engine) as conn:
        return tuple(conn.execute(select(func.count()).select_from(table)).scalar_one() for table in (files, file_chunks, uploads))


def test_a_body_becomes_chunks_of_one_size_with_its_checksum_and_name(context: Context) -> None:
    content = bytes(range(256)) * 8192 + b"end"
    stream = Stream(content, bit=300_001)
    upload = receive_upload(context, stream, "../x/Bestellungen%20%C3%BC.csv", "Mara", len(content))
    assert stream.most_asked <= CHUNK
    assert (upload.file.name, upload.file.size, upload.author) == ("Bestellungen ü.csv", len(content), "Mara")
    assert upload.file.sha256 == hashlib.sha256(content).hexdigest()
    with read(context.engine) as conn:
        pieces = list(read_chunks(conn, upload.id))
    assert [len(piece) for piece in pieces] == [CHUNK, CHUNK, 3]
    assert b"".join(pieces) == content


@pytest.mark.parametrize(
    ("content", "breaks_at", "size", "error", "code"),
    [
        (b"", None, None, InvalidInputError, "empty_file"),
        (b"a" * 5_000_000, 2_500_000, None, InvalidInputError, "broken_off"),
        (b"a" * 2_500_000, None, 2_500_001, InvalidInputError, "broken_off"),
        (b"a" * ((1 << 20) + 1), None, None, TooLargeError, "file_too_large"),
        (b"", None, 2 << 30, TooLargeError, "file_too_large"),
    ],
)
def test_what_does_not_arrive_leaves_nothing(
    context: Context, content: bytes, breaks_at: int | None, size: int | None, error: type[AppError], code: str
) -> None:
    megabytes = 1 if code == "file_too_large" else 500
    limited = Context(context.settings.model_copy(update={"max_upload_mb": megabytes}), context.engine, context.cache)
    with pytest.raises(error) as caught:
        receive_upload(limited, Stream(content, breaks_at=breaks_at), "x.csv", None, size)
    assert caught.value.code == code
    assert counts(context) == (0, 0, 0)


def test_a_body_of_exactly_the_limit_is_taken(context: Context) -> None:
    limited = Context(context.settings.model_copy(update={"max_upload_mb": 1}), context.engine, context.cache)
    assert receive_upload(limited, Stream(b"a" * (1 << 20)), "x.csv").file.size == 1 << 20


def test_without_room_on_the_disk_no_byte_is_read(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(free=300 << 20))
    stream = Stream(b"a,b\n1,2\n")
    with pytest.raises(UnavailableError) as caught:
        receive_upload(context, stream, "x.csv", None, 101 << 20)
    assert caught.value.code == "disk_full"
    assert stream.most_asked == 0
    assert counts(context) == (0, 0, 0)


def test_a_file_is_looked_at_as_it_would_be_imported_and_nothing_is_stored(context: Context) -> None:
    upload = send(context, small_log())
    found = look(context, upload)
    with read(context.engine) as conn:
        assert list_datasets(conn) == []
    assert (found["kind"], found["error"], found["sheets"]) == ("transactions", None, None)
    columns = {column["header"]: column for column in found["columns"]}
    assert columns["Date"]["role"] == "date"
    assert columns["Date"]["range"][0] >= "2024-01-01"
    assert columns["Quantity"]["range"] == ["0", "15"]
    assert columns["Customer"]["range"] is None
    assert columns["Country"] | {"examples": []} == {
        "header": "Country",
        "role": "country",
        "examples": [],
        "filled": 1.0,
        "distinct": 3,
        "range": None,
        "unit": None,
        "measure": None,
        "is_sure": True,
    }
    assert 0.99 < columns["Customer"]["filled"] < 1
    outcome = found["outcome"]
    assert outcome["rows_read"] == outcome["rows_kept"] + outcome["rows_rejected"] == found["rows"]
    assert outcome["rows_rejected"] == 3
    assert outcome["customers"] == 60
    assert outcome["mapping"]["customer"] == "Customer"
    assert outcome["receipt"][0]["rows_in"] == found["rows"]


def test_the_look_follows_what_the_person_chose_and_is_not_repeated(context: Context) -> None:
    upload = send(context, "Who,When,Amount\n" + "".join(f"c{n % 7},0{n % 9 + 1}/0{n % 8 + 1}/2024,{n}\n" for n in range(40)))
    first = look(context, upload, roles={"customer": "Who", "date": "When", "amount": "Amount"})
    when = first["columns"][1]
    assert (first["dialect"]["date_order"], when["is_sure"]) == ("dmy", False)
    second = look(context, upload, roles={"customer": "Who", "date": "When", "amount": "Amount"}, date_order="mdy")
    assert (second["dialect"]["date_order"], second["columns"][1]["is_sure"]) == ("mdy", True)
    with read(context.engine) as conn:
        known = load_upload(conn, upload.id)
    assert known.choices["date_order"] == "mdy"
    again = request_inspection(context, upload.id)
    assert (again.id, again.state) == (known.job_id, "done")
    third = look(context, upload, roles={"customer": "Who", "date": "When", "amount": ""}, returns="net")
    assert third["columns"][2]["role"] != "amount"


def test_a_file_that_can_be_read_and_not_imported_says_why_and_guesses_the_rest(context: Context) -> None:
    found = look(context, send(context, "Country,Amount,Date\n" + "".join(f"C{n % 5},{n},2024-01-0{n % 9 + 1}\n" for n in range(50))))
    assert (found["kind"], found["outcome"]) == (None, None)
    assert found["error"]["code"] == "no_customer_column"
    assert [column["role"] for column in found["columns"]] == ["country", "amount", "date"]
    unknown = look(context, send(context, small_list()), roles={"customer": "Nobody"})
    assert unknown["error"]["code"] == "unknown_column"
    assert unknown["columns"][1]["role"] == "age"


def test_a_file_that_cannot_be_read_fails_with_its_sentence(context: Context) -> None:
    job = ended(context, request_inspection(context, send(context, b"%PDF-1.7 nothing", "list.pdf").id))
    assert (job.state, job.error["code"]) == ("failed", "not_a_table")
    assert "list.pdf" in job.error["title"]


def test_the_answer_stays_small_whatever_the_file(context: Context) -> None:
    headers = ",".join(f"Column number {n}" for n in range(400))
    rows = "\n".join(",".join([f"customer {row}"] + [f"{'long text ' * 30}{row}{n}" for n in range(399)]) for row in range(12))
    found = look(context, send(context, f"{headers}\n{rows}\n"), customer="Column number 0")
    assert found["outcome"] is not None
    assert len(found["columns"]) == 400
    assert len(json.dumps(found, ensure_ascii=False).encode()) < 200_000


def test_sheets_of_a_workbook_are_named_without_those_that_are_hidden(context: Context, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Müller & Co", "Secret", "Customers"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["ID", "Age"])
            for row in range(1, 30):
                sheet.write_row(row, 0, [f"{name}{row}", 20 + row])
            if name == "Secret":
                sheet.hide()
    upload = send(context, path.read_bytes(), "book.xlsx")
    found = look(context, upload)
    assert (found["sheets"], found["dialect"]["sheet"]) == (["Müller & Co", "Customers"], "Müller & Co")
    other = look(context, upload, read={"sheet": "Customers"})
    assert other["preview"][0]["cells"] == ["Customers1", "21"]


@pytest.mark.parametrize(
    "choices",
    [
        {"unknown": 1},
        {"read": {"sheet": 1}},
        {"read": {"header_row": -1}},
        {"read": {"header_row": True}},
        {"roles": {"shoe_size": "A"}},
        {"roles": {"customer": None}},
        {"decimal": ";"},
        {"date_order": "myd"},
        {"rules": {"no_such_rule": True}},
        {"rules": {"missing_customer": False}},
        {"rules": {"duplicate_rows": "yes"}},
        {"returns": "keep"},
        {"as_of": "2024-02-30"},
        {"customer": "a\0b"},
    ],
)
def test_choices_that_cannot_be_are_refused(choices: dict) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_choices(choices)
    assert caught.value.detail or caught.value.title
    assert "pydantic" not in str(caught.value)


def test_an_import_takes_the_choices_and_the_name_of_the_file(context: Context) -> None:
    upload = send(context, small_log(), "My shop.v2.csv")
    job = ended(context, request_upload_import(context, upload.id, choices={"returns": "net", "as_of": "2025-01-31"}, author="Mara"))
    assert job.state == "done", job.error
    with read(context.engine) as conn:
        (dataset,) = list_datasets(conn)
        known = load_upload(conn, upload.id)
    assert (dataset.name, dataset.author, dataset.source["as_of"], dataset.source["returns"]) == ("My shop.v2", "Mara", "2025-01-31", "net")
    assert (known.import_job_id, known.choices) == (job.id, {"returns": "net", "as_of": "2025-01-31"})
    with pytest.raises(InvalidInputError):
        request_upload_import(context, upload.id, name="x" * 201)


def test_a_file_thrown_away_is_gone_with_the_work_on_it(context: Context) -> None:
    upload = send(context, small_list())
    waiting = request_inspection(context, upload.id)
    discard_upload(context, upload.id)
    assert counts(context) == (0, 0, 0)
    assert ended(context, waiting).state == "cancelled"
    with pytest.raises(NotFoundError):
        request_inspection(context, upload.id)


def test_the_import_of_the_same_content_sent_by_another_goes_on(context: Context) -> None:
    first, second = send(context, small_list()), send(context, small_list())
    job = request_upload_import(context, first.id)
    assert request_upload_import(context, second.id).id == job.id
    discard_upload(context, second.id)
    assert ended(context, job).state == "done"


def test_a_dataset_is_hidden_at_once_and_its_space_freed_by_a_worker(context: Context) -> None:
    job = ended(context, request_upload_import(context, send(context, small_list()).id))
    drop_dataset(context, job.result["dataset_id"])
    with read(context.engine) as conn:
        assert list_datasets(conn) == []
    work_off(context)
    from sqlalchemy import inspect

    assert f"customers_{job.result['dataset_id']}" not in inspect(context.engine).get_table_names()


def test_looking_is_a_job_that_anybody_can_call_off(context: Context) -> None:
    from dashboard.workflows.work import CancelledError, Work
    from database.jobs import cancel, claim

    job = request_inspection(context, send(context, small_log()).id)
    from dashboard.workflows.processes import this_worker

    with write(context.engine) as conn:
        claimed = claim(conn, this_worker(), now(), timedelta(seconds=60))
        cancel(conn, job.id, now())
    assert claimed is not None
    with pytest.raises(CancelledError):
        inspect_upload(Work(context, claimed))


def test_a_column_called_customer_id_need_not_be_the_customer(context: Context) -> None:
    rows = "".join(f"o{n},2024-01-{n % 28 + 1:02},{n},u{n % 5},{n}.50\n" for n in range(40))
    upload = send(context, f"order_id,date,customer_id,customer_unique_id,amount\n{rows}")
    job = ended(context, request_upload_import(context, upload.id, choices={"roles": {"customer": "customer_unique_id"}}))
    assert job.state == "done", job.error
    with read(context.engine) as conn:
        (dataset,) = list_datasets(conn)
    assert dataset.facts is not None
    assert dataset.facts.n_customers == 5
    assert {"customer_id", "customer_id_2"} <= {spec.name for spec in dataset.columns["transactions"]}
