/** Tests of the names of options, as JavaScript may give them. */

import { expect } from "chai";
import { generateClasses } from "../lib/codegen/generateClasses";
import { initDevices } from "../lib/core/device/initDevices";
import { softCommand } from "../lib/core/signal/softCommand";
import { makeRunEngine } from "../lib/engine/runEngine";
import {
  AreaDetector,
  EpicsDevice,
  EpicsMotor,
  EpicsMotorRecord,
  EpicsPositioner,
  epicsSignalRw,
  epicsSignalX,
  generateEpicsClass,
  pvaCall,
} from "../lib/epics";
import { fitFunction, fitModels, fit as fitTo, LiveFit, plot } from "../lib/live";
import { LivePlot } from "../lib/live/plot/livePlot";
import { LiveTable } from "../lib/live/table/liveTable";
import { createRunEngine } from "../lib/notebook";
import { discoverNodes } from "../lib/secop/wire/discoverNodes";
import { nats, tiled, zmq } from "../lib/store";
import {
  generateTangoClass,
  TangoDevice,
  TangoMovable,
  tangoCommand,
  tangoPipe,
  tangoSignalR,
  tangoSignalRw,
} from "../lib/tango";

/** What a misspelt option leads to, as text. */
async function refusal(call: () => unknown): Promise<string> {
  return Promise.resolve()
    .then(call)
    .then(
      () => "accepted",
      (error: unknown) => String(error),
    );
}

describe("a misspelt option", () => {
  /** As in JavaScript, where nothing has a type. */
  // biome-ignore lint/suspicious/noExplicitAny: only so the compiler lets the mistakes of the test pass
  const any = (options: object): any => options;

  const calls: Readonly<Record<string, readonly [call: () => unknown, text: string]>> = {
    createRunEngine: [() => createRunEngine(any({ liev: false })), "createRunEngine has no option liev (live?)"],
    "the views of createRunEngine": [
      () => createRunEngine(any({ live: { tabel: true }, store: false })),
      "live has no option tabel (table?)",
    ],
    makeRunEngine: [() => makeRunEngine(any({ pauseOnEror: true })), "makeRunEngine has no option pauseOnEror"],
    LivePlot: [() => new LivePlot("det", "motor", any({ xlimit: [0, 1] })), "LivePlot has no option xlimit (xlim?)"],
    LiveTable: [() => new LiveTable("det", any({ stream: "x" })), "LiveTable has no option stream"],
    initDevices: [() => initDevices({}, any({ timeOut: 1 })), "initDevices has no option timeOut (timeout?)"],
    generateClasses: [
      () => generateClasses("localhost:1", any({ folder: "x" })),
      "generateClasses has no option folder (file?): it takes dir, file",
    ],
    plot: [() => plot(any({ documents: () => [] }), any({ logg: true })), "plot has no option logg (log?)"],
    fit: [
      () => fitTo(any({ documents: () => [] }), "gaussian", any({ error: "sqrt" })),
      "fit has no option error (errors?)",
    ],
    fitFunction: [
      () => fitFunction(() => 0, { a: 1 }, any({ bound: {} })),
      "fitFunction has no option bound (bounds?)",
    ],
    LiveFit: [
      () => new LiveFit(fitModels.gaussian, "det", "motor", any({ intial: {} })),
      "LiveFit has no option intial (initial?)",
    ],
    nats: [() => nats("localhost", any({ sream: "x" })), "nats has no option sream (stream?)"],
    zmq: [() => zmq("localhost:1", any({ prefx: "x" })), "zmq has no option prefx (prefix?)"],
    tiled: [() => tiled("http://localhost:1", any({ apiKey: "X" })), "tiled has no option apiKey"],
    EpicsMotor: [() => new EpicsMotor("X", "x", any({ arival: {} })), "EpicsMotor has no option arival (arrival?)"],
    EpicsMotorRecord: [
      () => new EpicsMotorRecord("X", "x", any({ arival: {} })),
      "EpicsMotorRecord has no option arival (arrival?)",
    ],
    EpicsPositioner: [
      () => new EpicsPositioner("X", any({ toleranc: 1 })),
      "EpicsPositioner has no option toleranc (tolerance?)",
    ],
    AreaDetector: [
      () => new AreaDetector("X:", any({ dir: "/x", formt: "tiff" })),
      "AreaDetector has no option formt (format?)",
    ],
    epicsSignalRw: [
      () => epicsSignalRw(Number, "X", "X", any({ wiat: false })),
      "an EPICS signal has no option wiat (wait?): it takes text, pipeline, wait",
    ],
    epicsSignalX: [() => epicsSignalX("X", 1, any({ wiat: false })), "an EPICS signal has no option wiat (wait?)"],
    EpicsDevice: [() => new EpicsDevice("X:", any({ nmae: "x" })), "EpicsDevice has no option nmae (name?)"],
    pvaCall: [() => pvaCall("pva://X", {}, any({ timeOut: 1 })), "pvaCall has no option timeOut (timeout?)"],
    generateEpicsClass: [
      () => generateEpicsClass("X", any({ db: "x.db", flie: "x" })),
      "generateEpicsClass has no option flie (file?)",
    ],
    TangoMovable: [
      () => new TangoMovable("lab/motor/1", any({ atribute: "x" })),
      "TangoMovable has no option atribute (attribute?)",
    ],
    TangoDevice: [
      () => new TangoDevice("lab/motor/1", any({ autofil: false })),
      "TangoDevice has no option autofil (autoFill?)",
    ],
    tangoSignalR: [
      () => tangoSignalR(Number, "lab/motor/1/x", any({ poling: {} })),
      "a Tango signal has no option poling (polling?): it takes polling, events",
    ],
    tangoSignalRw: [
      () => tangoSignalRw(Number, "lab/motor/1/x", undefined, any({ event: "change" })),
      "a Tango signal has no option event (events?)",
    ],
    tangoPipe: [() => tangoPipe("lab/motor/1/x", any({ poling: {} })), "a Tango pipe has no option poling (polling?)"],
    "a command of Tango": [
      () => tangoCommand("lab/motor/1/Go").execute(1, any({ timeuot: 3 })),
      "lab/motor/1/Go has no option timeuot (timeout?)",
    ],
    softCommand: [
      () => softCommand(() => {}, { name: "go" }).execute(undefined, any({ timeuot: 3 })),
      "go has no option timeuot (timeout?): it takes timeout, signal",
    ],
    generateTangoClass: [
      () => generateTangoClass("lab/motor/1", any({ flie: "x" })),
      "generateTangoClass has no option flie (file?)",
    ],
    discoverNodes: [() => discoverNodes(any({ timout: 1 })), "discoverNodes has no option timout (timeout?)"],
  };

  for (const [what, [call, text]] of Object.entries(calls)) {
    it(`of ${what} is refused in one line that names the option that was meant`, async () => {
      const message = await refusal(call);
      expect(message).to.match(/^UsageError: [^\n]*$/);
      expect(message).to.contain(text);
    });
  }
});
