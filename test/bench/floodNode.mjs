/**
 * A SEC node that only pushes updates, for test/bench/secop.ts. `do m:flood n` sends n updates to every
 * activated connection and then one with the value -1. `floodNode.mjs MODULES PARAMETERS` adds modules, to
 * connect to a large node. It prints its port. It is a separate process, so that it takes no time from the
 * process that is measured.
 */

import { createServer } from "node:net";

const accessible = (datainfo, extra) => ({ description: "-", datainfo, ...extra });
const readable = {
  value: accessible({ type: "double" }, { readonly: true }),
  status: accessible(
    { type: "tuple", members: [{ type: "enum", members: { IDLE: 100 } }, { type: "string" }] },
    { readonly: true },
  ),
};
const description = {
  equipment_id: "flood.test",
  description: "pushes updates",
  modules: {
    m: {
      description: "-",
      interface_classes: ["Readable"],
      accessibles: {
        ...readable,
        flood: accessible({ type: "command", argument: { type: "int", min: 0, max: 1e9 } }),
      },
    },
  },
};

const [modules, parameters] = process.argv.slice(2).map(Number);
const initial = ["update m:value [0.0, {}]", 'update m:status [[100, ""], {}]'];
for (let i = 0; i < (modules || 0); i += 1) {
  const accessibles = { ...readable };
  initial.push(`update m${i}:value [1.5, {}]`, `update m${i}:status [[100, ""], {}]`);
  for (let j = 2; j < parameters; j += 1) {
    accessibles[`_p${j}`] = accessible({ type: "double", min: 0, max: 100, unit: "K" }, { readonly: j % 2 === 0 });
    initial.push(`update m${i}:_p${j} [${j}.5, {"t": 1795325308.25}]`);
  }
  description.modules[`m${i}`] = { description: "-", interface_classes: ["Readable"], accessibles };
}

const LINES = 1000;
const block = Buffer.from(
  Array.from({ length: LINES }, (_, i) => `update m:value [${(100000 + i).toFixed(1)}, {"t": 1795325308.25}]\n`).join(
    "",
  ),
);
const activated = new Set();

function flood(socket, blocks) {
  for (let left = blocks; left > 0; left -= 1) {
    if (!socket.write(block)) {
      socket.once("drain", () => flood(socket, left - 1));
      return;
    }
  }
  socket.write('update m:value [-1.0, {"t": 1795325308.25}]\n');
}

function answer(socket, line) {
  const [action, specifier = "", data] = line.split(" ");
  if (action === "*IDN?") return "ISSE&SINE2020,SECoP,V2019-09-16,v1.0";
  if (action === "describe") return `describing . ${JSON.stringify(description)}`;
  if (action === "ping") return `pong ${specifier} [null, {}]`;
  if (action === "read") return `reply ${specifier} ${specifier.endsWith(":status") ? '[[100, ""], {}]' : "[1.0, {}]"}`;
  if (action === "change") return `changed ${specifier} [${data}, {}]`;
  if (action === "activate") {
    activated.add(socket);
    return [...initial, "active"].join("\n");
  }
  if (action === "do") for (const other of activated) flood(other, Number(data) / LINES);
  return `done ${specifier} [null, {}]`;
}

const server = createServer((socket) => {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) socket.write(`${answer(socket, line)}\n`);
  });
  socket.on("error", () => {});
  socket.on("close", () => activated.delete(socket));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
