/**
 * The measurement of the tests of recordings: a scan, a ramp while measuring, a command, and errors that are
 * caught.
 */

import { type DynamicNode, SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import { makeRunEngine } from "../../lib/engine/runEngine";
import { errorText } from "../../lib/errors";
import { rampScan, scan } from "../../lib/plans";

export interface Measured {
  readonly documents: readonly (readonly [name: string, doc: object])[];
  /** What the session printed: results and error messages. */
  readonly printed: readonly string[];
}

/** Measures with the quick cryostat of frappy at an address, and disconnects. */
export async function measureCryostat(uri: string, targets: readonly number[] = [24, 26]): Promise<Measured> {
  const documents: (readonly [string, object])[] = [];
  const printed: string[] = [];
  const node: DynamicNode = new SecopNodeDevice(uri, { name: "lab" });
  try {
    await node.connect();
    const { cryo } = node;
    const RE = makeRunEngine();
    RE.subscribe((name, doc) => void documents.push([name, structuredClone(doc)]));
    await RE(scan([cryo], cryo, targets[0] as number, targets[1] as number, 3));
    await RE(rampScan([], cryo, 30, { period: 0.25 }));
    printed.push(`ramp ${await cryo.ramp.getValue()}`);
    void cryo.set(60).catch((error: unknown) => printed.push(errorText(error)));
    await cryo.stop();
    await cryo.ramp.set(5000).then(
      () => printed.push("set"),
      (error: unknown) => printed.push(errorText(error)),
    );
    await node.client.read("cryo", "nothing").catch((error: unknown) => printed.push(errorText(error)));
  } finally {
    await node.dispose();
  }
  return { documents, printed };
}
