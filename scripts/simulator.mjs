/**
 * Starts the simulated SEC node for `npm start` and `npm run lab`, in a process of its own as a real node is.
 */

import { spawn } from "node:child_process";
import { createConnection } from "node:net";

/** SECoP's port, which the notebooks use. */
export const DEFAULT_PORT = 10767;

/**
 * Starts the node on `DEFAULT_PORT`, or on a free port if it is in use. Resolves with the address when the
 * node listens.
 */
export async function startSimulator({ speed }) {
  const port = (await isTaken(DEFAULT_PORT)) ? 0 : DEFAULT_PORT;
  const args = ["dist/kernel/main.js", "sim", "--port", String(port), "--speed", String(speed)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => child.kill());
  const uri = await new Promise((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      const found = /(localhost|127\.0\.0\.1):\d+/.exec(text);
      if (found) resolve(found[0].replace("127.0.0.1", "localhost"));
    });
    child.once("exit", (code) => reject(new Error(`the simulated node ended with exit code ${code}: ${text}`)));
  });
  return { uri, close: () => child.kill() };
}

function isTaken(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "localhost" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
