/**
 * Starts the motors of `test/peers/mixed/movers.py`: motor records of EPICS and motors of Tango, equally
 * many.
 */

import { join } from "node:path";
import { freePort } from "../support/freePort";
import { repository } from "./peers";
import { startTangoProgram } from "./tango";

/** Running motors; the EPICS ones are MIX:1, MIX:2 ..., and this process searches PVs there only. */
export interface Movers {
  /** The address of a Tango motor, by its number from 1. */
  tangoMotor(number: number): string;
  stop(): Promise<void>;
}

export async function startMovers(count: number): Promise<Movers> {
  const [ca, tango] = await Promise.all([freePort(), freePort()]);
  const names = Array.from({ length: count }, (_, i) => `Motor::mix/motor/${i + 1}`).join(",");
  const script = join(repository, "test/peers/mixed/movers.py");
  const args = [script, "one", "-nodb", "-dlist", names, "-ORBendPoint", `giop:tcp:127.0.0.1:${tango}`];
  const stop = await startTangoProgram(args, { EPICS_CA_SERVER_PORT: `${ca}`, MOVERS: `${count}` });
  process.env.EPICS_CA_ADDR_LIST = `127.0.0.1:${ca}`;
  process.env.EPICS_CA_AUTO_ADDR_LIST = "NO";
  return { tangoMotor: (number) => `tango://127.0.0.1:${tango}/mix/motor/${number}#dbase=no`, stop };
}
