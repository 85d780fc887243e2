/** What scans do while an IOC or a Tango server is away for two seconds, at each of their moments. */

import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { TimeoutError } from "../../lib/core/status/deadline";
import { Status } from "../../lib/core/status/status";
import type { Callout } from "../../lib/display/callout";
import type { Event } from "../../lib/index";
import {
  type Device,
  disposeDevices,
  EpicsMotor,
  epicsSignalRw,
  initDevices,
  TangoMovable,
  tangoSignalRw,
} from "../../lib/index";
import { bps, scan } from "../../lib/plans";
import { type Ioc, type IocOptions, startIoc } from "../peers/epics";
import { startTango, type TangoServer } from "../peers/tango";
import { failure } from "../support/failure";
import { quietEngine } from "../support/quietEngine";
import { until } from "../support/until";

type Server = { stop(): Promise<void> };
type Axis = Device & Parameters<typeof scan>[1];

/** A control system: how its server is started, and what is scanned there. */
interface System {
  readonly start: (again?: Server) => Promise<Server>;
  readonly axis: (server: Server) => Axis;
}

const ioc =
  (name: "motor" | "records", options: IocOptions = {}) =>
  (again?: Server) => {
    const { port, pvaPort } = (again ?? {}) as Partial<Ioc>;
    return startIoc(name, { ...options, ...(port && pvaPort ? { port, pvaPort } : {}) });
  };

const SYSTEMS: Readonly<Record<string, System>> = {
  "an IOC with a motor record (Channel Access)": { start: ioc("motor"), axis: () => new EpicsMotor("LAB:M") },
  "an IOC (pvAccess)": {
    start: ioc("records", { qsrv: true }),
    axis: () => epicsSignalRw(Number, "pva://LAB:X") as unknown as Axis,
  },
  "a Tango server with a motor": {
    start: (again) => startTango(again ? { port: (again as TangoServer).port } : {}),
    axis: (server) => new TangoMovable((server as TangoServer).trl("lab/motor/1")),
  },
};

describe("a plan", function () {
  this.timeout(60_000);

  it("waits for a Tango device that only falls silent, and does not say that it is gone", async () => {
    const server = await startTango();
    const { x } = await initDevices({ x: tangoSignalRw(Number, server.trl("lab/test/1/x")) });
    const notices: Callout[] = [];
    const { RE } = quietEngine({
      notify: (notice) => {
        notices.push(notice);
        server.process.kill("SIGCONT");
      },
    });
    server.process.kill("SIGSTOP");
    try {
      const run = await RE(function* () {
        yield* bps.absSet(x, 3, { timeout: 0.5, wait: true });
        return yield* bps.rd(x);
      });
      expect([run.exitStatus, run.planResult]).to.deep.equal(["success", 3]);
      const texts = notices.map(({ title, text }) => `${title} ${text}`);
      expect(texts[0]).to.match(
        /^Suspended since \d\d:\d\d:\d\d: x does not answer: cannot set lab.test.1.x to 3 mm: gave up waiting/,
      );
      expect(texts.at(-1)).to.match(/^Released after .*: x does not answer/);
    } finally {
      await disposeDevices({ x });
      await server.stop();
    }
  });

  it("sets a device that falls silent again once, and no more", async () => {
    const { RE } = quietEngine();
    let sets = 0;
    let pings = 0;
    const slow = {
      name: "slow",
      set: () => {
        sets += 1;
        return Status.failed(new TimeoutError("gave up waiting for slow to answer after 1 s"));
      },
      lostConnection: () => undefined,
      // It answers every second question: it was silent when the set had failed, and is there again later.
      pingConnection: async () => {
        pings += 1;
        if (pings % 2 === 1) throw new TimeoutError("silent");
      },
    };
    const error = await failure(RE(bps.absSet(slow as never, 1 as never, { wait: true })));
    expect(error.message).to.contain("gave up waiting for slow to answer after 1 s");
    expect(sets).to.equal(2);
  });
});

describe("a scan", function () {
  this.timeout(90_000);

  for (const [what, { start, axis }] of Object.entries(SYSTEMS)) {
    for (const command of ["set", "wait", "read"]) {
      it(`goes on with all its points when ${what} is away for 2 s at "${command}"`, async () => {
        let server = await start();
        const { x } = await initDevices({ x: axis(server) });
        const { RE, notices } = quietEngine();
        let back: Promise<void> | undefined;
        let seen = 0;
        RE.msgHook = (msg) => {
          seen += msg.command === command ? 1 : 0;
          if (seen !== 2) return;
          back ??= (async () => {
            await server.stop();
            await delay(2000);
            server = await start(server);
          })();
        };
        try {
          const run = await RE(scan([x as never], x, 1, 3, 3));
          expect(run.exitStatus, run.reason).to.equal("success");
          expect(Array.from(run.table().numbers("x"))).to.deep.equal([1, 2, 3]);
          const texts = notices.map(({ title, text }) => `${title} ${text}`);
          expect(texts[0]).to.match(/^Suspended since \d\d:\d\d:\d\d: x.* (is gone|does not answer)/);
          expect(texts.at(-1)).to.match(/^Released after .*: x.* (is gone|does not answer)/);
        } finally {
          await back;
          await disposeDevices({ x });
          await server.stop();
        }
      });
    }
  }
});

describe("a monitored signal", function () {
  this.timeout(60_000);

  for (const [what, { start, axis }] of Object.entries(SYSTEMS)) {
    it(`has a gap and not its last value again while ${what} is away, and goes on after it`, async () => {
      let server = await start();
      const { x } = await initDevices({ x: axis(server) });
      const monitored = x instanceof EpicsMotor ? x.userReadback : x;
      const { RE } = quietEngine();
      const values: number[] = [];
      const met = (fits: (value: number) => boolean) => bps.waitFor([() => until(() => values.some(fits))]);
      RE.subscribe((_name, doc) => values.push(Object.values((doc as Event).data)[0] as number), "event");
      try {
        const run = await RE(function* () {
          yield* bps.openRun();
          yield* bps.monitor(monitored as never, { name: "watched" });
          yield* bps.mv(x, 2);
          yield* met((value) => value === 2);
          yield* bps.waitFor([() => server.stop()]);
          yield* met(Number.isNaN);
          yield* bps.waitFor([
            async () => {
              server = await start(server);
            },
          ]);
          // A set that waits for the connection begins again here.
          yield* bps.checkpoint();
          yield* bps.mv(x, 3);
          yield* met((value) => value === 3);
          yield* bps.closeRun();
        });
        expect(run.exitStatus, run.reason).to.equal("success");
        const gap = values.findIndex(Number.isNaN);
        expect(values[gap - 1]).to.equal(2);
        expect(values[gap + 1])
          .to.be.a("number")
          .and.not.equal(2);
      } finally {
        await disposeDevices({ x });
        await server.stop();
      }
    });
  }
});
