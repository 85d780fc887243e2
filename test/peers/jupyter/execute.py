"""Runs a notebook with nbclient: execute.py IN OUT KERNEL [--allow-errors].

If a cell fails, the exit code is 1 and the error is on stderr.
"""

import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def main() -> int:
    source, target, kernel, *flags = sys.argv[1:]
    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(notebook, kernel_name=kernel, timeout=120, allow_errors="--allow-errors" in flags)
    try:
        client.execute()
    except CellExecutionError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        nbformat.write(notebook, target)
    return 0


sys.exit(main())
