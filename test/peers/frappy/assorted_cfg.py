Node(
    'assorted.test',
    'the test modules of frappy_demo: commands with every kind of argument, a communicator, modules made by another one',
)

Mod(
    'level',
    'frappy_demo.test.LN2',
    'a level',
    value=Param(unit='%'),
)

Mod(
    'attached',
    'frappy_demo.test.WithAtt',
    'shows the level',
    att='level',
)

Mod(
    'heater',
    'frappy_demo.test.Heater',
    'a Drivable that never moves',
    maxheaterpower=10,
    group='heat',
)

Mod(
    'temperature',
    'frappy_demo.test.Temp',
    'a temperature controller',
    sensor='X34598T7',
    group='heat',
    visibility='expert',
)

Mod(
    'lower',
    'frappy_demo.test.Lower',
    'gives text back in lower case',
)

Mod(
    'mapped',
    'frappy_demo.test.Mapped',
    'one of several words',
    choices=['one', 'two', 'three'],
)

Mod(
    'commands',
    'frappy_demo.test.Commands',
    'arguments and results',
)

Mod(
    'made',
    'frappy_demo.test.Pin',
    'makes two more modules',
)

Mod(
    'nested',
    'frappy_demo.test.RecPin',
    'makes modules that make modules',
)
