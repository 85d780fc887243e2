/** Starts the beamline of `test/peers/mixed/beamline.py`: a monochromator on EPICS, a diode on Tango. */

import { join } from "node:path";
import { freePort } from "../support/freePort";
import { repository } from "./peers";
import { startTangoProgram } from "./tango";

/** A running beamline. */
export interface Beamline {
  /** The address of its EPICS server, for EPICS_CA_ADDR_LIST. */
  readonly epics: string;
  /** The host and port of its Tango server. */
  readonly tango: string;
  stop(): Promise<void>;
}

export async function startBeamline(): Promise<Beamline> {
  const [ca, tango] = await Promise.all([freePort(), freePort()]);
  const script = join(repository, "test/peers/mixed/beamline.py");
  const devices = ["-nodb", "-dlist", "Diode::bl/diode/1", "-ORBendPoint", `giop:tcp:127.0.0.1:${tango}`];
  const stop = await startTangoProgram([script, "one", ...devices], { EPICS_CA_SERVER_PORT: `${ca}` });
  return { epics: `127.0.0.1:${ca}`, tango: `127.0.0.1:${tango}`, stop };
}
