/** Refuses to compare what twins gave: a simulated number proves nothing about a measured one. */

import type { RunStart } from "../../engine/documents/documents";
import { UsageError } from "../../errors";
import { oneLine } from "../../printable";
import { SIMULATED } from "../../secop/link/simulatedNodes";
import type { Recording } from "../format/index";

/** The nodes of a session, by the start documents of its runs. */
type SecNodes = Readonly<Record<string, { readonly simulated?: unknown }>>;

/** @throws UsageError if a run was made with a twin */
export function refuseSimulatedRun({ plan_name, provenance }: RunStart): void {
  const { sec_nodes = {} } = (provenance ?? {}) as { readonly sec_nodes?: SecNodes };
  for (const [name, { simulated }] of Object.entries(sec_nodes)) {
    if (simulated !== undefined) throw simulation(`the run ${oneLine(String(plan_name))}`, `${name} ${simulated}`);
  }
}

/** @throws UsageError if a recording was made with a twin */
export function refuseSimulatedRecording({ name, descriptions }: Recording): void {
  for (const json of descriptions.values()) {
    const { equipment_id, [SIMULATED]: origin } = JSON.parse(json) as Readonly<Record<string, unknown>>;
    if (origin !== undefined) throw simulation(name, `${equipment_id} ${origin}`);
  }
}

function simulation(what: string, twin: string): UsageError {
  const words = `${what} was simulated (${oneLine(twin, 200)}): it says nothing about a measurement`;
  return new UsageError(`${words}. Run the notebook with its nodes, or replay a recording of them`);
}
