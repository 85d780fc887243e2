"""Types the code cells of a notebook into `jupyter console` in a pseudo-terminal: console.py NOTEBOOK KERNEL [PATTERN].

Closes the terminal without a word when the last cell shows PATTERN, as a user who closes its window.
Prints what the terminal showed. The exit code is 1 if the prompt does not come back after a cell.
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
CURSOR_REQUEST, CURSOR_REPLY = b"\x1b[6n", b"\x1b[1;1R"
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

    def read_until(self, pattern, patience=PATIENCE):
        """Reads until the output matches the pattern; returns whether it did within `patience` seconds."""
        start, seen, text, answered = time.monotonic(), b"", "", 0
        while time.monotonic() - start < patience:
            if not select.select([self.fd], [], [], 0.5)[0]:
                continue
            try:
                seen += os.read(self.fd, 65536)
            except OSError:  # On Linux, this means that the program has ended.
                return False
            while seen.count(CURSOR_REQUEST) > answered:
                self.type(CURSOR_REPLY)
                answered += 1
            text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen.decode(errors="replace"))
            if re.search(pattern, text):
                self.shown += text
                return True
        self.shown += f"{text}\n[no {pattern!r} in {patience} s]\n"
        return False

    def paste(self, source):
        """Pastes the source and returns whether it appears. On a busy machine, prompt_toolkit may drop early input."""
        last_word = re.findall(r"\w+", source)[-1]
        for _ in range(3):
            self.type(PASTE + source.encode() + END_PASTE)
            if self.read_until(last_word, 20):
                return True
        return False

    def enter(self, source):
        """Types and enters the source, and returns whether it appeared. The empty lines end it."""
        ok = self.paste(source + "\n\n")
        self.type(b"\r")
        return ok

    def settle(self):
        """Enters cells until the prompt number increases; returns whether it did.

        The console repeats its kernel_info request to a slow kernel, and takes a late reply for the reply of a cell.
        """
        return any(self.enter("0") and self.read_until(r"In \[([2-9])\]: ", 15) for _ in range(4))

    def prompt(self):
        return int(re.findall(r"In \[(\d+)\]: ", self.shown)[-1])


def main():
    path, kernel, *patterns = sys.argv[1:]
    with open(path) as file:
        cells = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]
    # The console would also take late replies to its is_complete requests for replies to the next ones.
    options = ["--kernel", kernel, "--ZMQTerminalInteractiveShell.use_kernel_is_complete=False"]
    terminal = Terminal([os.path.join(os.path.dirname(sys.executable), "jupyter"), "console", *options])
    ok = terminal.read_until(r"In \[1\]: ") and terminal.settle()
    count = terminal.prompt()
    for cell in cells:
        if not ok:
            break
        count += 1
        if patterns and cell is cells[-1]:
            ok = terminal.enter("".join(cell["source"])) and terminal.read_until(patterns[0])
            os.close(terminal.fd)
            print(terminal.shown)
            return 0 if ok else 1
        ok = terminal.enter("".join(cell["source"])) and terminal.read_until(rf"In \[{count}\]: ")
    terminal.type(b"\x04")
    if terminal.read_until(r"really want to exit"):
        terminal.type(b"y\r")
        terminal.read_until("Shutting down kernel")
    print(terminal.shown)
    return 0 if ok else 1


sys.exit(main())
