import { expect } from "chai";
import { filter, firstValueFrom } from "rxjs";
import { waitForValue } from "../../../lib/core/signal/observe";
import type { DynamicNode } from "../../../lib/devices/node/secopNodeDevice";
import { $display, type Displayable, type MimeBundle } from "../../../lib/display/bundle";
import type { SimNode } from "../../../lib/sim/runNode";
import { simulate } from "../../../lib/sim/simulate";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { bigNode } from "../../support/bigNode";
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
    expect(html).to.contain('<span class="dot bad"></span>');
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
});
