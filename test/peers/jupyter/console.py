"""Types the code cells of a notebook into `jupyter console` at a terminal of its own: console.py NOTEBOOK KERNEL.

Prints what the terminal showed. Exit code 1 if a cell's prompt does not come back.
"""

import fcntl
import json
import os
import pty
import re
import select
import struct
import sys
import termios
import time

PASTE, END_PASTE = b"\x1b[200~", b"\x1b[201~"
CURSOR_ASKED, CURSOR_TOLD = b"\x1b[6n", b"\x1b[1;1R"
PATIENCE = 120


class Terminal:
    def __init__(self, argv):
        pid, self.fd = pty.fork()
        if pid == 0:
            os.environ["TERM"] = "xterm"
            os.execvp(argv[0], argv)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 200, 0, 0))
        self.shown = ""

    def type(self, data):
        os.write(self.fd, data)

    def read_until(self, pattern):
        """Whether it came."""
        start, seen = time.monotonic(), b""
        while time.monotonic() - start < PATIENCE:
            if not select.select([self.fd], [], [], 0.5)[0]:
                continue
            data = os.read(self.fd, 65536)
            if CURSOR_ASKED in data:
                self.type(CURSOR_TOLD)
            seen += data
            text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen.decode(errors="replace"))
            if re.search(pattern, text):
                self.shown += text
                return True
        return False


def main():
    path, kernel = sys.argv[1:]
    with open(path) as file:
        cells = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]
    terminal = Terminal([os.path.join(os.path.dirname(sys.executable), "jupyter"), "console", "--kernel", kernel, "--ZMQTerminalInteractiveShell.kernel_is_complete_timeout=30"])
    ok = terminal.read_until(r"In \[1\]: ")
    for count, cell in enumerate(cells, 2):
        if not ok:
            break
        source = "".join(cell["source"])
        blank = "\n\n" if source.startswith("%%") else ""  # says that a cell magic has no more lines
        terminal.type(PASTE + (source + blank).encode() + END_PASTE + b"\r")
        ok = terminal.read_until(rf"In \[{count}\]: ")
    terminal.type(b"\x04")
    if terminal.read_until(r"really want to exit"):
        terminal.type(b"y\r")
        terminal.read_until("Shutting down kernel")
    print(terminal.shown)
    return 0 if ok else 1


sys.exit(main())
