Node(
    'acquisition.test',
    'acquisitions of frappy_demo',
)

Mod(
    'control',
    'frappy_demo.acquisition.Controller',
    'starts and stops the channels',
    channels={'first': 'chan1', 'second': 'chan2'},
)

for n in (1, 2):
    Mod(
        f'chan{n}',
        'frappy_demo.acquisition.Channel',
        f'channel {n}',
        goal=10,
        goal_enable=n == 1,
    )

Mod(
    'alone',
    'frappy_demo.acquisition.SimpleAcquisition',
    'controller and channel in one',
    goal=5,
    goal_enable=True,
)

Mod(
    'endless',
    'frappy_demo.acquisition.NoGoalAcquisition',
    'an acquisition without goal',
)
