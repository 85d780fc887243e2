"""frappy's client against the node whose uri is given; prints what it saw as JSON."""
import json
import sys
import time

from frappy.client import SecopClient


def main(uri):
    client = SecopClient(uri)
    client.connect()
    seen = {
        "equipment_id": client.nodename,
        "modules": sorted(client.modules),
        "temperature": client.getParameter("cryo", "value").value,
    }
    statuses = []

    def on_status(module, parameter, item):
        statuses.append(int(item.value[0]))

    client.register_callback(("cryo", "status"), updateItem=on_status)
    seen["changed"] = client.setParameter("cryo", "target", 11.0).value
    seen["busy_at_changed"] = 300 <= int(client.cache["cryo", "status"].value[0]) < 400
    deadline = time.time() + 10
    while time.time() < deadline and not (statuses and statuses[-1] == 100 and 380 in statuses):
        time.sleep(0.02)
    seen["statuses"] = sorted(set(statuses))
    seen["reached"] = client.getParameter("cryo", "value").value
    seen["steps"] = client.execCommand("gas", "start_recipe", {"name": "x", "id": 2, "sort": True})[0]
    client.execCommand("gas", "stop")
    for key, call in {
        "unexpected_argument": lambda: client.execCommand("magnet", "stop", 1),
        "impossible": lambda: client.execCommand("gas", "start_recipe", {"name": "x", "id": 77, "sort": True}),
        "range": lambda: client.setParameter("cryo", "target", 1000.0),
        "readonly": lambda: client.setParameter("cryo", "value", 1.0),
    }.items():
        try:
            call()
        except Exception as e:  # the class is what is looked at
            seen[key] = type(e).__name__
    client.disconnect()
    print(json.dumps(seen))


main(sys.argv[1])
