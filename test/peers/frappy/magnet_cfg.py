Node(
    'magnet.test',
    'the cryomagnet of frappy_demo and its parameters of every type',
)

Mod(
    'heatswitch',
    'frappy_demo.modules.Switch',
    'persistent switch of the magnet',
    switch_on_time=1,
    switch_off_time=1,
)

Mod(
    'field',
    'frappy_demo.modules.MagneticField',
    'field at the sample',
    ramp=1,
    heatswitch='heatswitch',
)

Mod(
    'sample',
    'frappy_demo.modules.SampleTemp',
    'temperature of the sample',
    sensor='X12345',
    ramp=90,
)

Mod(
    'coil',
    'frappy_demo.modules.CoilTemp',
    'temperature of the coil',
    sensor='Y54321',
)

Mod(
    'label',
    'frappy_demo.modules.Label',
    'all in a line of text',
    system='test magnet',
    mf='field',
    ts='sample',
)

Mod(
    'types',
    'frappy_demo.modules.DatatypesTest',
    'composite parameters',
)

Mod(
    'array',
    'frappy_demo.modules.ArrayTest',
    'a long array',
)
