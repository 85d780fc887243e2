/** A scripted node whose module `m` moves as a test says, with a device connected to it. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initDevices } from "../../lib/core/device/initDevices";
import type { DrivableDevice } from "../../lib/devices/classes/drivableDevice";
import { type DynamicNode, SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import type { NodeOptions } from "../../lib/devices/node/typedNode";
import { DESCRIPTION, ScriptedNode } from "../support/scriptedNode";

type Accessibles = Record<string, unknown>;

export class Plant {
  readonly node: ScriptedNode;
  readonly device: DynamicNode;
  readonly m: DrivableDevice<number>;
  value = 1.5;
  target = 1.5;
  status: readonly [number, string] = [100, ""];
  /** Called when the node has accepted a target, before it answers. */
  onTarget: () => void = () => {};
  onCommand: (command: string) => void = () => {};
  readonly #logDir: string;
  #time = 2000;

  private constructor(node: ScriptedNode, device: DynamicNode, logDir: string) {
    this.node = node;
    this.device = device;
    this.#logDir = logDir;
    this.m = device.modules.get("m") as DrivableDevice<number>;
    node.answer = (line) => this.#answer(line);
  }

  static async start(extra: Accessibles = {}, options: NodeOptions = {}, properties: object = {}): Promise<Plant> {
    const node = await ScriptedNode.start();
    const { m } = DESCRIPTION.modules;
    node.description = {
      ...DESCRIPTION,
      modules: { m: { ...m, ...properties, accessibles: { ...m.accessibles, ...extra } } },
    };
    const logDir = mkdtempSync(join(tmpdir(), "plant-"));
    const { device } = await initDevices({ device: new SecopNodeDevice(node.uri, { logDir, ...options }) });
    return new Plant(node, device, logDir);
  }

  async close(): Promise<void> {
    await this.device.dispose();
    await this.node.close();
    rmSync(this.#logDir, { recursive: true, force: true });
  }

  /** Sends a status update. */
  reportStatus(code: number, text = ""): void {
    this.status = [code, text];
    this.update("status", this.status);
  }

  /** Sends a value update. */
  reportValue(value: number): void {
    this.value = value;
    this.update("value", value);
  }

  /** The time of an update, which decides about its order, since two connections may deliver in any order. */
  update(parameter: string, value: unknown): void {
    this.node.update(`update m:${parameter} ${this.#report(value)}`);
  }

  /** Resolves when a target was sent and the client has processed the answer. */
  async taken(): Promise<void> {
    await this.node.next("change m:target");
    await this.device.client.ping();
  }

  sent(start: string): string[] {
    return this.node.received.filter((line) => line.startsWith(start));
  }

  #report(value: unknown): string {
    this.#time += 0.001;
    return JSON.stringify([value, { t: this.#time }]);
  }

  #answer(line: string): string | undefined {
    const [action, specifier, data] = line.split(" ");
    if (action === "change" && specifier === "m:target") {
      this.target = Number(data);
      this.onTarget();
      return `changed m:target ${this.#report(this.target)}`;
    }
    if (action === "do") this.onCommand(specifier ?? "");
    if (line === "read m:status") return `reply m:status ${this.#report(this.status)}`;
    if (line === "read m:value") return `reply m:value ${this.#report(this.value)}`;
    if (line === "read m:target") return `reply m:target ${this.#report(this.target)}`;
    return undefined;
  }
}
