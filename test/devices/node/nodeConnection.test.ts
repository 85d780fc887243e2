import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect } from "chai";
import { filter, firstValueFrom } from "rxjs";
import { initDevices } from "../../../lib/core/device/initDevices";
import type { Readings } from "../../../lib/core/protocols/protocols";
import { type DynamicNode, SecopNodeDevice } from "../../../lib/devices/node/secopNodeDevice";
import { currentHost, registerHost } from "../../../lib/display/host";
import { $display } from "../../../lib/display/mimeBundle";
import type { SimNode } from "../../../lib/sim/runNode";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { failure } from "../../support/failure";
import { DESCRIPTION, ScriptedNode } from "../../support/scriptedNode";
import { closeAll, connectTo } from "../connect";

const stateOf = (node: DynamicNode, name: string) =>
  firstValueFrom(node.state$.pipe(filter((state) => state.name === name)));

describe("the connection of a SecopNodeDevice", () => {
  let sim: SimNode;

  before(async () => {
    sim = await startSimNode({ modules: ["sensor"] });
  });
  after(async () => {
    await closeAll();
    await sim.close();
  });

  it("reconnects by itself, and its subscribers get a reading without a value meanwhile", async () => {
    const own = await startSimNode({ modules: ["sensor"] });
    try {
      const device = await connectTo(own.uri);
      const severities: number[] = [];
      device.sensor.value.subscribe((r: Readings) => severities.push(Object.values(r)[0]?.alarm_severity ?? 0));
      expect(severities).to.deep.equal([0]);
      own.dropClients();
      await stateOf(device, "reconnecting");
      expect(severities.at(-1)).to.equal(-1);
      const text = (await device[$display]())["text/plain"];
      expect(text)
        .to.contain("reconnecting")
        .and.match(/^Reconnecting\. .*[^.]\. The values are the last ones known/m);
      expect((await failure(Promise.resolve(device.sensor.read()))).message).to.contain("not connected");
      await stateOf(device, "connected");
      await device.sensor.read();
      expect(severities.at(-1)).to.equal(0);
    } finally {
      await own.close();
    }
  });

  it("keeps the value of a constant while it reconnects", async () => {
    const own = await startSimNode({ modules: ["types"] });
    try {
      const device = await connectTo(own.uri);
      const readings: unknown[] = [];
      device.types.constant.value$.subscribe((reading: unknown) => readings.push(reading));
      const before = [...readings];
      own.dropClients();
      await stateOf(device, "reconnecting");
      await stateOf(device, "connected");
      expect(before).to.have.length(1);
      expect(readings).to.deep.equal(before);
    } finally {
      await own.close();
    }
  });

  it("adopts a compatible change, and retires what changed incompatibly, with the difference as reason", async () => {
    const scripted = await ScriptedNode.start();
    const device = await connectTo(scripted.uri);
    const changed = structuredClone(DESCRIPTION);
    changed.modules.m.accessibles.target.datainfo.max = 10;
    Object.assign(changed.modules.m.accessibles, {
      _text: { description: "now a number", datainfo: { type: "double" }, readonly: false },
      _new: { description: "new", datainfo: { type: "bool" }, readonly: true },
    });
    scripted.description = changed;
    const back = stateOf(device, "reconnecting").then(() => stateOf(device, "connected"));
    scripted.drop();
    await back;
    expect(device.m.new.source).to.equal(`${scripted.uri}:m:_new`);
    expect((await failure(Promise.resolve(device.m.text.read()))).message).to.contain(
      "m:_text is now double, was string",
    );
    expect(() => device.m.checkValue(20)).to.throw("the node allows 0 K to 10 K");
    await scripted.close();
  });

  it("distinguishes a module that has changed its class from one that is gone", async () => {
    const scripted = await ScriptedNode.start();
    const device = await connectTo(scripted.uri);
    const again = async (modules: object) => {
      scripted.description = { ...DESCRIPTION, modules };
      const back = stateOf(device, "reconnecting").then(() => stateOf(device, "connected"));
      scripted.drop();
      await back;
      const error = await failure(Promise.resolve(device.m.value.read()));
      const row = (await device[$display]())["text/plain"].split("\n").find((line) => line.startsWith("m "));
      return [error.name, error.message, row?.match(/missing|changed/)?.[0]];
    };
    const { target: _target, ...accessibles } = DESCRIPTION.modules.m.accessibles;
    const anew = "the node has changed, make a new device for it";
    expect(await again({ m: { ...DESCRIPTION.modules.m, accessibles } })).to.deep.equal([
      "Impossible",
      `m is now Readable, was Drivable: ${anew}`,
      "changed",
    ]);
    expect(await again({})).to.deep.equal(["NoSuchModule", `m is not a module of this node: ${anew}`, "missing"]);
    await scripted.close();
  });

  it("leaves tolerated missing members out of group reads, and reads them again when they are back", async () => {
    const scripted = await ScriptedNode.start();
    const device = await connectTo(scripted.uri, { verify: "subset" });
    const { m } = device;
    m.setFormat(m.text, "hinted");
    const again = async (description: object) => {
      scripted.description = description;
      const back = stateOf(device, "reconnecting").then(() => stateOf(device, "connected"));
      scripted.drop();
      await back;
      return Object.keys(await m.describe());
    };
    const less = structuredClone(DESCRIPTION) as { modules: { m: { accessibles: Record<string, unknown> } } };
    delete less.modules.m.accessibles._text;
    const name = `${m.name}-text`;
    expect(Object.keys(await m.describe())).to.include(name);
    expect(await again(less)).not.to.include(name);
    expect((await failure(Promise.resolve(m.text.read()))).message).to.equal(`m:_text is not there at ${scripted.uri}`);
    expect(await again(DESCRIPTION)).to.include(name);
    await scripted.close();
  });

  it("rejects with one line if nothing listens, and can connect later", async () => {
    const free = await startSimNode({ modules: ["sensor"] });
    const { uri, port } = free;
    await free.close();
    const error = await failure(initDevices({ cryo: new SecopNodeDevice(uri) }));
    expect(error.message).to.match(new RegExp(`^1 device could not be connected:\n  cryo: .*${port}.*$`));
    const device = new SecopNodeDevice(uri);
    await failure(device.connect());
    const later = await startSimNode({ modules: ["sensor"], port });
    await device.connect();
    await device.dispose();
    await later.close();
  });

  it("can be disposed and connected again, subscriptions included", async () => {
    const device = await connectTo(sim.uri);
    const seen: unknown[] = [];
    device.sensor.value.subscribe((r: Readings) => seen.push(Object.values(r)[0]?.alarm_severity ?? 0));
    await device.dispose();
    expect((await failure(Promise.resolve(device.sensor.read()))).message).to.contain("closed");
    const before = seen.length;
    await device.connect();
    expect(seen.slice(before)).to.include(0);
    await device.sensor.read();
  });

  it("says why it is not connected, and stops connecting when it is disposed", async () => {
    const silent = createServer((socket) => socket.on("error", () => {})).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const device = new SecopNodeDevice(`127.0.0.1:${port}`);
    const connecting = failure(device.connect());
    await once(silent, "connection");
    await device.dispose();
    await connecting;
    expect((await device[$display]())["text/plain"]).to.match(/^127\.0\.0\.1:\d+ · disconnected/);
    silent.close();
  });

  it("is closed when the kernel shuts down", async () => {
    const atShutdown: (() => void | Promise<void>)[] = [];
    const key = Symbol.for("secop-lab.host");
    const onShutdown = (fn: () => void | Promise<void>) => {
      atShutdown.push(fn);
      return () => {};
    };
    registerHost({ ...currentHost(), onShutdown });
    try {
      const device = await connectTo(sim.uri);
      for (const fn of atShutdown) await fn();
      expect(device.state.name).to.equal("closed");
    } finally {
      Reflect.deleteProperty(globalThis, key);
    }
  });
});
