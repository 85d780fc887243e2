/** Notes each TCP connection that a process opens, in the file of SOCKETS_LOG: one address a line. */

import { appendFileSync } from "node:fs";
import { Socket } from "node:net";

const { connect } = Socket.prototype;

Socket.prototype.connect = function (...args) {
  // Node itself passes options in an array.
  const [first, second] = args.flat();
  const { port, host } = typeof first === "object" && first !== null ? first : { port: first, host: second };
  if (Number(port) > 0) appendFileSync(process.env.SOCKETS_LOG, `${host ?? "localhost"}:${port}\n`);
  return Reflect.apply(connect, this, args);
};
