"""Starts the registered kernel with a transport, a signature scheme or encryption, and runs a cell: prints what came as JSON.

Usage: transports.py tcp|ipc|curve|hmac-sha512|no-key
"""

import json
import os
import sys

from jupyter_client.manager import KernelManager

mode = sys.argv[1]
manager = KernelManager(kernel_name="secop-lab")
if mode == "ipc":
    manager.transport = "ipc"
if mode == "curve":
    manager.transport_encryption = "required"
if mode.startswith("hmac-"):
    manager.session.signature_scheme = mode
if mode == "no-key":
    manager.session.key = b""
manager.start_kernel()
try:
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=40)
    results = []
    reply = client.execute_interactive(
        "const name = await input('name? '); name.length * 7",
        timeout=40,
        allow_stdin=True,
        stdin_hook=lambda message: client.input("secret"),
        output_hook=lambda message: results.append(message["content"].get("data")),
    )
    with open(manager.connection_file) as file:
        connection = json.load(file)
    sockets = [name for name in os.listdir(".") if name.startswith(f"{manager.ip}-")]
    print(
        json.dumps(
            {
                "status": reply["content"]["status"],
                "result": [data for data in results if data],
                "heartbeat": client.hb_channel.is_beating(),
                "transport": connection["transport"],
                "scheme": connection["signature_scheme"],
                "key": connection["key"] != "",
                "encrypted": "curve_secretkey" in connection,
                "sockets": len(sockets),
            }
        )
    )
finally:
    manager.shutdown_kernel()
