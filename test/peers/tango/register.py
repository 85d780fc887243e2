"""Registers the devices of lab.py in the database that TANGO_HOST names; `lab/gone/1` belongs to a server that never runs."""

from tango import Database, DbDevInfo

database = Database()
for server, klass, name in [
    ("lab/one", "Everything", "lab/test/1"),
    ("lab/one", "Motor", "lab/motor/1"),
    ("gone/one", "Motor", "lab/gone/1"),
]:
    info = DbDevInfo()
    info.server, info._class, info.name = server, klass, name
    database.add_device(info)
