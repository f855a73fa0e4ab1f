"""Which kinds of jobs there are, and who does each."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.workflows.datasets import import_dataset
from dashboard.workflows.exports import export_run
from dashboard.workflows.runs import segment_dataset
from dashboard.workflows.work import Handler

HANDLERS: Mapping[str, Handler] = {
    "import": import_dataset,
    "segmentation": segment_dataset,
    "export": export_run,
}

QUICK = frozenset({"inspection", "export"})
"""What somebody waits for at the screen: done before anything else, and by a worker of its own where there is one."""
