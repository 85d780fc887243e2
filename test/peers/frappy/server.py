"""Runs frappy-server so that it listens on the loopback interface only, instead of on all interfaces."""

import runpy
import socketserver
import sys
from pathlib import Path

bind = socketserver.TCPServer.server_bind


def bind_loopback(server):
    server.server_address = ('127.0.0.1', server.server_address[1])
    bind(server)


socketserver.TCPServer.server_bind = bind_loopback
runpy.run_path(str(Path(sys.executable).parent / 'frappy-server'), run_name='__main__')
