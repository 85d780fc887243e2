/** `secop-lab sim`: a simulated SEC node to play with, until Ctrl-C. */

import {
  DEFAULT_PORT,
  type SimNode,
  startGasDosing,
  startReactorCell,
  startSimNode,
  UsageError,
} from "../../lib/index";

const NODES = { lab: startSimNode, "gas-dosing": startGasDosing, "reactor-cell": startReactorCell } as const;

export const nodeNames: readonly string[] = Object.keys(NODES);

export interface SimOptions {
  readonly port: string;
  readonly host: string;
  readonly speed: string;
  readonly node: string;
  /** A UDP port, or true for that of all nodes. */
  readonly discoverable?: string | true;
}

export async function runSimNode(options: SimOptions): Promise<void> {
  const start = NODES[options.node as keyof typeof NODES];
  if (!start) throw new UsageError(`there is no simulated node ${options.node}: choose one of ${nodeNames.join(", ")}`);
  const port = wholeNumber(options.port, "--port", 65_535);
  const { host, discoverable } = options;
  const udp = typeof discoverable === "string" ? wholeNumber(discoverable, "--discoverable", 65_535) : DEFAULT_PORT;
  const discovery = discoverable === undefined ? {} : { discoveryPort: udp };
  const speed = Number(options.speed);
  const node = await start({ port, host, speed, ...discovery });
  console.log(`SEC node on ${node.uri} with the modules ${moduleNames(node).join(", ")}`);
  console.log(
    speed === 1 ? "Its time is real time." : `Its time runs ${speed} times as fast as ours: --speed 1 is real time.`,
  );
  console.log(
    `In a notebook:  %connect ${node.uri.replace("127.0.0.1", "localhost")} as cryo     (Ctrl-C here ends the node)`,
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void node.close().then(() => process.exit(0)));
}

function moduleNames(node: SimNode): string[] {
  return Object.keys((node.description as { modules: object }).modules);
}

function wholeNumber(text: string, option: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw new UsageError(`${option} ${text}: expected a whole number from 0 to ${most}`);
  return value;
}
