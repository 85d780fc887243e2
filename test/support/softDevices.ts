/**
 * Soft devices that are the same in test/peers/bluesky/softDevices.py, so that plans can be compared with
 * bluesky's.
 */

import type { DataKey, DataKeys, Hints, Location, Readings, SetOptions } from "../../lib/core/protocols/protocols";
import { Status } from "../../lib/core/status/status";

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

/** A motor that moves at once and has no `locate`. */
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

/** A device with two motors, which is staged as a whole. */
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

  stop(): void {
    this.x.stop();
    this.y.stop();
  }

  configure(..._all: unknown[]): [Readings, Readings] {
    return [{}, {}];
  }
}

/** A detector that measures a Gaussian peak at position 1 of a motor. */
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

/** A sensor that can only be read and subscribed to. */
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

  /** Changes the value and calls all subscribers. */
  post(value: number): void {
    this.value = value;
    for (const listener of [...this.listeners]) listener(this.read());
  }
}

/** A flyer that is done at once and then has three events. */
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

/** A detector whose measurement cannot be repeated after a pause. */
class Once extends Det {
  readonly rewindable = false;
}

/** A detector that measures 0. */
class Dark extends Det {
  override read(): Readings<number> {
    return reading(this.name, 0);
  }
}

/** A motor whose status is done when it has been looked at three times. */
class Slow extends Motor {
  override set(value: number): Status {
    this.at = value;
    return later();
  }
}

function later(): Status {
  let looks = 0;
  return Object.defineProperty(Status.completed(), "done", {
    get: () => {
      looks += 1;
      return looks > 3;
    },
  });
}

/** A motor whose `set` takes an option. */
class Eager extends Motor {
  override set(value: number, _options: SetOptions & { readonly speed?: number } = {}): Status {
    return super.set(value);
  }
}

/** A device whose staging, unstaging and preparing take time. */
class Lazy extends Named {
  stage(): Status {
    return later();
  }

  unstage(): Status {
    return later();
  }

  prepare(_value: unknown): Status {
    return later();
  }
}

/** A switch: on or off. */
class Mode extends Named {
  value: "on" | "off" = "off";

  set(value: "on" | "off"): Status {
    this.value = value;
    return Status.completed(this.name);
  }

  read(): Readings<"on" | "off"> {
    return { [this.name]: { value: this.value, timestamp: Date.now() / 1000 } };
  }

  describe(): DataKeys {
    return { [this.name]: { source: "SIM", dtype: "string", shape: [] } };
  }
}

/** A detector with a counting time. */
class Timed extends Det {
  readonly countTime = new Motor(`${this.name}-countTime`, 0.1);
}

/** Makes new devices, for each case of a test. */
export function softDevices() {
  const m = new Motor("m", 2);
  return {
    m,
    m2: new Motor("m2", -1),
    m3: new Motor("m3", 0.5),
    lm: new LocatableMotor("lm", 3),
    lm2: new LocatableMotor("lm2", 0),
    plain: new Motor("plain", 1, false),
    det: new Det("det", m),
    det2: new Det("det2"),
    dark: new Dark("dark"),
    once: new Once("once"),
    slow: new Slow("slow"),
    eager: new Eager("eager"),
    lazy: new Lazy("lazy"),
    mode: new Mode("mode"),
    timed: new Timed("timed"),
    sensor: new Sensor("sensor"),
    flyer: new Flyer("flyer"),
    flyer2: new Flyer("flyer2"),
    stage: new Stage("stage"),
    suspender: new Named("suspender"),
  };
}

export type SoftDevices = ReturnType<typeof softDevices>;
