"""The service as processes: serve, worker, demo, doctor, and a file segmented by way of the store."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.context import Context, now, open_context
from dashboard.settings import Settings
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.staging import StagedFile, stage_file
from database.datasets import list_datasets
from database.engine import read
from database.jobs import list_jobs, load_job
from database.runs import list_runs, list_segments
from database.workers import list_workers
from tests.dashboard.making import settings_for, small_list, small_log


class Service:
    """Commands in a folder of their own, on a store of their own."""

    def __init__(self, settings: Settings, project: Path, folder: Path) -> None:
        self.settings, self.folder = settings, folder
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        values = {"CLIENTELE_DATA_DIR": settings.data_dir, "DATABASE_URL": settings.database_url, "CLIENTELE_PORT": self.port}
        self.environment = {**os.environ, "PYTHONPATH": str(project), "WEB_CONCURRENCY": "1", "CLIENTELE_DEMO": "0"}
        self.environment.update({name: str(value) for name, value in values.items()})

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "dashboard", *arguments]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dashboard", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env={**self.environment, **environment}, capture_output=True, text=True, check=False, timeout=120
        )

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return 0


@pytest.fixture
def service(settings: Settings, project: Path, tmp_path: Path) -> Service:
    """A service on either store."""
    return Service(settings, project, tmp_path)


@pytest.fixture
def local(project: Path, tmp_path: Path) -> Service:
    """A service on SQLite, for what does not depend on the store."""
    return Service(settings_for(tmp_path / "var"), project, tmp_path)


def wait_for(what: Callable[[], Any], seconds: float = 90) -> Any:
    """Wait until something is so."""
    give_up = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.05)
    return found


@pytest.fixture
def opened(service: Service) -> Iterator[Context]:
    context = open_context(service.settings)
    yield context
    context.close()


def workers(context: Context) -> int:
    with read(context.engine) as conn:
        return len(list_workers(conn, now() - timedelta(minutes=1)))


def test_a_file_by_way_of_the_store_gives_the_same_files_and_is_remembered(service: Service, opened: Context) -> None:
    (service.folder / "log.csv").write_text(small_log() + '9-9,2024-05-05,"=1+1",p1,1,3.00,"=cmd",4\n', encoding="utf-8")
    names = ("labelled.csv", "rejected.csv", "report.json")

    def segment(*more: str) -> list[bytes]:
        files = [argument for pair in zip(("--out", "--rejected", "--report"), names, strict=True) for argument in pair]
        done = service.run("segment", "log.csv", "--k", "3", *files, *more)
        assert done.returncode == 0, done.stderr
        contents = [(service.folder / name).read_bytes() for name in names]
        return [*contents[:2], re.sub(rb'"timing": \{[^}]*\}', b"", contents[2]), done.stdout.encode()]

    direct, first, again = segment(), segment("--store"), segment("--store")
    assert first == direct
    assert again == direct
    with read(opened.engine) as conn:
        (dataset,) = list_datasets(conn)
        assert len(list_runs(conn, dataset.id)) == 1
        assert {job.state for job in list_jobs(conn)} == {"done"}
    assert dataset.name == "log"
    assert workers(opened) == 0


def test_what_cannot_work_is_one_sentence_also_by_way_of_the_store(local: Service) -> None:
    (local.folder / "weather.csv").write_text("Weather,Wind\n" + "".join(f"sun,{i}\n" for i in range(50)))
    for arguments, word in ((("weather.csv",), "customer"), (("missing.csv",), "missing.csv"), (("weather.csv", "--k", "1"), "segments")):
        done = local.run("segment", *arguments, "--store")
        assert done.returncode == 2, done.stderr
        assert word in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
    missing = local.run("segment", "weather.csv", "--store", DATABASE_URL="mysql://x/y")
    assert missing.returncode == 2
    assert "DATABASE_URL" in missing.stderr


def test_a_worker_does_what_waits_and_gives_back_what_it_cannot_finish(service: Service, opened: Context) -> None:
    def ask(name: str, content: str) -> str:
        (service.folder / name).write_text(content, encoding="utf-8")
        file = stage_file(opened, service.folder / name)
        return request_import(opened, ImportRequest(StagedFile(file.id, file.name, file.sha256), name)).id

    def state(job_id: str) -> str:
        with read(opened.engine) as conn:
            return load_job(conn, job_id).state

    first = ask("list.csv", small_list())
    process = service.start("worker")
    try:
        wait_for(lambda: state(first) == "done")
        assert workers(opened) == 1
        second = ask("log.csv", small_log(3000))
        wait_for(lambda: state(second) in ("running", "done"))
    finally:
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert state(second) in ("queued", "done")
    assert workers(opened) == 0
    assert '"event": "worker stops"' in output
    assert "Town" not in output
    assert list(opened.scratch.iterdir()) == []


def test_serve_runs_both_starts_a_dead_worker_again_and_stops_both(service: Service, opened: Context) -> None:
    process = service.start()
    try:
        wait_for(lambda: service.get("/readyz") == 200)
        with read(opened.engine) as conn:
            (worker,) = list_workers(conn, now() - timedelta(minutes=1))
        os.kill(worker.pid, signal.SIGKILL)
        wait_for(lambda: another_lives(opened, worker.pid))
        assert service.get("/healthz") == 200
    finally:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert f"http://127.0.0.1:{service.port}/" in output
    assert "The worker process ended" in output
    assert service.get("/healthz") == 0
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent was killed")
def test_nothing_goes_on_when_serve_is_killed(local: Service) -> None:
    process = local.start()
    wait_for(lambda: local.get("/readyz") == 200)
    process.kill()
    process.communicate(timeout=60)
    wait_for(lambda: local.get("/healthz") == 0, 30)
    wait_for(lambda: not is_group_alive(process.pid), 30)


def is_group_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def another_lives(context: Context, dead: int) -> bool:
    with read(context.engine) as conn:
        return any(worker.pid != dead for worker in list_workers(conn, now() - timedelta(minutes=1)))


def test_serve_says_what_is_in_the_way(local: Service) -> None:
    refused = local.run("serve", CLIENTELE_HOST="0.0.0.0")
    assert (refused.returncode, "login" in refused.stderr) == (2, True)
    with socket.create_server(("127.0.0.1", local.port)):
        taken = local.run("serve")
    assert (taken.returncode, str(local.port) in taken.stderr) == (2, True)
    assert not local.settings.data_dir.exists()


def test_the_demo_is_loaded_once_with_a_finished_run(local: Service) -> None:
    for _ in range(2):
        done = local.run("demo")
        assert done.returncode == 0, done.stderr
        assert "demo shop is loaded" in done.stdout
    assert local.run("demo", "--if-empty").stdout == ""
    context = open_context(local.settings)
    with read(context.engine) as conn:
        (dataset,) = list_datasets(conn)
        (run,) = list_runs(conn, dataset.id)
        assert 2 <= len(list_segments(conn, run.id)) <= 8
    context.close()
    assert dataset.source["is_demo"] is True
    assert dataset.facts is not None
    assert dataset.facts.rows_read == 40_000
    assert 2_000 < dataset.facts.n_customers < 4_000
    assert run.published_at is not None


def test_the_doctor_finds_what_is_wrong(local: Service) -> None:
    empty = local.run("doctor")
    assert empty.returncode == 2
    assert not local.settings.data_dir.exists(), "looking must not change anything"
    assert wrong(empty.stdout) >= {"data folder", "store", "worker"}
    assert local.run("migrate").returncode == 0
    migrated = local.run("doctor")
    assert wrong(migrated.stdout) - {"compiled kernels"} == {"worker"}
    local.settings.data_dir.chmod(0o755)
    assert "chmod 700" in local.run("doctor").stdout


def wrong(text: str) -> set[str]:
    return {line[5:].strip().partition(":")[0] for line in text.splitlines() if line.startswith("wrong")}
