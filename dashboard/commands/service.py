"""``serve``, ``worker``, ``migrate``: the service as processes."""

from __future__ import annotations

import argparse
import os
import sys

from dashboard.settings import Settings, load_settings

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


def serve(_: argparse.Namespace) -> int:
    """Serve pages and do the work until told to stop: web and worker as processes of their own, both watched."""
    from dashboard.app import check_address
    from dashboard.commands.supervisor import Child, check_port, supervise

    settings = load_settings()
    check_address(settings)
    check_port(settings.host, settings.port)
    _open_once(settings)
    if settings.demo:
        _run_apart("demo", "--if-empty")
    worker = [sys.executable, "-m", "dashboard", "worker"]
    children = [Child("web", web_command(settings)), Child("worker", worker), Child("quick worker", [*worker, "--quick"])]
    where = f"[{settings.host}]" if ":" in settings.host else settings.host
    return supervise(children, f"Clientele is at http://{where}:{settings.port}/ (stop it with Ctrl-C).")


def web_command(settings: Settings) -> list[str]:
    """Return the command of the web process. Never --preload: a fork after OpenMP work hangs."""
    flags = "--threads 8 --timeout 60 --max-requests 2000 --max-requests-jitter 200 --no-control-socket --log-level warning"
    bind = f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"
    workers = str(settings.web_concurrency)
    return [sys.executable, "-m", "gunicorn", "dashboard.wsgi:app", "--bind", bind, "-k", "gthread", "-w", workers, *flags.split()]


def work(options: argparse.Namespace) -> int:
    """Do the jobs of the store until told to stop."""
    os.environ.update(_ONE_THREAD)  # before numpy is imported; child processes inherit it
    from dashboard.context import open_context
    from dashboard.logs import set_up_logging
    from dashboard.worker import prepare_process, run_worker

    settings = load_settings()
    set_up_logging(settings.log_level)
    context = open_context(settings)
    prepare_process(options.quick)
    run_worker(context, is_quick=options.quick)
    context.close()
    return 0


def migrate(_: argparse.Namespace) -> int:
    """Bring the store to this version."""
    from database.migrate import head

    _open_once(load_settings())
    print(f"The store is at revision {head()}.")
    return 0


def _open_once(settings: Settings) -> None:
    """Make the folders and bring the store to this version, or say why that cannot be."""
    from dashboard.context import open_context

    open_context(settings).close()


def _run_apart(*arguments: str) -> None:
    """Run a command in a process of its own, so that what it imports does not stay in this one."""
    import subprocess

    subprocess.run([sys.executable, "-m", "dashboard", *arguments], check=False)
