/** The conversation of a simulated node with one client. */

import { timeNow } from "../../clock";
import { ProtocolError, SecopRangeError } from "../../errors";
import { formatJson } from "../../json";
import { parseMessage, type SecopMessage, splitMessage } from "../../secop/wire/secopMessage";
import type { SimLogLevel, SimModule } from "../node/simModule";
import { asSecopError, formatErrorReport } from "../node/simParameter";
import { type NodeListener, type SimulatedNode, updateLine } from "../node/simulatedNode";

/** Log levels as a client names them. A higher number sends more. */
const LOG_LEVELS: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ["off", 0],
  [false, 0],
  ["error", 1],
  ["info", 2],
  ["debug", 3],
]);

/** The answer to `help`. */
const HELP = [
  "*IDN?  describe  activate [<module>]  deactivate [<module>]  ping [<id>]",
  "read <module>:<parameter>  change <module>:<parameter> <value>  do <module>:<command> [<argument>]",
  'check <module>:<accessible> <value>  logging [<module>] "debug"|"info"|"error"|"off"',
];

type MessageHandler = (message: SecopMessage) => void;

/**
 * Answers the messages of one client and sends it the updates it has subscribed to. It knows no transport.
 */
export class ClientSession implements NodeListener {
  readonly #node: SimulatedNode;
  readonly #send: (line: string) => void;
  readonly #unsubscribe: () => void;
  /** Whether updates of all modules are active. */
  #allActive = false;
  /** Modules with active updates, unless all are active. */
  readonly #active = new Set<string>();
  /** Whether the node has a new description since the last `*IDN?` of the client (spec: "error_closed"). */
  #closed = false;
  #nodeLogging = 0;
  readonly #logging = new Map<string, number>();
  readonly #handlers: ReadonlyMap<string, MessageHandler> = new Map<string, MessageHandler>([
    ["*IDN?", () => this.#identify()],
    ["describe", () => this.#send(`describing . ${formatJson(this.#node.description)}`)],
    ["activate", (m) => this.#activate(m)],
    ["deactivate", (m) => this.#deactivate(m)],
    ["ping", (m) => this.#send(`pong ${word(m.specifier)} [null, {"t": ${timeNow()}}]`)],
    ["read", (m) => this.#read(m)],
    ["change", (m) => this.#change(m)],
    ["do", (m) => this.#do(m)],
    ["check", (m) => this.#check(m)],
    ["logging", (m) => this.#setLogging(m)],
    ["help", () => this.#help()],
    ["", () => this.#help()],
  ]);

  constructor(node: SimulatedNode, send: (line: string) => void) {
    this.#node = node;
    this.#send = send;
    this.#unsubscribe = node.subscribe(this);
  }

  close(): void {
    this.#unsubscribe();
  }

  /** Answers one line. Never throws. */
  handle(line: string): void {
    const { action, specifier } = splitMessage(line);
    if (this.#closed && action !== "*IDN?") {
      this.#send("error_closed");
      return;
    }
    try {
      const message = parseMessage(line);
      const handler = this.#handlers.get(message.action);
      if (!handler) throw new ProtocolError(`unknown action ${word(message.action)}`);
      handler(message);
    } catch (error) {
      this.#send(`error_${word(action)} ${word(specifier)} ${formatErrorReport(asSecopError(error))}`);
    }
  }

  update(module: string, line: string): void {
    if (this.#allActive || this.#active.has(module)) this.#send(line);
  }

  redescribed(): void {
    this.#closed = true;
    if (this.#allActive || this.#active.size > 0) this.#send("error_closed");
    this.#stopUpdates();
  }

  log(module: string, level: SimLogLevel, text: string): void {
    const wanted = this.#logging.get(module) ?? this.#nodeLogging;
    if ((LOG_LEVELS.get(level) ?? 0) <= wanted) this.#send(`log ${module}:${level} ${formatJson(text)}`);
  }

  #identify(): void {
    this.#stopUpdates();
    this.#closed = false;
    this.#nodeLogging = 0;
    this.#logging.clear();
    this.#send(this.#node.identity);
  }

  #activate({ specifier }: SecopMessage): void {
    if (specifier === "" || specifier === ".") {
      for (const module of this.#node.modules.values()) this.#dump(module);
      this.#allActive = true;
      this.#send("active");
      return;
    }
    const module = this.#node.module(specifier);
    this.#dump(module);
    this.#active.add(module.name);
    this.#send(`active ${module.name}`);
  }

  /** Sends the present state of every parameter (spec: these initial updates come before `active`). */
  #dump(module: SimModule): void {
    module.refresh();
    for (const parameter of module.parameters.values()) {
      if (!parameter.isConstant) this.#send(updateLine(module, parameter));
    }
  }

  #deactivate({ specifier }: SecopMessage): void {
    if (specifier === "" || specifier === ".") {
      this.#stopUpdates();
      this.#send("inactive");
      return;
    }
    const module = this.#node.module(specifier);
    this.#active.delete(module.name);
    this.#send(`inactive ${module.name}`);
  }

  #stopUpdates(): void {
    this.#allActive = false;
    this.#active.clear();
  }

  #read({ specifier, data }: SecopMessage): void {
    const [module, name] = this.#accessible(specifier);
    if (data !== undefined && data !== null) throw new ProtocolError("read takes no data");
    this.#send(`reply ${specifier} ${module.read(name).report()}`);
  }

  #change({ specifier, data }: SecopMessage): void {
    const [module, name] = this.#accessible(specifier);
    if (data === undefined) throw new ProtocolError(`change ${specifier} needs a value`);
    this.#send(`changed ${specifier} ${module.change(name, data).report()}`);
  }

  #do({ specifier, data }: SecopMessage): void {
    const [module, name] = this.#accessible(specifier);
    this.#report("done", specifier, module.do(name, data));
  }

  #check({ specifier, data }: SecopMessage): void {
    const [module, name] = this.#accessible(specifier);
    try {
      module.check(name, data);
    } catch (error) {
      const closest = error instanceof SecopRangeError ? module.closestValid(name, data) : undefined;
      if (closest === undefined) throw error;
      const report = formatErrorReport(error as SecopRangeError, undefined, { closest_valid: closest });
      this.#send(`error_check ${specifier} ${report}`);
      return;
    }
    this.#report("checked", specifier, data ?? null);
  }

  #report(action: string, specifier: string, value: unknown): void {
    this.#send(`${action} ${specifier} [${formatJson(value)}, {"t": ${timeNow()}}]`);
  }

  #setLogging({ specifier, data }: SecopMessage): void {
    const level = LOG_LEVELS.get(data);
    if (level === undefined) throw new SecopRangeError(`no such log level: use "debug", "info", "error" or "off"`);
    const name = specifier.split(":", 1)[0] ?? "";
    if (name === "" || name === ".") {
      this.#nodeLogging = level;
      this.#logging.clear();
    } else this.#logging.set(this.#node.module(name).name, level);
    this.#send(`logging ${name} ${formatJson(data === false ? "off" : data)}`);
  }

  #help(): void {
    for (const [n, line] of HELP.entries()) this.#send(`_ ${n + 1} ${formatJson(line)}`);
    this.#send("helping");
  }

  #accessible(specifier: string): [SimModule, string] {
    const colon = specifier.indexOf(":");
    if (colon < 0) throw new ProtocolError(`"${word(specifier)}" is not a specifier: write <module>:<accessible>`);
    return [this.#node.module(specifier.slice(0, colon)), specifier.slice(colon + 1)];
  }
}

/** Text of a client as one word that is safe inside a message. */
function word(text: string): string {
  return text.replace(/[^!-~]/g, "?");
}
