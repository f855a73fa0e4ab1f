"""Files on their way out: a piece at a time, with their length and a good name."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from flask import Response

from dashboard.api.routes import Routes
from dashboard.api.waiting import result_of, wait_for
from dashboard.context import Context
from dashboard.workflows.staging import safe_name
from database.engine import read
from database.files import CHUNK, StoredFile, load_file, read_chunk
from database.jobs import Job
from database.uploads import load_upload
from segmentation.errors import NotFoundError, UnavailableError

routes = Routes()
TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WAIT_FOR_FILE_S = 120
_ANY = "application/octet-stream"


@routes.add("GET /files/<file_id>", "A finished export", "export", {_ANY: 200})
def get_file(context: Context, file_id: str) -> Response:
    """Return a file that a job made; a file that was sent is not given back."""
    with read(context.engine) as conn:
        file = load_file(conn, file_id)
        try:
            load_upload(conn, file_id)
        except NotFoundError:
            return stream_file(context, file)
    raise NotFoundError("no_such_file", "There is no such export.", f"Its id would be {file_id}.", "Export it again.")


def stream_made(context: Context, job: Job) -> Response:
    """Answer with the file that a job makes, for a program that wants it in one go."""
    ended = wait_for(context, job, _WAIT_FOR_FILE_S)
    result = result_of(ended)
    if result is None:
        raise UnavailableError("still_working", "The file is still being written.", f"Job {ended.id}.", "Ask again in a minute.")
    with read(context.engine) as conn:
        file = load_file(conn, result["file_id"])
    return stream_file(context, file)


def stream_file(context: Context, file: StoredFile) -> Response:
    """Answer with a file of the store; no transaction stays open while a slow reader takes its time."""

    def pieces() -> Iterator[bytes]:
        number = 0
        while True:
            with read(context.engine) as conn:
                data = read_chunk(conn, file.id, number)
            if data is None:
                return
            yield data
            number += 1

    return _attachment(file.name, file.size, pieces())


def stream_path(name: str, write: Callable[[Path], Any]) -> Response:
    """Answer with a file that ``write`` makes; it is gone from the disk before its first byte is sent."""
    name = safe_name(name)
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        size, source = path.stat().st_size, path.open("rb")

    def pieces() -> Iterator[bytes]:
        with source:
            while data := source.read(CHUNK):
                yield data

    response = _attachment(name, size, pieces())
    response.call_on_close(source.close)
    return response


def _attachment(name: str, size: int, pieces: Iterator[bytes]) -> Response:
    response = Response(pieces, mimetype=None, content_type=TYPES.get(Path(name).suffix, _ANY))
    response.content_length = size
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().strip() or "file"
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return response
