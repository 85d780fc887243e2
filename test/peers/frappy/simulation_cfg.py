Node(
    'simulation.test',
    'modules of frappy.simulation with parameters made up in the configuration',
)

Mod(
    'readable',
    'frappy.simulation.SimReadable',
    'a reading',
    value=Param(1.5, unit='mbar'),
)

Mod(
    'writable',
    'frappy.simulation.SimWritable',
    'a setting with odd names of choices',
    value=Param(default=2, datatype={'type': 'enum', 'members': {'-1': -1, '+1': 1, '6.32mOhm': 2, 'Low Energy': 3}}),
    target=Param(default=2, datatype={'type': 'enum', 'members': {'-1': -1, '+1': 1, '6.32mOhm': 2, 'Low Energy': 3}}),
)

Mod(
    'drivable',
    'frappy.simulation.SimDrivable',
    'reports BUSY late',
    extra_params='ramp,jitter,param3,param4',
    param3=Param(default=True, datatype={'type': 'bool'}, readonly=False),
    jitter=Param(default=0),
    ramp=Param(default=600),
    value=Param(default=12.3, unit='deg'),
    target=Param(unit='$'),
)
