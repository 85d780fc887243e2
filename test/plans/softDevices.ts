/** Soft devices, the same as test/peers/bluesky/softDevices.py: what a plan does with them is compared with bluesky. */
import type { DataKey, DataKeys, Hints, Location, Readings } from "../../lib/core/protocols";
import { Status } from "../../lib/core/status";

const reading = (name: string, value: number): Readings<number> => ({
  [name]: { value, timestamp: Date.now() / 1000 },
});
const dataKey = (name: string, units: string): DataKeys => ({
  [name]: { source: "SIM", dtype: "number", shape: [], units } satisfies DataKey,
});

class Named {
  readonly name: string;
  readonly hints: Hints;
  parent: object | null = null;

  constructor(name: string, hinted = true) {
    this.name = name;
    this.hints = hinted ? { fields: [name] } : {};
  }
}

type Listener = (readings: Readings<number>) => void;

/** Moves at once; can't be located. */
export class Motor extends Named {
  at: number;
  stops = 0;
  readonly listeners = new Set<Listener>();

  constructor(name: string, position = 0, hinted = true) {
    super(name, hinted);
    this.at = position;
  }

  set(value: number): Status {
    this.at = value;
    return Status.completed(this.name);
  }

  stop(): void {
    this.stops += 1;
  }

  read(): Readings<number> {
    return reading(this.name, this.at);
  }

  describe(): DataKeys {
    return dataKey(this.name, "mm");
  }

  readConfiguration(): Readings<number> {
    return reading(`${this.name}-velocity`, 1);
  }

  describeConfiguration(): DataKeys {
    return dataKey(`${this.name}-velocity`, "mm/s");
  }

  subscribe(listener: Listener): void {
    this.listeners.add(listener);
    listener(this.read());
  }

  clearSub(listener: Listener): void {
    this.listeners.delete(listener);
  }
}

export class LocatableMotor extends Motor {
  locate(): Location<number> {
    return { setpoint: this.at, readback: this.at };
  }
}

/** A device with parts, which is staged as a whole. */
export class Stage extends Named {
  readonly x: Motor;
  readonly y: Motor;

  constructor(name: string) {
    super(name, false);
    this.x = new Motor(`${name}-x`);
    this.y = new Motor(`${name}-y`);
    this.x.parent = this;
    this.y.parent = this;
  }

  stage(): readonly object[] {
    return [this];
  }

  unstage(): readonly object[] {
    return [this];
  }

  read(): Readings<number> {
    return { ...this.x.read(), ...this.y.read() };
  }

  describe(): DataKeys {
    return { ...this.x.describe(), ...this.y.describe() };
  }
}

/** A Gaussian peak at 1, of the position of a motor. */
export class Det extends Named {
  readonly motor: Motor | null;
  gain = 1;

  constructor(name: string, motor: Motor | null = null, hinted = true) {
    super(name, hinted);
    this.motor = motor;
  }

  trigger(): Status {
    return Status.completed(this.name);
  }

  read(): Readings<number> {
    const x = this.motor ? this.motor.at : 1;
    return reading(this.name, this.gain * Math.exp(-0.5 * (x - 1) ** 2));
  }

  describe(): DataKeys {
    return dataKey(this.name, "counts");
  }

  configure(gain: number): [Readings, Readings] {
    const old = this.readConfiguration();
    this.gain = gain;
    return [old, this.readConfiguration()];
  }

  readConfiguration(): Readings<number> {
    return reading(`${this.name}-gain`, this.gain);
  }

  describeConfiguration(): DataKeys {
    return dataKey(`${this.name}-gain`, "");
  }
}

/** Can only be read and listened to. */
export class Sensor extends Named {
  value = 4.2;
  readonly listeners = new Set<Listener>();

  read(): Readings<number> {
    return reading(this.name, this.value);
  }

  describe(): DataKeys {
    return dataKey(this.name, "K");
  }

  subscribe(listener: Listener): void {
    this.listeners.add(listener);
    listener(this.read());
  }

  clearSub(listener: Listener): void {
    this.listeners.delete(listener);
  }

  /** A new value, told to all who listen. */
  post(value: number): void {
    this.value = value;
    for (const listener of [...this.listeners]) listener(this.read());
  }
}

/** Flies at once and then has three events. */
export class Flyer extends Named {
  kickoff(): Status {
    return Status.completed(this.name);
  }

  complete(): Status {
    return Status.completed(this.name);
  }

  describeCollect(): Record<string, DataKeys> {
    return { flight: dataKey(this.name, "V") };
  }

  *collect() {
    for (let i = 0; i < 3; i += 1) yield { data: { [this.name]: i }, timestamps: { [this.name]: i } };
  }
}

/** New devices for each case. */
export function softDevices() {
  const m = new Motor("m", 2);
  return {
    m,
    m2: new Motor("m2", -1),
    m3: new Motor("m3", 0.5),
    lm: new LocatableMotor("lm", 3),
    plain: new Motor("plain", 1, false),
    det: new Det("det", m),
    det2: new Det("det2"),
    sensor: new Sensor("sensor"),
    flyer: new Flyer("flyer"),
    flyer2: new Flyer("flyer2"),
    stage: new Stage("stage"),
  };
}

export type SoftDevices = ReturnType<typeof softDevices>;
