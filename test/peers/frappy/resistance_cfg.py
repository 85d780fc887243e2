Node(
    'resistance.test',
    'a simulated resistance bridge behind a communicator',
)

Mod(
    'bridge',
    'frappy_demo.lscsim.Ls370Sim',
    'the simulated bridge',
    visibility='expert',
)

Mod(
    'switcher',
    'frappy_psi.ls370res.Switcher',
    'channel switcher',
    io='bridge',
)

for n in (1, 3):
    Mod(
        f'res{n}',
        'frappy_psi.ls370res.ResChannel',
        f'resistance of channel {n}',
        value=Param(min=1e-3, max=100000),
        switcher='switcher',
        channel=n,
    )
