/** A valid description that uses every property, type, class and predefined accessible of SECoP. */
const double = { type: "double", min: 0, max: 300, unit: "K", fmtstr: "%.3f", absolute_resolution: 0.001 };
const par = (datainfo: object, more: object = {}) => ({ description: "p", readonly: true, datainfo, ...more });
const writable = { readonly: false };
const command = (more: object = {}) => ({ description: "c", datainfo: { type: "command", ...more } });
const status = par({
  type: "tuple",
  members: [{ type: "enum", members: { IDLE: 100, BUSY: 300, PREPARED: 150, ERROR: 400 } }, { type: "string" }],
});

export const SOUND = {
  equipment_id: "lab.example_cryo",
  description: "a node",
  firmware: "f 1.0",
  implementor: "example.org",
  timeout: 3,
  schemata: ["https://example.org/secop.yaml"],
  systems: {
    cryostat: { description: "s", system: "Cryostat", modules: { T: "cryo", field: "magnet" } },
    magnet: { description: "s", system: "Magnet", modules: { current: "heater" } },
  },
  _custom: [null, {}],
  modules: {
    cryo: {
      description: "m",
      implementor: "example.org",
      implementation: "lib.Cryo",
      interface_classes: ["_Cryostat", "Drivable"],
      features: ["HasOffset", "_HasMore"],
      visibility: "wr-",
      group: "cooling:inner",
      meaning: {
        function: "temperature_regulation",
        importance: 20,
        belongs_to: "sample",
        link: "https://x",
        key: "k",
      },
      _x: null,
      accessibles: {
        value: par(double),
        status,
        target: par({ ...double, relative_resolution: 1e-3 }, { ...writable, checkable: true, visibility: "user" }),
        target_min: par(double, writable),
        target_max: par(double, writable),
        pollinterval: par({ type: "double", min: 0.1 }, writable),
        ramp: par({ type: "scaled", scale: 0.1, min: 0, max: 100, unit: "K/min" }, writable),
        ramp_enable: par({ type: "bool" }, writable),
        setpoint: par(double, { group: "details", meaning: ["temperature", 30] }),
        time_to_target: par(double),
        mode: par({ type: "enum", members: { DISABLED: 0, STANDBY: 30 } }, writable),
        offset: par(double, writable),
        control_active: par({ type: "bool" }),
        stop: command(),
        go: command(),
        hold: command(),
        prepare: command(),
        shutdown: command(),
        reset: command({ argument: null }),
        clear_errors: command({ result: null }),
        control_off: command(),
      },
    },
    heater: {
      description: "m",
      interface_classes: ["Writable"],
      visibility: "expert",
      meaning: ["electricfield", 10],
      accessibles: {
        value: par(double),
        status,
        target: par(double, writable),
        target_limits: par({ type: "tuple", members: [double, double] }, writable),
        controlled_by: par({ type: "enum", members: { self: 0, cryo: 1 } }),
        _text: par({ type: "string", minchars: 1, maxchars: 8, isUTF8: true }, { constant: "ä" }),
        _blob: par({ type: "blob", minbytes: 1, maxbytes: 8 }, { ...writable, checkable: false }),
        _list: par({ type: "array", minlen: 1, maxlen: 3, members: { type: "int", min: -5, max: 5, unit: "" } }),
        _struct: par({ type: "struct", optional: ["b"], members: { a: { type: "bool" }, b: { type: "string" } } }),
        _do: command({ argument: { type: "tuple", members: [double] }, result: { type: "bool" } }),
      },
    },
    line: { description: "m", interface_classes: ["Communicator"], accessibles: { communicate: command() } },
    plain: {
      description: "m",
      interface_classes: [],
      accessibles: { _x: par({ type: "bool" }, { visibility: "r--" }) },
    },
    counter: {
      description: "m",
      interface_classes: ["AcquisitionController"],
      acquisition_channels: { t: "clock", image: "camera" },
      accessibles: { status, go: command(), prepare: command(), hold: command(), stop: command() },
    },
    clock: {
      description: "m",
      interface_classes: ["AcquisitionChannel", "Readable"],
      accessibles: {
        value: par(double),
        status,
        goal: par(double, writable),
        goal_enable: par({ type: "enum", members: { OFF: 0, ON: 1 } }, writable),
      },
    },
    camera: {
      description: "m",
      interface_classes: ["AcquisitionChannel", "Readable"],
      accessibles: {
        value: par(double),
        status,
        roi: par({
          type: "array",
          maxlen: 2,
          members: {
            type: "tuple",
            members: [
              { type: "int", min: 0, max: 9 },
              { type: "int", min: 0, max: 9 },
            ],
          },
        }),
        get_data: command({ result: { type: "matrix", names: ["x", "y"], maxlen: [9, 9], elementtype: "<u4" } }),
      },
    },
    single: {
      description: "m",
      interface_classes: ["Acquisition", "Readable"],
      accessibles: { value: par(double), status, go: command(), goal: par(double, writable) },
    },
  },
};
