"""The door for ``storykeep serve``: as :mod:`.wsgi`, in a worker that only its parent stops.

Ctrl-C reaches every process of the terminal. The parent then asks its worker to stop; a worker that got both
signals would wait for ever, so it does not hear Ctrl-C at all. Until granian listens for the parent's word, the
worker would answer it with the parent's own handler, and miss it: so it ends at once instead.
"""

import signal

signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

from storykeep.site.wsgi import application  # noqa: E402 — threads that start here do not hear it either

__all__ = ["application"]
