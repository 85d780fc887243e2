/**
 * A Jupyter kernel that answers each cell at once with its own text: what is left of a round trip is the client's time.
 *
 * Argument: the connection file.
 */

import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Publisher, Reply, Router } from "zeromq";

const connection = JSON.parse(readFileSync(process.argv[2], "utf8"));
const DELIMITER = "<IDS|MSG>";

async function bound(socket, port) {
  await socket.bind(`${connection.transport}://${connection.ip}:${port}`);
  return socket;
}

const shell = await bound(new Router(), connection.shell_port);
const control = await bound(new Router(), connection.control_port);
const iopub = await bound(new Publisher(), connection.iopub_port);
const heartbeat = await bound(new Reply(), connection.hb_port);
await bound(new Router(), connection.stdin_port);

let queue = Promise.resolve();

function send(socket, identities, type, content, parent) {
  const header = {
    msg_id: randomUUID(),
    msg_type: type,
    session: parent.session,
    username: "echo",
    version: "5.4",
    date: new Date().toISOString(),
  };
  const parts = [header, parent, {}, content].map((part) => JSON.stringify(part));
  const hmac = createHmac("sha256", connection.key);
  for (const part of parts) hmac.update(part);
  queue = queue.then(() => socket.send([...identities, DELIMITER, hmac.digest("hex"), ...parts]));
}

const ANSWERS = {
  kernel_info_request: () => ({
    status: "ok",
    protocol_version: "5.4",
    implementation: "echo",
    implementation_version: "1",
    language_info: { name: "text", version: "1", mimetype: "text/plain", file_extension: ".txt" },
    banner: "",
  }),
  execute_request: ({ code }, parent) => {
    const publish = (type, content) => send(iopub, [type], type, content, parent);
    publish("execute_input", { code, execution_count: 1 });
    publish("execute_result", { execution_count: 1, data: { "text/plain": code }, metadata: {} });
    return { status: "ok", execution_count: 1, user_expressions: {}, payload: [] };
  },
  shutdown_request: ({ restart }) => ({ status: "ok", restart }),
};

async function serve(socket) {
  for await (const frames of socket) {
    const at = frames.findIndex((frame) => frame.toString() === DELIMITER);
    const [header, , , content] = frames.slice(at + 2, at + 6).map((frame) => JSON.parse(frame.toString()));
    const answer = ANSWERS[header.msg_type];
    if (answer === undefined) continue;
    send(iopub, ["status"], "status", { execution_state: "busy" }, header);
    const reply = header.msg_type.replace("_request", "_reply");
    send(socket, frames.slice(0, at), reply, answer(content, header), header);
    send(iopub, ["status"], "status", { execution_state: "idle" }, header);
    if (header.msg_type === "shutdown_request") {
      await queue;
      process.exit(0);
    }
  }
}

async function beat() {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}

await Promise.all([serve(shell), serve(control), beat()]);
