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

export async function simulate(options: SimOptions): Promise<void> {
  const start = NODES[options.node as keyof typeof NODES];
  if (!start) throw new UsageError(`there is no simulated node ${options.node}: choose one of ${nodeNames.join(", ")}`);
  const port = wholeNumber(options.port, "--port", 65_535);
  const { host, discoverable } = options;
  const udp = typeof discoverable === "string" ? wholeNumber(discoverable, "--discoverable", 65_535) : DEFAULT_PORT;
  const discovery = discoverable === undefined ? {} : { discoveryPort: udp };
  const node = await listen(() => start({ port, host, speed: Number(options.speed), ...discovery }), port, udp);
  console.log(`SEC node on ${node.uri} with the modules ${moduleNames(node).join(", ")}`);
  console.log(
    `In a notebook:  %connect ${node.uri.replace("127.0.0.1", "localhost")} as cryo     (Ctrl-C here ends the node)`,
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void node.close().then(() => process.exit(0)));
}

async function listen(start: () => Promise<SimNode>, port: number, udp: number): Promise<SimNode> {
  try {
    return await start();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE") throw error;
    if (syscall === "bind") {
      throw new UsageError(
        `UDP port ${udp} is taken by another node of this machine, which answers discovery: leave --discoverable out`,
        { cause: error },
      );
    }
    throw new UsageError(
      `port ${port} is taken by another program: choose one with --port, or --port 0 for a free one`,
      { cause: error },
    );
  }
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
