/** Tests of Tango devices whose server dies, restarts, moves or changes. */

import { expect } from "chai";
import {
  type Device,
  disposeDevices,
  initDevices,
  observeValue,
  type TangoError,
  TangoMovable,
  tangoCommand,
  tangoSignalR,
  tangoSignalRw,
} from "../../../lib/index";
import { startTango, startTangoDatabase, type TangoDatabase, type TangoServer } from "../../peers/tango";
import { failure, failureText } from "../../support/failure";

const polling = { period: 0.02 };

/** What the tests started and `endAll` ends, also after a failed test. */
const ends: (() => Promise<unknown>)[] = [];

async function start(options: Parameters<typeof startTango>[0] = {}): Promise<TangoServer> {
  const server = await startTango(options);
  ends.push(server.stop);
  return server;
}

async function connect<T extends Readonly<Record<string, Device>>>(devices: T): Promise<T> {
  ends.push(() => disposeDevices(devices));
  return await initDevices(devices);
}

async function endAll(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
}

describe("a Tango server that is killed", () => {
  afterEach(endAll);

  it("is reported as lost, and is found again automatically", async () => {
    const server = await start();
    const at = (name: string) => server.trl(`lab/test/1/${name}`);
    const devices = await connect({
      x: tangoSignalRw(Number, at("x")),
      counter: tangoSignalR(Number, at("counter"), { polling }),
      sleep: tangoCommand(server.trl("lab/motor/1/Sleep"), { argument: Number }),
    });
    const { x, counter, sleep } = devices;
    const lost = new Promise<string>((resolve) => {
      counter.subscribe(({ counter: reading }) => reading?.message && resolve(reading.message));
    });
    const pending = failureText(() => sleep.execute(60, { timeout: null }));
    await x.set(1);
    await server.stop();
    expect(await pending).to.match(
      /^cannot execute lab\/motor\/1\/Sleep with 60: the connection to 127\.0\.0\.1:\d+ is lost: (the server closed the connection|.*E(CONNRESET|PIPE)); it may have been executed$/,
    );
    expect(await lost).to.match(/^cannot read lab\/test\/1\/counter: (the|no) connection to 127\.0\.0\.1:\d+/);
    expect(await failureText(() => x.getValue())).to.equal(
      `cannot read lab/test/1/x: no connection to 127.0.0.1:${server.port}: no server listens on this port`,
    );
    await start({ port: server.port });
    for await (const _value of observeValue(counter, { timeout: 20 })) break;
    await x.set(2);
    expect(await x.getValue()).to.equal(2);
  }).timeout(30_000);

  it("is configured anew after a restart with a changed program", async () => {
    const server = await start();
    const at = (name: string) => server.trl(`lab/test/1/${name}`);
    const devices = await connect({
      x: tangoSignalRw(Number, at("x"), undefined, { polling }),
      counter: tangoSignalR(Number, at("counter"), { polling }),
      any: tangoSignalR(null, at("counter")),
      mode: tangoSignalR(["idle", "slow", "fast"], at("mode")),
      anyMode: tangoSignalR(null, at("mode")),
      current: tangoSignalRw(Number, at("current")),
    });
    const { x, counter, any, mode, anyMode, current } = devices;
    expect(x.units).to.equal("mm");
    const reported = new Promise<unknown>((resolve) => {
      counter.subscribe(({ counter: r }) => r?.message?.includes("holds") && resolve([r.alarm_severity, r.message]));
    });
    await server.stop();
    await start({ port: server.port, changed: true });
    expect(await reported).to.deep.equal([-1, "lab/test/1/counter holds a string: use String"]);
    await x.set(2);
    expect(x.units).to.equal("um");
    expect(await failureText(() => counter.getValue())).to.equal("lab/test/1/counter holds a string: use String");
    const another = "has changed its type since it was connected: make a new signal for it";
    expect(await failureText(() => any.getValue())).to.equal(`lab/test/1/counter ${another}`);
    expect(await failureText(() => anyMode.getValue())).to.equal(`lab/test/1/mode ${another}`);
    const other = '["idle", "warming", "slow", "fast"]';
    expect(await failureText(() => mode.getValue())).to.equal(
      `lab/test/1/mode holds a choice, one of ${other}: use ${other}`,
    );
    // What may no longer be set can still be read.
    expect(await current.getValue()).to.equal(4.5);
    expect(await failureText(() => current.set(1))).to.equal("lab/test/1/current can only be read: use tangoSignalR");
    await any.dispose();
    await any.connect();
    expect(await any.getValue(), "a new connection").to.equal("none");
  }).timeout(30_000);

  it("makes a movement fail", async () => {
    const server = await start();
    const { motor, velocity } = await connect({
      motor: new TangoMovable(server.trl("lab/motor/1")),
      velocity: tangoSignalRw(Number, server.trl("lab/motor/1/velocity")),
    });
    await velocity.set(1);
    const moving = motor.set(45);
    await new Promise<void>((begun) => moving.watch(({ current }) => current > 0.1 && begun()));
    await server.stop();
    expect(await failureText(() => moving)).to.match(
      /^cannot read lab\/motor\/1\/(State|position): (the|no) connection to/,
    );
  }).timeout(30_000);

  it("lets reads time out when it only stops answering", async () => {
    const server = await start();
    const { x } = await connect({ x: tangoSignalRw(Number, server.trl("lab/test/1/x")) });
    server.process.kill("SIGSTOP");
    // The signal takes a moment to stop the process.
    const reading = async () => {
      for (;;) await x.getValue({ timeout: 0.1 });
    };
    expect(await failureText(reading)).to.equal(
      "cannot read lab/test/1/x: gave up waiting for lab/test/1 to answer after 0.1 s",
    );
    server.process.kill("SIGCONT");
    expect(await x.getValue()).to.equal(1.25);
  }).timeout(30_000);
});

describe("Tango devices of a database", () => {
  let database: TangoDatabase;
  before(async function () {
    this.timeout(30_000);
    database = await startTangoDatabase();
  });
  after(() => database.stop());
  afterEach(endAll);

  async function startServer(): Promise<TangoServer> {
    const server = await database.startServer();
    ends.push(server.stop);
    return server;
  }

  it("are located where their server runs, also after it moved to another port", async () => {
    const server = await startServer();
    const { x } = await connect({ x: tangoSignalRw(Number, database.trl("lab/test/1/x"), undefined, { polling }) });
    expect(x.source).to.equal(`tango://127.0.0.1:${database.port}/lab/test/1/x`);
    await x.set(4);
    const lost = new Promise<void>((resolve) => {
      x.subscribe(({ x: reading }) => reading?.alarm_severity === -1 && resolve());
    });
    await server.stop();
    await lost;
    const moved = await startServer();
    expect(moved.port).to.not.equal(server.port);
    for await (const value of observeValue(x, { timeout: 20 })) if (value === 1.25) break;
    await x.set(5);
    expect(await x.getValue()).to.equal(5);
  }).timeout(30_000);

  it("have their memorised values again after their server was restarted, and the others their first", async () => {
    const server = await startServer();
    const { kept, x } = await connect({
      kept: tangoSignalRw(Number, database.trl("lab/test/1/kept")),
      x: tangoSignalRw(Number, database.trl("lab/test/1/x")),
    });
    await Promise.all([kept.set(7.5), x.set(4)]);
    await server.stop();
    await failure(() => kept.getValue());
    await startServer();
    expect([await kept.getValue(), await x.getValue()]).to.deep.equal([7.5, 1.25]);
    expect(await kept.locate()).to.deep.equal({ setpoint: 7.5, readback: 7.5 });
  }).timeout(30_000);

  it("are located by the database in TANGO_HOST if the address names no host", async () => {
    await startServer();
    const before = process.env.TANGO_HOST;
    process.env.TANGO_HOST = `127.0.0.1:${database.port}`;
    try {
      const { motor } = await connect({ motor: new TangoMovable("LAB/motor/1") });
      expect((await motor.locate()).readback).to.equal(0);
    } finally {
      if (before === undefined) delete process.env.TANGO_HOST;
      else process.env.TANGO_HOST = before;
    }
  }).timeout(30_000);

  it("are found by the alias of a device or of an attribute", async () => {
    await startServer();
    const { x, same, touch } = await connect({
      x: tangoSignalRw(Number, database.trl("bench-x")),
      same: tangoSignalRw(Number, database.trl("bench/x")),
      touch: tangoCommand(database.trl("bench/Touch")),
    });
    await x.set(3);
    expect([await x.getValue(), await same.getValue()]).to.deep.equal([3, 3]);
    await touch.execute();
    expect(await same.getValue()).to.equal(7);
    expect(await failureText(() => tangoSignalR(Number, database.trl("nothing")).connect())).to.contain(
      "No attribute found for alias 'nothing'",
    );
  }).timeout(30_000);

  it("are located by the next database of TANGO_HOST if the first one does not run", async () => {
    await startServer();
    const before = process.env.TANGO_HOST;
    process.env.TANGO_HOST = `127.0.0.1:1,127.0.0.1:${database.port}`;
    try {
      const { x } = await connect({ x: tangoSignalR(Number, "lab/test/1/x") });
      expect(await x.getValue()).to.equal(1.25);
      process.env.TANGO_HOST = "127.0.0.1:1,127.0.0.1:2";
      const failed = await failureText(() => tangoSignalR(Number, "lab/motor/1/velocity").connect());
      expect(failed).to.contain("no connection to 127.0.0.1:1").and.to.contain("no connection to 127.0.0.1:2");
    } finally {
      if (before === undefined) delete process.env.TANGO_HOST;
      else process.env.TANGO_HOST = before;
    }
  }).timeout(30_000);

  it("report why the database cannot locate them, and that it does not answer", async () => {
    const place = `the database at 127.0.0.1:${database.port}`;
    const cannot = (device: string) => `cannot use ${device}/x (${database.trl(device)})`;
    expect(await failureText(() => tangoSignalR(Number, database.trl("lab/gone/1/x")).connect())).to.equal(
      `${cannot("lab/gone/1")}: lab/gone/1 is not available: its server gone/one is not running`,
    );
    const unknown = await failure(tangoSignalR(Number, database.trl("lab/no/1/x")).connect());
    expect((unknown as TangoError).reason).to.equal("DB_DeviceNotDefined");
    expect(unknown.message).to.match(
      new RegExp(`^cannot use lab/no/1/x .*: ${place} cannot locate lab/no/1: .*lab/no/1.* \\(DB_DeviceNotDefined\\)$`),
    );
    expect(await failureText(() => tangoSignalR(Number, "tango://127.0.0.1:1/a/b/c/x").connect())).to.contain(
      "the database at 127.0.0.1:1 cannot locate a/b/c: no connection to 127.0.0.1:1: no server listens on this port",
    );
  }).timeout(30_000);
});
