Node(
    'cryo.test',
    'a simulated cryostat\n\nModule of frappy_demo, real server.',
)

Mod(
    'cryo',
    'frappy_demo.cryo.Cryostat',
    'A simulated cryostat with heat capacity, cooling power and thermal transfer',
    group='very important/stuff',
    jitter=0.1,
    T_start=10.0,
    target=10.0,
    looptime=0.2,
    ramp=6,
    maxpower=20.0,
    heater=4.1,
    mode='pid',
    tolerance=0.1,
    window=30,
    timeout=900,
    p=40, i=10, d=2,
)
