"""Starts the test server before Django's settings are read (loaded by `-p tests.server`); stops it after."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "THUCCHAT_TEST_SERVER" not in os.environ:
    folder = Path(tempfile.mkdtemp(prefix="tc-"))
    folder.chmod(0o755)
    os.environ |= {
        "THUCCHAT_TEST_SERVER": "1",
        "THUCCHAT_STATE": str(folder),
        "THUCCHAT_CARELESS": "1",
        "DJANGO_SETTINGS_MODULE": "thucchat.web.config.settings",
    }
    from thucchat.web.config.place import embedded_cluster, start_database
    from thucchat.web.postgres.cluster import stop

    start_database()

    def clear() -> None:
        stop(embedded_cluster())
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(clear)
