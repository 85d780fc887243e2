import { expect } from "chai";
import { Msg, type Plan } from "../../lib/core/protocols/msg";
import { Status } from "../../lib/core/status/status";
import { currentHost, registerHost } from "../../lib/display/host";
import { $display, type MimeBundle } from "../../lib/display/mimeBundle";
import { makeRunEngine, SuspendFloor } from "../../lib/engine";
import { bpp, bps, count, gridScan, mv, plan, scan, sleep, tweak } from "../../lib/plans";
import { failure } from "../support/failure";
import { quietEngine } from "../support/quietEngine";
import { Det, Motor, Sensor, softDevices } from "../support/softDevices";
import { whenIn } from "../support/whenIn";

const text = (object: { [$display](): MimeBundle | Promise<MimeBundle> }) =>
  (object[$display]() as MimeBundle)["text/plain"];

describe("RunEngine", () => {
  describe("a call", () => {
    it("returns a handle at once and runs the plan afterwards", async () => {
      const { RE } = quietEngine();
      const { det } = softDevices();
      const handle = RE(count([det], 3));
      expect(handle.state).to.equal("running");
      const names: string[] = [];
      handle.documents$.subscribe(({ name }) => names.push(name));
      const run = await handle;
      expect(names).to.deep.equal(["start", "descriptor", "event", "event", "event", "stop"]);
      expect(run.runStartUids).to.have.length(1);
      expect(run).to.include({ exitStatus: "success", interrupted: false, reason: "" });
      expect(run.planResult).to.equal(run.runStartUids[0]);
      expect([handle.state, RE.state]).to.deep.equal(["idle", "idle"]);
    });

    it("returns the data as a table with units", async () => {
      const { RE } = quietEngine();
      const { det, m } = softDevices();
      const run = await RE(scan([det], m, 0, 2, 3));
      const table = run.table();
      expect(table.columns).to.deep.equal(["det", "m"]);
      expect(table.units).to.deep.equal({ det: "counts", m: "mm" });
      expect(table.numbers("m")).to.deep.equal(new Float64Array([0, 1, 2]));
      expect(table.rows().map((row) => [row.seq_num, row.m])).to.deep.equal([
        [1, 0],
        [2, 1],
        [3, 2],
      ]);
      expect(() => table.column("x")).to.throw('no column "x" in primary: it has seq_num, time, det, m');
      expect(() => run.table("baseline")).to.throw('no stream "baseline" in this run: it has primary');
    });

    it("has the start and the stop document of its latest run, and the names of its streams", async () => {
      const { RE } = quietEngine();
      const { det, m } = softDevices();
      const run = await RE(bpp.baselineWrapper(count([det], 2), [m]), { sample: "Pt" });
      expect(run.start).to.include({ uid: run.runStartUids[0], plan_name: "count", sample: "Pt" });
      expect(run.stop).to.include({ run_start: run.start.uid, exit_status: "success" });
      expect(run.streams()).to.deep.equal(["baseline", "primary"]);
      const without = await RE(mv(m, 1));
      expect(() => without.start).to.throw("this plan has opened no run, so there is no start document");
      expect([without.stop, without.streams()]).to.deep.equal([undefined, []]);
    });

    it("takes a function that makes the plan, and messages", async () => {
      const { RE } = quietEngine();
      function* answer(): Plan<number> {
        yield Msg("null");
        return 42;
      }
      expect((await RE(answer)).planResult).to.equal(42);
      expect((await RE([Msg("null"), Msg("RE_class")])).planResult).to.equal("RunEngine");
    });

    it("refuses a plan that was used up, a second plan, and what is not a plan", async () => {
      const { RE } = quietEngine();
      const used = count([softDevices().det]);
      const first = RE(used);
      expect(() => RE(sleep(1))).to.throw("the RunEngine is running and does one plan at a time");
      await first;
      expect(() => RE(used)).to.throw(
        "this plan has been used up: a plan runs once. Make a new one, e.g. RE(count(...))",
      );
      const listed = sleep(0);
      expect([...listed]).to.have.length(1);
      expect(() => RE(listed)).to.throw("this plan has been used up");
      const twice = RE(function* (): Plan<void> {
        const wait = sleep(0);
        yield* wait;
        yield* wait;
      });
      expect((await failure(twice)).message)
        .to.contain("this plan has been used up")
        .and.to.contain("yield* sleep(...)");
      expect(() => RE(undefined as never)).to.throw("undefined is not a plan");
      expect(() => RE(Promise.resolve() as never)).to.throw(
        "RE got a promise, not a plan: what it stands for has begun",
      );
      const asynchronous = async function* () {};
      expect(() => RE(asynchronous as never)).to.throw("a plan is a plain generator: write function* without async");
    });

    it("rejects with the error of the plan, and the engine can run the next plan", async () => {
      const { RE } = quietEngine();
      const { det, sensor } = softDevices();
      det.read = () => {
        throw new Error("no light");
      };
      const handle = RE(count([det, sensor], 2));
      expect((await failure(handle)).message).to.equal("no light");
      expect((await RE(count([sensor]))).exitStatus).to.equal("success");
    });

    it("keeps the data measured before a failure", async () => {
      const { RE } = quietEngine();
      const { det, m } = softDevices();
      m.set = (value) =>
        value < 2 ? Status.completed() : Status.from<void>(() => Promise.reject(new Error("jammed")));
      const handle = RE(scan([det], m, 0, 3, 4));
      const error = await failure(handle);
      expect(error).to.include({ name: "FailedStatus", message: "set m to 2 failed: jammed", value: 2, device: m });
      expect((error.cause as Error).message).to.equal("jammed");
      expect(handle.table().length).to.equal(2);
    });

    it("shows the failure of a plan that no code awaits", async () => {
      const { RE, notices } = quietEngine();
      RE([Msg("nonsense")]);
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(notices.map((notice) => notice.text)).to.deep.equal([
        'the plan failed: the RunEngine has no command "nonsense": register it with RE.registerCommand("nonsense", fn)',
      ]);
    });

    it("lets timers and sockets have their turn while a plan runs that never waits", async () => {
      const { RE } = quietEngine();
      function* forever(): Plan<void> {
        for (;;) yield Msg("null");
      }
      const handle = RE(forever());
      setTimeout(() => void RE.abort("enough"), 20);
      expect(await handle).to.include({ exitStatus: "abort", interrupted: true, reason: "enough" });
    });
  });

  describe("metadata", () => {
    it("is joined from engine, plan and call, of which the last one counts", async () => {
      const { RE } = quietEngine({ md: { a: 1, b: 1, c: 1 } });
      const { det } = softDevices();
      const starts: Record<string, unknown>[] = [];
      RE.subscribe((_, doc) => starts.push({ ...doc }), "start");
      await RE(count([det], 1, 0, { md: { b: 2, c: 2 } }), { c: 3, device: det, when: new Date(0) });
      expect(starts[0]).to.include({ a: 1, b: 2, c: 3, scan_id: 1, plan_name: "count", device: "det" });
      expect(starts[0]?.when).to.equal("1970-01-01T00:00:00.000Z");
    });

    it("is checked and normalised before the run opens", async () => {
      const { RE } = quietEngine();
      const { det } = softDevices();
      expect((await failure(RE(count([det]), { sample: [1] }))).message).to.contain(
        "md.sample must be a text or an object",
      );
      RE.mdNormalizer = (md) => ({ ...md, normalised: true });
      RE.scanIdSource = async () => 77;
      let start: Record<string, unknown> = {};
      RE.subscribe((_, doc) => {
        start = doc as Record<string, unknown>;
      }, "start");
      await RE(count([det]));
      expect(start).to.include({ normalised: true, scan_id: 77 });
    });
  });

  describe("hooks and commands", () => {
    const host = currentHost();
    afterEach(() => registerHost(host));

    it("report messages, states and the statuses that the plan waits for", async () => {
      const { RE } = quietEngine();
      const { det, m } = softDevices();
      const states: string[] = [];
      const commands: string[] = [];
      const waits: (number | null)[] = [];
      RE.stateHook = (state, previous) => states.push(`${previous} > ${state}`);
      RE.msgHook = (msg) => commands.push(msg.command);
      RE.waitingHook = (statuses) => waits.push(statuses?.length ?? null);
      m.set = () => new Status((resolve) => setImmediate(resolve));
      await failure(RE(mv(m, 1, det as never, 2)));
      await RE(mv(m, 1));
      expect(commands).to.deep.equal(["set", "wait"]);
      expect(states).to.deep.equal(["idle > running", "running > idle", "idle > running", "running > idle"]);
      expect(waits).to.deep.equal([1, null]);
    });

    it("may throw: the plan goes on and the first error is reported", async () => {
      const { RE, notices } = quietEngine();
      const fail = () => {
        throw new Error("mine");
      };
      RE.msgHook = fail;
      RE.stateHook = fail;
      expect((await RE(count([softDevices().det], 20))).exitStatus).to.equal("success");
      const report = (hook: string) => `${hook} failed (the plan goes on, further errors of it are not shown): mine`;
      expect(notices.map((notice) => notice.text)).to.deep.equal([report("stateHook"), report("msgHook")]);
    });

    it("include all commands of bluesky", () => {
      const names = `open_run close_run create read save drop declare_stream monitor unmonitor set trigger prepare kickoff
        complete collect configure wait wait_for sleep null locate stop stage unstage checkpoint clear_checkpoint rewindable pause
        input subscribe unsubscribe install_suspender remove_suspender RE_class _start_suspender _resume_from_suspender`;
      expect(names.split(/\s+/)).to.have.length(36);
      expect(makeRunEngine().commands).to.include.members(names.split(/\s+/));
    });

    it("can be added and removed", async () => {
      const { RE } = quietEngine();
      RE.registerCommand("double", async (msg) => 2 * (msg.args[0] as number));
      const status = Status.completed("x", 1);
      RE.registerCommand("status", () => status);
      expect((await RE([Msg("double", null, [21])])).planResult).to.equal(42);
      expect((await RE([Msg("status")])).planResult).to.equal(status);
      RE.unregisterCommand("double");
      expect((await failure(RE([Msg("double")]))).message).to.contain('no command "double"');
      expect(RE.commands).to.include.members(["open_run", "null", "status"]);
    });

    it("ask the user, unless that is not possible", async () => {
      const { RE } = quietEngine({ ask: async (prompt) => `${prompt} 3` });
      expect((await RE(bps.inputPlan("how far?"))).planResult).to.equal("how far? 3");
      const { det, m } = softDevices();
      const answers = ["0.5", "", "stop"];
      RE.ask = () => answers.shift() as string;
      const run = await RE(tweak(det, "det", m, 1));
      expect(run.table().numbers("m")).to.deep.equal(new Float64Array([2, 2.5, 3]));
      registerHost({ ...currentHost(), rich: true });
      const other = quietEngine().RE;
      expect((await failure(other(bps.inputPlan("well?")))).message).to.contain('cannot ask the user "well?" here');
    });

    it("report what is wrong with something that a plan yields", async () => {
      const { RE } = quietEngine();
      const { m } = softDevices();
      const yields = (value: unknown) =>
        failure(
          RE(
            (function* () {
              yield value as Msg;
            })(),
          ),
        );
      expect((await yields(mv(m, 1))).message).to.equal(
        "a plan yielded a plan: write `yield*` instead of `yield` before it",
      );
      expect((await yields(3)).message).to.contain("a plan yielded 3, which is not a message");
      expect((await yields(Promise.resolve())).message).to.contain("a promise is awaited by  yield* waitFor");
      expect((await yields(m.set(1))).message).to.contain("a move is written  yield* mv(motor, 5)");
      expect((await yields(Msg("opne_run"))).message).to.contain('no command "opne_run": did you mean "open_run"?');
      expect((await yields(undefined)).message).to.contain("a plan yielded undefined, which is not a message");
    });

    it("report a plan that was called but never run, and where", async () => {
      const { RE, notices } = quietEngine();
      const { m } = softDevices();
      await RE(
        (function* (): Plan<void> {
          mv(m, 1);
          const later = mv(m, 3);
          yield* mv(m, 2);
          yield* later;
        })(),
      );
      expect(notices).to.have.length(1);
      expect(notices[0]?.text).to.match(
        /^mv\(\.\.\.\) was called but never done: write yield\* mv\(\.\.\.\) at .*runEngine\.test\.ts/,
      );
      await RE(function* (): Plan<void> {
        yield* mv(m, 2);
        sleep(1);
      });
      expect(notices.map(({ text }) => text?.slice(0, 10))).to.deep.equal(["mv(...) wa", "sleep(...)"]);
    });

    it("come after the preprocessors, which are applied in their order", async () => {
      const { RE, notices } = quietEngine();
      const { det, m, sensor } = softDevices();
      RE.preprocessors.push(new bpp.SupplementalData({ baseline: [m], monitors: [sensor] }));
      const md = { who: "me" };
      RE.preprocessors.push((inner) => bpp.injectMdWrapper(inner, md));
      const run = await RE(count([det], 2));
      expect(run.table("baseline").length).to.equal(2);
      expect(run.table("sensor_monitor").length).to.equal(1);
      expect(notices, "no plan is taken for a forgotten one").to.deep.equal([]);
    });
  });

  describe("runs by key", () => {
    it("are open at the same time, and are closed with the plan's status if the plan leaves them open", async () => {
      const { RE } = quietEngine();
      const { det, sensor } = softDevices();
      const stops: string[] = [];
      RE.subscribe((_, doc) => stops.push(doc.exit_status), "stop");
      const two = function* (): Plan<void> {
        for (const run of ["a", "b"]) yield Msg("open_run", null, [], { key: run }, run);
        yield* bpp.setRunKeyWrapper(bps.triggerAndRead([det]), "a");
        yield* bpp.setRunKeyWrapper(bps.triggerAndRead([sensor]), "b");
        throw new Error("oh");
      };
      const handle = RE(two);
      await failure(handle);
      expect(stops).to.deep.equal(["fail", "fail"]);
      expect(handle.table().columns).to.deep.equal(["sensor"]);
    });

    it("reject messages in an impossible order", async () => {
      const { RE } = quietEngine();
      const { det, sensor } = softDevices();
      const messageOf = async (...messages: Msg[]) => (await failure(RE(messages))).message;
      const open = Msg("open_run");
      const create = Msg("create", null, [], { name: "primary" });
      expect(await messageOf(Msg("save"))).to.contain('"save" without an open run');
      expect(await messageOf(open, open)).to.contain("a run is open");
      expect(await messageOf(open, Msg("save"))).to.contain('"save" without an open bundle');
      expect(await messageOf(open, create, create)).to.contain('a bundle for "primary" is open');
      expect(await messageOf(open, create, Msg("checkpoint"))).to.contain('"checkpoint" between "create" and "save"');
      expect(await messageOf(Msg("close_run"))).to.contain('"close_run" without an open run');
      const both = [create, Msg("read", det), Msg("read", sensor), Msg("save")];
      expect(await messageOf(open, create, Msg("read", det), Msg("save"), ...both)).to.equal(
        'stream "primary" has det, but this event reads det, sensor: give it a stream of its own',
      );
      expect(await messageOf(open, create, Msg("read", det), Msg("read", new Det("det")), Msg("save"))).to.contain(
        'det and det both have the data key "det"',
      );
    });
  });

  it("replaces the notice of a pause by one that says for how long the plan was paused", async () => {
    const places: unknown[] = [];
    const titles: string[] = [];
    const RE = makeRunEngine({
      notify: (notice, place) => {
        titles.push(notice.title);
        places.push(place);
      },
    });
    RE.state$.subscribe((state) => state === "paused" && RE.resume());
    await RE([Msg("checkpoint"), Msg("pause"), Msg("null")]);
    expect(titles).to.deep.equal(["Paused", "Resumed"]);
    const { id } = places[0] as { id: string };
    expect(places).to.deep.equal([
      { id, update: false },
      { id, update: true },
    ]);
  });

  describe("the interrupt button", () => {
    const host = currentHost();
    afterEach(() => registerHost(host));

    it("shows that the plan was not paused if it ends before its next checkpoint", async () => {
      const cell = new AbortController();
      registerHost({ ...host, currentSignal: () => cell.signal });
      const titles: string[] = [];
      const places: ({ id: string } | undefined)[] = [];
      const RE = makeRunEngine({
        notify: (notice, place) => {
          titles.push(notice.title);
          places.push(place);
        },
      });
      const interrupts = new Promise<void>((resolve) => RE.subscribe(() => resolve()));
      const run = await RE(function* (): Plan<void> {
        yield* bps.openRun();
        yield* bps.waitFor([() => interrupts.then(() => cell.abort())]);
        yield* bps.closeRun();
      });
      expect(run.exitStatus).to.equal("success");
      expect(titles).to.deep.equal(["Pausing", "Not paused"]);
      expect(places[1]).to.deep.equal({ id: places[0]?.id, update: true });
    });

    it("pauses a suspended plan at once, since it would wait for its checkpoint as long as the suspension holds", async () => {
      const cell = new AbortController();
      registerHost({ ...host, currentSignal: () => cell.signal });
      const { RE, notices } = quietEngine();
      const beam = new Sensor("beam");
      beam.post(1);
      RE.installSuspender(new SuspendFloor(beam, 5));
      const handle = RE(bps.checkpoint());
      await whenIn(RE, "suspended");
      cell.abort();
      await whenIn(RE, "paused");
      expect(notices.map(({ title }) => title)).to.deep.equal(["Waiting", "Paused"]);
      expect(notices[0]?.detail).to.match(/Interrupt \(■\) first if this cell waits for the plan\.$/);
      await RE.abort();
      expect((await handle).exitStatus).to.equal("abort");
    });

    it("pauses at the next checkpoint and shows how to go on; pressed in another cell, it pauses at once", async () => {
      const cells = [new AbortController(), new AbortController()];
      let cell = 0;
      registerHost({ ...host, currentSignal: () => cells[cell]?.signal });
      const { RE, notices } = quietEngine();
      const { det, m } = softDevices();
      m.set = () => new Status((resolve) => setImmediate(resolve));
      const handle = RE(scan([det], m, 0, 100, 101));
      setImmediate(() => cells[0]?.abort());
      await new Promise<void>((resolve) => RE.state$.subscribe((state) => state === "paused" && resolve()));
      expect(notices.map((notice) => notice.title)).to.deep.equal(["Pausing", "Paused"]);
      expect(notices[1]?.text).to.match(/^at point \d+ of 101, .*, by Interrupt\.$/);
      expect(notices[1]?.next?.map((step) => step.code)).to.deep.equal(["RE.resume()", "RE.stop()", "RE.abort()"]);
      cell = 1;
      const again = handle.then((run) => run.exitStatus);
      RE.resume();
      RE.pause(true);
      setImmediate(() => cells[1]?.abort());
      await new Promise<void>((resolve) => RE.state$.subscribe((state) => state === "paused" && resolve()));
      RE.resume();
      expect(await again).to.equal("success");
      expect(handle.table().length).to.equal(101);
    });
  });

  describe("a pause by the plan itself", () => {
    const host = currentHost();
    afterEach(() => registerHost(host));

    it("says that the cell has to be interrupted first, while it waits for the plan", async () => {
      const cell = new AbortController();
      registerHost({ ...host, currentSignal: () => cell.signal });
      const { RE, notices, places } = quietEngine();
      const handle = RE([Msg("pause")]);
      const ended = handle.then((run) => run.exitStatus);
      await whenIn(RE, "paused");
      expect(notices[0]?.detail).to.equal(
        "Hardware holds where it is. Interrupt (■) first: this cell waits for the plan.",
      );
      cell.abort();
      expect(notices[1]).to.deep.include({ title: "Paused", detail: "Hardware holds where it is." });
      expect(places[1]).to.deep.equal({ id: places[0]?.id, update: true });
      RE.resume();
      expect(await ended).to.equal("success");
    });
  });

  describe("displays", () => {
    it("show a run, its table and the engine, with escaped texts", async () => {
      const { RE } = quietEngine();
      const motor = new Motor("<b>m</b>");
      const run = await RE(scan([new Det("det", motor)], motor, 0, 2, 3));
      expect(text(run)).to.match(
        /^Run [0-9a-f]{8} · success · scan #1 · 3 points in .*\ndetectors {2}det\nmotors {5}<b>m<\/b> 0 → 2 mm\nRE\.table\(\)$/,
      );
      expect((run[$display]() as MimeBundle)["text/html"]).to.not.contain("<b>m</b>");
      expect(text(run.table())).to.contain("3 rows of primary");
      expect(text(RE)).to.match(/^RunEngine · idle · scan #1/);
      expect(text(count([softDevices().det]) as never)).to.equal(
        "a plan: run it with await RE(count(...)), or in a plan with yield* count(...)",
      );
    });

    it("show how far the motors of a snaked grid went", async () => {
      const { RE } = quietEngine();
      const { m, m2, det } = softDevices();
      const grid = await RE(gridScan([det], m, 4, 0, 2, m2, 0, 1, 2, true));
      expect(text(grid)).to.match(/\nmotors {5}m 4 → 0 mm, m2 0 → 1 mm\n/);
      const narrow = await RE(scan([det], m, 7112.3, 7112.9, 3));
      expect(text(narrow), "in the digits of the range").to.match(/\nmotors {5}m 7112\.3 → 7112\.9 mm\n/);
    });

    it("show a handle while its plan runs, then its run, or how it failed without a run", async () => {
      const { RE } = quietEngine();
      const { det, m } = softDevices();
      m.set = () => new Status((resolve) => setImmediate(resolve));
      const handle = RE(scan([det], m, 0, 1, 2));
      expect(text(handle)).to.equal("Run · running\nawait it, or RE.pause()");
      const run = await handle;
      expect(text(handle)).to.equal(text(run));
      const failed = RE([Msg("nonsense")]);
      await failure(failed);
      expect(text(failed)).to.match(/^A plan without a run · failed · the RunEngine has no command "nonsense"/);
    });

    it("show the name of a function that was wrapped as a plan", () => {
      const mine = plan("mine", function* (): Plan<void> {
        yield Msg("null");
      });
      expect(text(mine() as never)).to.contain("RE(mine(...))");
    });
  });

  it("refuses verbs while no plan runs", () => {
    const { RE } = quietEngine();
    for (const verb of ["abort", "stop", "halt", "resume", "pause"] as const)
      expect(() => RE[verb]()).to.throw("no plan runs that could be");
  });
});
