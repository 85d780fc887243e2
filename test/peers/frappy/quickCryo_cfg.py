Node(
    'quick.cryo.test',
    'a simulated cryostat\n\nModule of frappy_demo, real server.',
)

Mod(
    'cryo',
    'frappy_demo.cryo.Cryostat',
    'A simulated cryostat, quick enough for a notebook, with heat capacity, cooling power and thermal transfer',
    group='very important/stuff',
    jitter=0.1,
    T_start=25.0,
    target=25.0,
    looptime=0.1,
    ramp=1000,
    maxpower=40.0,
    heater=4.1,
    mode='pid',
    tolerance=0.5,
    window=1,
    timeout=900,
    p=100, i=60, d=0,
)
