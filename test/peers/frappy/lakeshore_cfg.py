Node(
    'lakeshore.test',
    'the temperature controller of frappy_demo on its simulated device',
)

Mod(
    'device',
    'frappy_demo.lscsim.Ls336Sim',
    'stands for the serial line',
    visibility='expert',
)

Mod(
    'stage',
    'frappy_demo.lakeshore.TemperatureLoop',
    'a regulated temperature',
    io='device',
    channel='A',
    loop=1,
    heater_range=3,
    target=Param(max=400),
)

Mod(
    'sample',
    'frappy_demo.lakeshore.TemperatureSensor',
    'a temperature behind it',
    io='device',
    channel='B',
    value=Param(max=400),
)
