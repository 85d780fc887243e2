Node(
    'probe.test',
    'what the demos of frappy lack',
)

Mod(
    'p',
    'probe_module.Probe',
    'blob, scaled, constant, UTF-8, slow read, failing read, integers beyond 2^53',
    meaning=('temperature', 20),
)

Mod(
    'late',
    'probe_module.LateBusy',
    'reports BUSY only after it has answered the change of its target',
)
