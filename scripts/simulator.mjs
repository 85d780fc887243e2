// The simulated SEC node for `npm start` and `npm run lab`, as a process of its own like a real one.
import { spawn } from "node:child_process";
import { createConnection } from "node:net";

export const DEFAULT_PORT = 10767;

/** Starts the node on `port` (or on a free one where that is taken) and resolves with its address once it listens. */
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
