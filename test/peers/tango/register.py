"""Registers the devices of lab.py in the database of TANGO_HOST, with aliases, and lab/gone/1, whose server never runs."""

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
database.put_device_alias("lab/test/1", "bench")
database.put_attribute_alias("lab/test/1/x", "bench-x")
