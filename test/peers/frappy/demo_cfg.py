"""A node with every module class of frappy_demo and frappy's simulation that needs no hardware."""

Node('demo.test', 'all of frappy_demo')

Mod('heatswitch', 'frappy_demo.modules.Switch', 'Heatswitch for `mf` device', switch_on_time=0.2, switch_off_time=0.2)
Mod('mf', 'frappy_demo.modules.MagneticField', 'a magnet with persistent mode', heatswitch='heatswitch')
Mod('ts', 'frappy_demo.modules.SampleTemp', 'a sample temperature', sensor='Q1329V7R3', ramp=4, target=10, value=10)
Mod('tc', 'frappy_demo.modules.CoilTemp', 'a coil temperature', sensor='X34598T7')
Mod('label', 'frappy_demo.modules.Label', 'a text about two modules', system='Cryomagnet MX15', mf='mf', ts='ts')
Mod('datatypes', 'frappy_demo.modules.DatatypesTest', 'one of many types')
Mod('arrays', 'frappy_demo.modules.ArrayTest', 'a large array')

Mod('ln2', 'frappy_demo.test.LN2', 'random value')
Mod('heater', 'frappy_demo.test.Heater', 'a heater that never moves', maxheaterpower=10)
Mod('temp', 'frappy_demo.test.Temp', 'a temperature that never arrives', sensor='X34598T7')
Mod('lower', 'frappy_demo.test.Lower', 'a communicator')
Mod('mapped', 'frappy_demo.test.Mapped', 'a string', choices=['red', 'green', 'blue'])
Mod('commands', 'frappy_demo.test.Commands', 'commands with arguments and results')

Mod('control', 'frappy_demo.acquisition.Controller', 'controller of two channels', channels={'first': 'chan1', 'second': 'chan2'})
Mod('chan1', 'frappy_demo.acquisition.Channel', 'first channel', goal=50, goal_enable=True)
Mod('chan2', 'frappy_demo.acquisition.Channel', 'second channel', goal=50, goal_enable=False)
Mod('single', 'frappy_demo.acquisition.SimpleAcquisition', 'controller and channel in one')
Mod('nogoal', 'frappy_demo.acquisition.NoGoalAcquisition', 'an acquisition without a goal')

Mod('sim', 'frappy.simulation.SimDrivable', 'reports BUSY late', extra_params='ramp', value=Param(default=0.0), target=Param(unit='K'))
Mod('lscom', 'frappy_demo.lscsim.Ls370Sim', 'simulated serial communicator', visibility='expert')
