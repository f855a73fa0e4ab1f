"""Dataset versions: a row of ``datasets`` and tables of the version's own, loaded in batches and published in one short transaction.

The order of things: ``begin_dataset``; ``arrange_rows``, then ``add_rows`` for each of ``prepare_batches``, each in a transaction of its
own; ``add_indexes``; ``publish_dataset``. Until then nobody sees it; what is never published, ``drop_unpublished`` finds. A version never
changes once published. Deleting hides it at once; its rows go by ``purge_dataset``, some at a time, so that others can write meanwhile.
"""

from database.datasets.columns import MOST_COLUMNS, ColumnSpec, ColumnType, Part, name_columns, too_many_columns
from database.datasets.loading import add_indexes, add_rows, begin_dataset, publish_dataset
from database.datasets.records import (
    Dataset,
    Facts,
    NewDataset,
    content_hash,
    find_dataset,
    find_dataset_by_content,
    list_datasets,
    load_dataset,
)
from database.datasets.removal import delete_dataset, drop_unpublished, purge_dataset
from database.datasets.rows import arrange_rows, load_rejected_rows, load_rows, prepare_batches, prepare_rejected, version_table

__all__ = [
    "MOST_COLUMNS",
    "ColumnSpec",
    "ColumnType",
    "Dataset",
    "Facts",
    "NewDataset",
    "Part",
    "add_indexes",
    "add_rows",
    "arrange_rows",
    "begin_dataset",
    "content_hash",
    "delete_dataset",
    "drop_unpublished",
    "find_dataset",
    "find_dataset_by_content",
    "list_datasets",
    "load_dataset",
    "load_rejected_rows",
    "load_rows",
    "name_columns",
    "prepare_batches",
    "prepare_rejected",
    "publish_dataset",
    "purge_dataset",
    "too_many_columns",
    "version_table",
]
