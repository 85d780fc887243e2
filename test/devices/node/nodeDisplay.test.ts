import { expect } from "chai";
import { filter, firstValueFrom } from "rxjs";
import { waitForValue } from "../../../lib/core/signal/observe";
import type { DynamicNode } from "../../../lib/devices/node/secopNodeDevice";
import { $display, type Displayable, type MimeBundle, watchedBundle } from "../../../lib/display/mimeBundle";
import type { SimNode } from "../../../lib/sim/runNode";
import { simulate } from "../../../lib/sim/simulate";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { bigNode } from "../../support/bigNode";
import { DESCRIPTION, ScriptedNode } from "../../support/scriptedNode";
import { closeAll, connectTo } from "../connect";

const shown = async (object: Displayable): Promise<{ text: string; html: string }> => {
  const bundle = (await object[$display]()) as MimeBundle;
  return { text: bundle["text/plain"], html: String(bundle["text/html"]) };
};

const count = (text: string, words: string): number => text.split(words).length - 1;

describe("displays of a node", () => {
  let sim: SimNode;
  let node: DynamicNode;

  beforeEach(async () => {
    sim = await startSimNode({ speed: 20, modules: ["cryo", "heater", "sensor", "faulty"] });
    node = await connectTo(sim.uri);
  });

  afterEach(async () => {
    await closeAll();
    await sim.close();
  });

  it("say once, by word and colour, why the values are out of date", async () => {
    await sim.close();
    await firstValueFrom(node.state$.pipe(filter((state) => state.name !== "connected")));
    const module = await shown(node.cryo);
    expect(module.text).to.match(/^demo-cryo · stale · /);
    expect(count(module.text, "closed by the node")).to.equal(1);
    expect(module.text).to.contain("Stale. closed by the node").and.contain("temperature to go to");
    expect(module.html)
      .to.contain('<div class="note"><b>Stale.</b>')
      .and.match(/<span class="mute">10\.000/);
    const whole = await shown(node);
    expect(whole.text)
      .to.match(/^demo · reconnecting · /)
      .and.contain("Reconnecting.");
    expect(whole.text.split("\n").filter((line) => /\bstale\b/.test(line))).to.have.length(node.modules.size);
    expect(whole.html).to.match(/class="dot warn"/);
  });

  it("say how to follow the node, unless the display follows it", async () => {
    const live = "as it was when this cell ran";
    expect((await shown(node)).html).to.contain(live);
    expect((await watchedBundle(node))["text/html"])
      .to.contain("connected")
      .and.not.contain(live);
  });

  it("say that a node is simulated, and of what", async () => {
    expect((await shown(node)).text).not.to.contain("simulated of");
    const twin = await simulate(sim.description);
    const { text, html } = await shown(await connectTo(twin.uri));
    expect(text).to.match(/^demo · connected · simulated of its description · /);
    expect(html).to.contain("simulated of its description · ");
    await closeAll();
    await twin.close();
  });

  it("say which module controls another one, and show no target of the controlled one", async () => {
    await node.cryo.set(11);
    expect(await node.heater.controlled_by.getValue()).to.equal("cryo");
    const { text, html } = await shown(node);
    const row = text.split("\n").find((line) => line.startsWith("heater"));
    expect(row).to.contain("controlled by cryo").and.not.contain("→");
    expect(html).to.contain("controlled by cryo");
    await node.heater.set(1);
    await waitForValue<boolean>(node.cryo.control_active, false);
    expect((await shown(node)).text).to.contain("its control is not active");
  });

  it("say which value is broken and why, and show the others", async () => {
    const { text, html } = await shown(node.faulty);
    const row = text.split("\n").find((line) => line.includes("_broken"));
    expect(row).to.match(/no value .*! /);
    expect(html).to.contain('class="dot bad">✖<');
  });

  it("keep values on the screen when a module has much to say, and say at the top how many are in error", async () => {
    const words = "turbo pump over temperature ".repeat(120).trim();
    const accessibles = {
      value: { description: "d".repeat(3000), datainfo: { type: "double", unit: "mbar" }, readonly: true },
      status: {
        description: "status",
        readonly: true,
        datainfo: {
          type: "tuple",
          members: [{ type: "enum", members: { IDLE: 100, ERROR: 400 } }, { type: "string" }],
        },
      },
    };
    const module = (group?: string) => ({
      description: "a module",
      interface_classes: ["Readable"],
      accessibles,
      ...(group ? { group } : {}),
    });
    const scripted = await ScriptedNode.start();
    const modules = { fine: module("gas:flow"), pump: module("gas"), alone: module() };
    scripted.description = { equipment_id: "id", description: `first line\n${"more ".repeat(600)}`, modules };
    scripted.answer = (line) => {
      if (line !== "activate") return undefined;
      const values = Object.keys(modules).flatMap((name) => [
        `update ${name}:value [812.5, {"t": 1000}]`,
        `update ${name}:status ${JSON.stringify([name === "pump" ? [400, words] : [100, ""], { t: 1000 }])}`,
      ]);
      return [...values, "active"];
    };
    const device = await connectTo(scripted.uri);
    const { text, html } = await shown(device);
    expect(text).to.contain("✖ 1 module in error · 2 of 3 fine");
    expect(html).to.match(/class="note problem">.*1 module in error/);
    const summaries = [...html.matchAll(/<summary>(.*?)<\/summary>/gs)].map(([, summary]) => summary ?? "");
    expect(
      summaries.every((summary) => summary.length < 700),
      "a summary is a line",
    ).to.equal(true);
    const pump = summaries.find((summary) => summary.includes("<b>pump</b>"));
    expect(pump).to.contain("ERROR").and.contain("812.5").and.not.contain("turbo");
    expect(html).to.contain(words);
    expect(count(html, "d".repeat(200))).to.equal(0);
    const order = ["<b>pump</b>", "<b>alone</b>", "gas · 1 module", "flow · 1 module", "<b>fine</b>"].map((part) =>
      html.indexOf(part),
    );
    expect(order)
      .to.deep.equal(order.toSorted((a, b) => a - b))
      .and.not.include(-1);
    await device.dispose();
    await scripted.close();
  });

  it("stay small for a node of 60 modules of 80 accessibles", async () => {
    const big = await simulate(bigNode(60, 80));
    const device = await connectTo(big.uri);
    const { text, html } = await shown(device);
    expect(text.split("\n").length).to.be.lessThan(70);
    expect(html.length).to.be.lessThan(200_000);
    expect(count(html, "<details")).to.be.at.least(60);
    await device.dispose();
    await big.close();
  });

  it("draw the first 1,000 of many modules, those in error before all others, and say how many are left", async () => {
    const scripted = await ScriptedNode.start();
    const { m } = DESCRIPTION.modules;
    const modules = Object.fromEntries(Array.from({ length: 1200 }, (_, i) => [`m${i}`, m]));
    scripted.description = { ...DESCRIPTION, modules };
    scripted.answer = (line) =>
      line.startsWith("activate") ? ['update m1199:status [[400, "broken"], {"t": 1000}]', "active"] : undefined;
    const device = await connectTo(scripted.uri);
    const { text, html } = await shown(device);
    for (const form of [text, html]) expect(form).to.contain("and 200 more modules: node.modules has all of them");
    expect(count(html, "<details")).to.be.lessThan(1010);
    expect(html.indexOf("m1199")).to.be.within(1, html.indexOf("m0<"));
    for (const form of [text, html]) expect(form).not.to.contain("m1198");
    const listed = text.split("\n").filter((line) => /^m\d+ /.test(line));
    expect([listed.length, listed[0]?.split(" ")[0], listed[1]?.split(" ")[0]]).to.deep.equal([1000, "m1199", "m0"]);
    await device.dispose();
    await scripted.close();
  });
});
