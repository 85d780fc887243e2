/** The data keys of SECoP devices, compared with those of secop-ophyd on the same frappy nodes. */

import { expect } from "chai";
import type { DataKey, DataKeys } from "../../lib/core/protocols/protocols";
import { DrivableDevice } from "../../lib/devices/classes/index";
import type { ModuleDevice } from "../../lib/devices/module/moduleDevice";
import { SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import { startFrappy } from "../peers/frappy";
import { runPython } from "../peers/peers";

interface Keys {
  readonly read: DataKeys;
  readonly config: DataKeys;
}

/** Prints to stdout beside its result, which is the line that is JSON. */
async function keysOfSecopOphyd(uri: string): Promise<{ name: string; modules: Record<string, Keys> }> {
  const output = await runPython("test/integration/secopOphydKeys.py", [uri]);
  return JSON.parse(output.split("\n").find((line) => line.startsWith('{"name"')) ?? "");
}

/** What both say alike: secop-ophyd has no choices, and 100 as the length of all lists of names. */
function compared({ dtype, units, precision, shape }: DataKey) {
  return { dtype, units, precision, shape: (shape ?? []).length };
}

const all = (keys: DataKeys) => Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, compared(key)]));

/** secop-ophyd gives the value of a Drivable the name of its device, we name it as on the wire. */
function renamed(keys: DataKeys, device: ModuleDevice): DataKeys {
  const name = device instanceof DrivableDevice ? device.name : undefined;
  return Object.fromEntries(Object.entries(keys).map(([key, body]) => [key === name ? `${name}-value` : key, body]));
}

/** SECoP 2.0's `meaning` is unknown to secop-ophyd. */
const withoutMeaning = (keys: DataKeys) =>
  Object.fromEntries(Object.entries(keys).filter(([key]) => !key.endsWith("-meaning")));

describe("data keys compared with secop-ophyd", function () {
  this.timeout(60_000);

  for (const name of ["cryo", "simulation", "resistance", "facility"]) {
    it(`have the same names, units and types for the node ${name}`, async () => {
      const server = await startFrappy(name);
      const node = new SecopNodeDevice(server.uri, { logDir: "", logLevel: "CRITICAL" });
      try {
        const theirs = await keysOfSecopOphyd(server.uri);
        await node.connect();
        expect(node.name).to.equal(theirs.name);
        expect(Object.keys(theirs.modules)).to.have.members([...node.modules.keys()]);
        for (const [module, { read, config }] of Object.entries(theirs.modules)) {
          const ours = node.modules.get(module);
          if (!ours) continue;
          expect(all(await ours.describe()), module).to.deep.equal(all(renamed(read, ours)));
          const configuration = withoutMeaning(await ours.describeConfiguration());
          expect(all(configuration), module).to.deep.equal(all(renamed(config, ours)));
        }
      } finally {
        await node.dispose();
        await server.stop();
      }
    });
  }
});
