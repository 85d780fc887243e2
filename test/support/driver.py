"""A Jupyter client for the tests: starts the kernel given on the command line, passes messages between it and our stdin/stdout as JSON lines.

In:  {"op": "send", "channel": "shell", "type": ..., "content": ..., "metadata": ..., "buffers": [base64], "id": ...,
      "header": fields of the header, "parent": the header of the parent}
     {"op": "signal", "signal": 2} | {"op": "quit"}
Out: {"event": "message", "channel": ..., "type": ..., "id": ..., "parent": ..., "content": ..., "metadata": ..., "buffers": [...]}
     {"event": "started"} | {"event": "ended", "code": ...} | {"event": "heartbeat", "alive": ...}
"""

import base64
import json
import os
import select
import sys

import zmq
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager


def emit(**event):
    sys.stdout.write(json.dumps(event, default=str) + "\n")
    sys.stdout.flush()


class Driver:
    def __init__(self, argv):
        self.manager = KernelManager()
        self.manager._kernel_spec = KernelSpec(argv=argv, display_name="test", language="typescript", interrupt_mode="message")
        self.manager.start_kernel(stdout=sys.stderr)
        client = self.manager.client()
        client.start_channels(hb=False)
        self.session = client.session
        self.sockets = {
            "shell": client.shell_channel.socket,
            "iopub": client.iopub_channel.socket,
            "stdin": client.stdin_channel.socket,
            "control": client.control_channel.socket,
        }
        self.closings = [socket.get_monitor_socket(zmq.EVENT_DISCONNECTED) for socket in self.sockets.values()]
        self.heartbeat = zmq.Context.instance().socket(zmq.REQ)
        self.heartbeat.connect(self.manager._make_url("hb"))
        self.ended = False
        self.pending = b""
        emit(event="started", pid=self.manager.provisioner.pid)

    def run(self):
        poller = zmq.Poller()
        poller.register(0, select.POLLIN)
        names = {}
        for name, socket in [*self.sockets.items(), ("heartbeat", self.heartbeat)]:
            poller.register(socket, zmq.POLLIN)
            names[socket] = name
        while True:
            for source, _ in poller.poll(20):
                if source == 0:
                    if not self.read_commands():
                        return
                elif names[source] == "heartbeat":
                    emit(event="heartbeat", text=self.heartbeat.recv().decode())
                else:
                    self.forward(names[source], source)
            self.watch()

    def read_commands(self):
        chunk = os.read(0, 1 << 20)
        if not chunk:
            return False
        *lines, self.pending = (self.pending + chunk).split(b"\n")
        return all(self.command(json.loads(line)) for line in lines if line)

    def command(self, command):
        op = command["op"]
        if op == "quit":
            return False
        if op == "signal":
            os.kill(self.manager.provisioner.pid, command["signal"])
        elif op == "ping":
            self.heartbeat.send_string("ping")
        else:
            message = self.session.msg(command["type"], command["content"], metadata=command.get("metadata"))
            message["header"]["msg_id"] = message["msg_id"] = command["id"]
            message["header"].update(command.get("header", {}))
            message["parent_header"] = command.get("parent", {})
            buffers = [base64.b64decode(b) for b in command.get("buffers", [])]
            self.session.send(self.sockets[command["channel"]], message, buffers=buffers)
        return True

    def forward(self, channel, socket):
        while True:
            try:
                _, message = self.session.recv(socket, mode=zmq.NOBLOCK)
            except ValueError as error:
                emit(event="bad", channel=channel, error=str(error))
                continue
            if message is None:
                return
            emit(
                event="message",
                channel=channel,
                type=message["msg_type"],
                id=message["msg_id"],
                parent=message["parent_header"].get("msg_id"),
                content=message["content"],
                metadata=message["metadata"],
                buffers=[base64.b64encode(bytes(b)).decode() for b in message["buffers"]],
            )

    def watch(self):
        code = self.manager.provisioner.process.poll()
        if code is not None and not self.ended:
            self.ended = True
            # The last messages of the kernel may still be under way until its side of each connection is closed.
            for closing in self.closings:
                closing.poll(2000)
            for channel, socket in self.sockets.items():
                self.forward(channel, socket)
            emit(event="ended", code=code)

    def close(self):
        if not self.ended:
            self.manager.provisioner.process.kill()
        self.manager.provisioner.process.wait()
        self.manager.cleanup_connection_file()


if __name__ == "__main__":
    driver = Driver(sys.argv[1:])
    try:
        driver.run()
    finally:
        driver.close()
