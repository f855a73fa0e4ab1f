"""What a web server imports: ``dashboard.wsgi:app``."""

from __future__ import annotations

import gc
import sys
from threading import Thread

from dashboard.app import create_app
from dashboard.logs import set_up_logging
from dashboard.settings import load_settings
from segmentation.errors import AppError
from segmentation.measures import kernels

_DO_NOT_START_AGAIN = 3  # gunicorn's master then ends too

try:
    _settings = load_settings()
    set_up_logging(_settings.log_level)
    app = create_app(_settings)
    gc.freeze()  # what stays for ever is not gone through again: a tenth of a second now and then, in the midst of an answer
    Thread(target=kernels.warm, daemon=True).start()  # half a second (the first time ten) that would else be the first click's
except AppError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(_DO_NOT_START_AGAIN)
