"""Whether the service can work."""

from __future__ import annotations

import shutil
from datetime import timedelta

from dashboard.context import Context, now
from database.engine import read
from database.workers import list_workers
from segmentation.errors import AppError

WORKER_SILENT_AFTER = timedelta(seconds=60)
LEAST_FREE_BYTES = 200 << 20


def check_readiness(context: Context) -> dict[str, bool]:
    """Tell whether the store answers, the disk has room, and a worker lives."""
    try:
        with read(context.engine) as conn:
            has_worker, has_store = bool(list_workers(conn, now() - WORKER_SILENT_AFTER)), True
    except AppError:
        has_worker = has_store = False
    return {
        "database": has_store,
        "disk": shutil.disk_usage(context.settings.data_dir).free >= LEAST_FREE_BYTES,
        "worker": has_worker,
    }
