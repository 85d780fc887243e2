/** `secop-lab sim`: runs a simulated SEC node until Ctrl-C. */

import {
  DEFAULT_PORT,
  type SimNode,
  simulate,
  startGasDosing,
  startReactorCell,
  startSimNode,
  UsageError,
} from "../../lib/index";
import { portOf, speedOf } from "./numericOptions";

const NODES = { lab: startSimNode, "gas-dosing": startGasDosing, "reactor-cell": startReactorCell } as const;

/** The values of `--node`. */
const nodeNames: readonly string[] = Object.keys(NODES);

export interface SimOptions {
  readonly port: string;
  readonly host: string;
  /** Simulated seconds per second. Default 40; 1 for a twin. */
  readonly speed?: string;
  readonly node: string;
  /** A recording of the behaviour that the twin imitates. */
  readonly like?: string;
  /** The address of one among several nodes in the recording. */
  readonly of?: string;
  /** A UDP port, or true for SECoP's own port. */
  readonly discoverable?: string | true;
}

/** Starts the node, or the twin of the one in `file`, and prints how to connect to it. */
export async function runSimNode(file: string | undefined, options: SimOptions): Promise<void> {
  const { host, discoverable, like, of } = options;
  const port = portOf(options.port);
  const udp = typeof discoverable === "string" ? portOf(discoverable, "--discoverable") : DEFAULT_PORT;
  const discovery = discoverable === undefined ? {} : { discoveryPort: udp };
  const speed = speedOf(options.speed ?? (file === undefined ? "40" : "1"));
  const where = { port, host, speed, ...discovery };
  if (file === undefined && (like ?? of) !== undefined)
    throw new UsageError("--like and --of are for a twin: name its description, class file or recording");
  const node =
    file === undefined
      ? await ownNode(options.node)(where)
      : await simulate(file, { ...where, ...(like !== undefined && { like }), ...(of !== undefined && { node: of }) });
  console.log(`SEC node on ${node.uri} with the modules ${moduleNames(node).join(", ")}`);
  console.log(
    speed === 1
      ? "It runs in real time."
      : `Its time runs ${speed} times faster than real time: --speed 1 is real time.`,
  );
  console.log(
    `In a notebook:  %connect ${node.uri.replace("127.0.0.1", "localhost")} as cryo     (Ctrl-C here ends the node)`,
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void node.close().then(() => process.exit(0)));
  }
}

function ownNode(name: string) {
  const start = NODES[name as keyof typeof NODES];
  if (!start) throw new UsageError(`there is no simulated node ${name}: choose one of ${nodeNames.join(", ")}`);
  return start;
}

function moduleNames(node: SimNode): string[] {
  return Object.keys((node.description as { modules: object }).modules);
}
