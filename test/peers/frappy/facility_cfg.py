"""A node with features of facilities' nodes: roles, visibilities, odd enum names, arrays and structs as parameters."""

Node(
    'facility.test',
    'a simulated sample environment of a facility',
    _contact='instrument control',
)

Mod(
    'field',
    'frappy.simulation.SimDrivable',
    'magnetic field',
    meaning=('magneticfield', 20),
    group='magnet',
    visibility='user',
    extra_params='ramp',
    ramp=Param(default=6000, unit='$/min', readonly=False),
    value=Param(default=0, unit='T', min=-14, max=14),
    target=Param(default=0, unit='T', min=-14, max=14),
)

Mod(
    'symmetry',
    'frappy.simulation.SimWritable',
    'polarity of the magnet',
    group='magnet',
    visibility='ww-',
    value=Param(default=1, datatype={'type': 'enum', 'members': {'short': -1, '+1': 1, 'asymmetric, -2': -2, 'a "b"': 7}}),
    target=Param(default=1, datatype={'type': 'enum', 'members': {'short': -1, '+1': 1, 'asymmetric, -2': -2, 'a "b"': 7}}),
)

Mod(
    'temperatures',
    'frappy.simulation.SimReadable',
    'temperatures of the coils',
    visibility='w--',
    meaning=('temperature', 5),
    value=Param(default=[4.2, 4.3, 4.2, 4.5, 4.4], datatype={'type': 'array', 'minlen': 5, 'maxlen': 5, 'members': {'type': 'double', 'unit': 'K'}}),
)

Mod(
    'limits',
    'frappy.simulation.SimWritable',
    'what the others may do',
    value=Param(
        default={'min': 0.0, 'max': 1.0},
        datatype={'type': 'struct', 'members': {'min': {'type': 'double'}, 'max': {'type': 'double'}}},
    ),
    target=Param(
        default={'min': 0.0, 'max': 1.0},
        datatype={'type': 'struct', 'members': {'min': {'type': 'double'}, 'max': {'type': 'double'}}},
    ),
)
