"""Which kinds of jobs there are, and who does each."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.workflows.customer_files import export_customers
from dashboard.workflows.datasets import import_dataset
from dashboard.workflows.demo import load_demo
from dashboard.workflows.driving import answer_question
from dashboard.workflows.exports import export_run
from dashboard.workflows.reporting import write_report_file
from dashboard.workflows.runs import segment_dataset
from dashboard.workflows.scoring import score_upload
from dashboard.workflows.tidying import free_space
from dashboard.workflows.uploads import inspect_upload
from dashboard.workflows.work import Handler

HANDLERS: Mapping[str, Handler] = {
    "inspection": inspect_upload,
    "import": import_dataset,
    "demo": load_demo,
    "segmentation": segment_dataset,
    "export": export_run,
    "customers": export_customers,
    "report": write_report_file,
    "scoring": score_upload,
    "driving": answer_question,
    "removal": free_space,
}

QUICK = frozenset({"inspection", "export", "driving", "report", "customers"})
"""What somebody waits for at the screen: done before anything else, and by a worker of its own where there is one."""
