"""How the helpers of the test desktop talk with the test: each event is one JSON line on standard output, each command one
JSON line on standard input, and the end of the input ends them.
"""

import json
import os
import sys
import time

from gi.repository import GLib


def tell(event, **facts):
    """The clock is the one of Date.now(), so that a test can measure from a request of its own."""
    line = {"event": event, "atMs": time.time_ns() // 1_000_000, **facts}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def obey_commands(loop, obey):
    """Has each command that comes carried out by the loop."""
    pending = b""

    def read(source, condition):
        # A line in the buffer of sys.stdin would wake no loop.
        nonlocal pending
        chunk = os.read(0, 65536)
        if chunk == b"":
            loop.quit()
            return False
        *lines, pending = (pending + chunk).split(b"\n")
        for line in lines:
            obey(json.loads(line))
        return True

    GLib.io_add_watch(0, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, read)
