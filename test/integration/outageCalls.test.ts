/** What plans and subscribers see while an IOC or a Tango server is away for two seconds, at every kind of call. */

import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import {
  type Device,
  disposeDevices,
  EpicsMotor,
  epicsSignalR,
  epicsSignalRw,
  epicsSignalX,
  initDevices,
  observeValue,
  type Plan,
  pvaCall,
  type Reading,
  type SignalR,
  type SignalRW,
  TangoDevice,
  TangoMovable,
  tangoCommand,
  tangoSignalR,
  tangoSignalRw,
  tangoSignalX,
  waitForValue,
} from "../../lib/index";
import { bps, count } from "../../lib/plans";
import { type Ioc, startIoc } from "../peers/epics";
import { startTango, startTangoFaults, type TangoServer } from "../peers/tango";
import { failure } from "../support/failure";
import { quietEngine } from "../support/quietEngine";
import { until } from "../support/until";

type Server = { stop(): Promise<void> };
type Start<S extends Server> = (again?: S) => Promise<S>;

const AWAY_MS = 2000;

const records: Start<Ioc> = (again) =>
  startIoc("records", { qsrv: true, ...(again ? { port: again.port, pvaPort: again.pvaPort } : {}) });
const motor: Start<Ioc> = (again) => startIoc("motor", again ? { port: again.port, pvaPort: again.pvaPort } : {});
const ioc = (name: "fakemotor" | "pva") => (again?: Server) => {
  const { port, pvaPort } = (again ?? {}) as Partial<Ioc>;
  return startIoc(name, port && pvaPort ? { port, pvaPort } : {});
};
const tango: Start<TangoServer> = (again) => startTango(again ? { port: again.port } : {});

interface Outcome {
  /** What the plan gave, or its error. */
  readonly result: unknown;
  readonly titles: readonly string[];
  readonly texts: readonly string[];
}

/** Runs a plan whose server is killed at the first message of this command, and is back two seconds later. */
async function withOutage<S extends Server, D extends Device>(
  start: Start<S>,
  make: (server: S) => D,
  plan: (device: D) => Plan<unknown>,
  command: string,
): Promise<Outcome> {
  let server = await start();
  const { x } = await initDevices({ x: make(server) });
  const { RE, notices } = quietEngine();
  let back: Promise<void> | undefined;
  RE.msgHook = (msg) => {
    if (msg.command !== command) return;
    back ??= (async () => {
      await server.stop();
      await delay(AWAY_MS);
      server = await start(server);
    })();
  };
  try {
    const result = await RE(plan(x as D)).then(
      (run) => run.planResult,
      (error: unknown) => error,
    );
    return {
      result,
      titles: notices.map(({ title }) => title),
      texts: notices.map(({ text }) => `${text}`),
    };
  } finally {
    await back;
    await disposeDevices({ x });
    await server.stop();
  }
}

const WAITED = ["Suspended", "Released"];

describe("a plan whose server is away for 2 s", function () {
  this.timeout(90_000);

  for (const kind of ["ca", "pva"] as const) {
    it(`describes and triggers signals over ${kind} afterwards, those in flight once more`, async () => {
      const x = () => epicsSignalRw(Number, `${kind}://LAB:X`);
      const described = await withOutage(records, x, (signal) => count([signal], 2), "create");
      expect(described.titles).to.deep.equal(WAITED);
      expect(described.texts[0]).to.match(
        /^since \d\d:\d\d:\d\d: x \(LAB:X\) is gone: the connection to \S+ is lost: /,
      );
      // The server goes away after the write was sent, while the record is still busy with it.
      const slow = () => epicsSignalX(`${kind}://LAB:SLOW`, 1);
      const inFlight = await withOutage(
        records,
        slow,
        function* (signal) {
          yield* bps.trigger(signal, { group: "slow" });
          yield* bps.wait("slow");
          return "done";
        },
        "wait",
      );
      expect([inFlight.result, inFlight.titles]).to.deep.equal(["done", WAITED]);
    });
  }

  it("executes Tango commands and sets afterwards, those that were in flight once more", async () => {
    const at = (server: TangoServer, member: string) => server.trl(`lab/test/1/${member}`);
    const outcomes = await Promise.all([
      withOutage(
        tango,
        (server) => tangoSignalRw(Number, at(server, "x")),
        (x) => count([x], 2),
        "create",
      ),
      withOutage(
        tango,
        (server) => tangoSignalX(at(server, "Touch")),
        function* (x) {
          yield* bps.trigger(x, { wait: true });
          return "touched";
        },
        "trigger",
      ),
      withOutage(
        tango,
        (server) => tangoCommand(at(server, "Sum"), { result: Number }),
        (x) => x.plan([1, 2]),
        "trigger",
      ),
      withOutage(
        tango,
        (server) => tangoCommand(at(server, "Sleep")),
        function* (x) {
          yield* x.plan(0.5);
          return "slept";
        },
        "wait",
      ),
      withOutage(
        tango,
        (server) => new TangoDevice(server.trl("lab/test/1")),
        (x) => x.commands.get("Sum").plan([3, 4]),
        "trigger",
      ),
      withOutage(
        tango,
        (server) => new TangoMovable(server.trl("lab/motor/1")),
        function* (x) {
          yield* bps.mvr(x, 1);
          return (yield* bps.rd(x)) as number;
        },
        "locate",
      ),
    ]);
    expect(outcomes.map(({ titles }) => titles)).to.deep.equal(outcomes.map(() => WAITED));
    expect(outcomes.slice(1).map(({ result }) => result)).to.deep.equal(["touched", 3, "slept", 7, 1]);
    for (const { texts } of outcomes)
      expect(texts[0]).to.match(/^since \d\d:\d\d:\d\d: x\S* \(lab\/\w+\/1\) is gone: the connection to \S+ is lost: /);
  });

  it("waits once for a motor record, though each of its PVs comes back by itself", async () => {
    const outcome = await withOutage(
      motor,
      () => new EpicsMotor("LAB:M"),
      function* (x) {
        yield* bps.mvr(x, 1);
        return (yield* bps.rd(x)) as number;
      },
      "locate",
    );
    expect([outcome.result, outcome.titles]).to.deep.equal([1, WAITED]);
  });

  it("flies no motor that was moved since the flight was prepared, and says why a flight was lost", async () => {
    function* flight(x: EpicsMotor): Plan<void> {
      yield* bps.prepare(x, { start: -1, end: 1, time: 1 }, { wait: true });
      yield* bps.openRun();
      yield* bps.kickoff(x, { wait: true });
      yield* bps.complete(x, { wait: true });
      yield* bps.closeRun();
    }
    // The simulated motor is at 0 after a restart.
    const before = await withOutage(motor, () => new EpicsMotor("LAB:M"), flight, "kickoff");
    expect((before.result as Error).message).to.contain(
      "x was moved to 0 mm since its flight was prepared at -1.1 mm: prepare it again",
    );
    const during = await withOutage(motor, () => new EpicsMotor("LAB:M"), flight, "complete");
    expect((during.result as Error).message).to.match(/^complete x failed: .*the connection to \S+ is lost/);
    expect([before.titles, during.titles]).to.deep.equal([WAITED, WAITED]);
  });
});

describe("a subscriber whose server is away for 2 s", function () {
  this.timeout(60_000);

  interface Watched {
    readonly start: Start<Server>;
    readonly signal: (server: Server) => SignalR<number>;
  }
  const systems: Readonly<Record<string, Watched>> = {
    "Channel Access": {
      start: (again) => records(again as Ioc | undefined),
      signal: () => epicsSignalR(Number, "ca://LAB:T"),
    },
    pvAccess: {
      start: (again) => records(again as Ioc | undefined),
      signal: () => epicsSignalR(Number, "pva://LAB:T"),
    },
    Tango: {
      start: (again) => tango(again as TangoServer | undefined),
      signal: (server) => tangoSignalR(Number, (server as TangoServer).trl("lab/test/1/counter")),
    },
  };

  for (const [what, { start, signal: make }] of Object.entries(systems)) {
    it(`gets the last value marked as invalid, and then new ones (${what})`, async () => {
      let server = await start();
      const signal = make(server);
      await signal.connect();
      const readings: { readonly value: number; readonly alarm_severity?: number; readonly message?: string }[] = [];
      const listen = (all: Readonly<Record<string, unknown>>) =>
        void readings.push(Object.values(all)[0] as (typeof readings)[number]);
      signal.subscribe(listen as never);
      try {
        await until(() => readings.length > 2);
        await server.stop();
        await until(() => readings.at(-1)?.alarm_severity === -1);
        const [valid, lost] = readings.slice(-2);
        expect(lost?.value).to.equal(valid?.value);
        expect(lost?.message).to.match(/is lost: |no connection to |is disconnected: /);
        // Outside of a plan nothing waits: the error says what is gone.
        expect((await failure(Promise.resolve(signal.getValue({ cached: false })))).message).to.match(
          /lost|not connected|no server listens/,
        );
        expect(signal.lostConnection()?.since).to.be.closeTo(Date.now() / 1000, 30);
        await delay(AWAY_MS);
        server = await start(server);
        await until(() => readings.at(-1)?.alarm_severity === undefined);
        expect(await signal.getValue({ cached: false })).to.be.a("number");
        expect(signal.lostConnection()).to.equal(undefined);
      } finally {
        signal.clearSub(listen as never);
        await signal.dispose();
        await server.stop();
      }
    });
  }
});

describe("an observation whose server is away for 2 s", function () {
  this.timeout(90_000);

  interface Observed {
    readonly start: Start<Server>;
    readonly signal: (server: Server) => SignalR<number>;
  }
  const systems: Readonly<Record<string, Observed>> = {
    "an IOC of caproto": { start: ioc("fakemotor"), signal: () => epicsSignalR(Number, "LAB:FAKE.VAL") },
    "a server of p4p": { start: ioc("pva"), signal: () => epicsSignalR(Number, "pva://PVA:T") },
    "a Tango server that pushes events": {
      start: (again) => startTangoFaults(again ? { port: (again as TangoServer).port } : {}),
      signal: (server) => tangoSignalR(Number, (server as TangoServer).trl("lab/events/1/changed")),
    },
  };

  for (const [what, { start, signal: make }] of Object.entries(systems)) {
    it(`leaves out the time without values, and goes on by itself (${what})`, async () => {
      let server = await start();
      const signal = make(server);
      await signal.connect();
      const readings: Reading[] = [];
      const stale = signal.value$.subscribe((reading) => void readings.push(reading));
      const ended = new AbortController();
      const values: number[] = [];
      const loop = (async () => {
        for await (const value of observeValue(signal, { signal: ended.signal })) values.push(value);
      })();
      try {
        await until(() => values.length > 0);
        await server.stop();
        await until(() => readings.at(-1)?.alarm_severity === -1);
        // A value that is pushed is not served while its server is gone.
        expect((await failure(Promise.resolve(signal.getValue()))).message).to.match(
          /lost|not connected|no connection/,
        );
        const before = values.length;
        await delay(AWAY_MS);
        expect(values.length).to.equal(before);
        server = await start(server);
        await until(() => values.length > before);
        expect(values.at(-1)).to.equal(await signal.getValue({ cached: false }));
        expect(readings.at(-1)?.alarm_severity).to.not.equal(-1);
        expect(await waitForValue(signal, (value) => Number.isFinite(value), { timeout: 10 })).to.equal(values.at(-1));
      } finally {
        ended.abort();
        await loop.catch(() => {});
        stale.unsubscribe();
        await signal.dispose();
        await server.stop();
      }
    });
  }
});

describe("a set outside of a plan whose server dies before it answers", function () {
  this.timeout(60_000);

  interface Sent {
    readonly start: Start<Server>;
    readonly act: (server: Server) => Promise<{ work: PromiseLike<unknown>; dispose: () => Promise<void> }>;
    readonly words: RegExp;
  }
  const setting = async (signal: SignalRW<number>) => {
    await signal.connect();
    return { work: signal.set(1), dispose: () => signal.dispose() };
  };
  const lost = (tried: string, ending: string) =>
    new RegExp(`^${tried}: the connection to 127.0.0.1:\\d+ is lost: .+; ${ending}$`);
  const systems: Readonly<Record<string, Sent>> = {
    "Channel Access": {
      start: (again) => records(again as Ioc | undefined),
      act: () => setting(epicsSignalRw(Number, "LAB:SLOW")),
      words: lost("cannot set LAB:SLOW", "it may have been set: read it"),
    },
    pvAccess: {
      start: (again) => records(again as Ioc | undefined),
      act: () => setting(epicsSignalRw(Number, "pva://LAB:SLOW")),
      words: lost("cannot set LAB:SLOW", "it may have been set: read it"),
    },
    "a function of pvAccess": {
      start: ioc("pva"),
      act: async () => ({ work: pvaCall("pva://PVA:CALL:slow"), dispose: async () => {} }),
      words: lost("cannot call PVA:CALL:slow", "it may have been called"),
    },
    "a command of Tango": {
      start: (again) => tango(again as TangoServer | undefined),
      act: async (server) => {
        const sleep = tangoCommand((server as TangoServer).trl("lab/test/1/Sleep"), { argument: Number });
        await sleep.connect();
        return { work: sleep.execute(5), dispose: () => sleep.dispose() };
      },
      words: lost("cannot execute lab/test/1/Sleep with 5", "it may have been executed"),
    },
    "an attribute of Tango": {
      start: (again) => startTangoFaults(again ? { port: (again as TangoServer).port } : {}),
      act: async (server) => setting(tangoSignalRw(Number, (server as TangoServer).trl("lab/slow/1/delayed"))),
      words: lost("cannot set lab/slow/1/delayed to 1", "it may have been set: read it"),
    },
  };

  for (const [what, { start, act, words }] of Object.entries(systems)) {
    it(`fails, and says that it may have been done (${what})`, async () => {
      const server = await start();
      const { work, dispose } = await act(server);
      const failed = failure(Promise.resolve(work));
      try {
        await delay(200);
        await server.stop();
        expect((await failed).message).to.match(words);
      } finally {
        await dispose();
        await server.stop();
      }
    });
  }
});
