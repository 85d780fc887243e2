import type { SoftSignalBackend } from "../../core/signal/softSignal";
import { formatValue } from "../../display/formatValue";
import { withUnits } from "../../display/number";
import { NoSuchParameterError, type SecopError } from "../../errors";
import type { CacheItem } from "../../secop/cache/cacheItem";
import type { SecopClient } from "../../secop/client";
import type { ModuleDescription, ParameterDescription } from "../../secop/description/description";
import { type ModuleStatus, moduleStatus } from "../../secop/values/moduleStatus";
import { unitOf } from "./dataKey";
import { type ModuleAlarm, moduleAlarm } from "./moduleAlarm";
import type { NodeLink } from "./nodeLink";
import { numberStyle } from "./numberStyle";

/** One module of a node, as its device, its signals, commands and movements see it. */
export class ModuleHandle {
  readonly link: NodeLink;
  /** What the node says of the module; replaced when it says something else after a reconnect. */
  description: ModuleDescription;
  /** Why the module can no longer be used. */
  defunct: SecopError | null = null;
  /** Why single parameters and commands can no longer be used, by name. */
  readonly retired = new Map<string, SecopError>();
  /** What holds the values of a module that is mocked, by parameter. */
  readonly mocks = new Map<string, SoftSignalBackend<unknown>>();

  constructor(link: NodeLink, description: ModuleDescription) {
    this.link = link;
    this.description = description;
  }

  get name(): string {
    return this.description.name;
  }

  /** @throws if the module is gone, or the node not connected. */
  get client(): SecopClient {
    if (this.defunct) throw this.defunct;
    return this.link.client;
  }

  parameter(name: string): ParameterDescription | undefined {
    const accessible = this.description.accessibles.get(name);
    return accessible?.kind === "parameter" ? accessible : undefined;
  }

  /** The description of a parameter that is in use. @throws why it cannot be used. */
  require(name: string): ParameterDescription {
    const gone = this.defunct ?? this.retired.get(name);
    if (gone) throw gone;
    const parameter = this.parameter(name);
    if (!parameter) {
      throw new NoSuchParameterError(`${this.name} has no parameter "${name}"`, {
        module: this.name,
        accessible: name,
      });
    }
    return parameter;
  }

  hasCommand(name: string): boolean {
    return this.description.accessibles.get(name)?.kind === "command";
  }

  /** What the node last told; undefined before the first connection and for what it never told. */
  known(parameter: string): CacheItem | undefined {
    const mock = this.mocks.get(parameter);
    if (mock) return { ...mock.reading, arrival: mock.reading.timestamp, stale: false };
    return this.link.cache?.get(this.name, parameter);
  }

  /** The last known status; undefined if there is none or it cannot be read. */
  status(item: CacheItem | undefined = this.known("status")): ModuleStatus | undefined {
    const parameter = this.parameter("status");
    return parameter && item && !item.error ? moduleStatus(item.value, parameter.datainfo) : undefined;
  }

  /** The alarm that the module's status raises on its value; undefined while all is well. */
  alarm(): ModuleAlarm | undefined {
    const status = this.status();
    return status && moduleAlarm(status);
  }

  /** The unit of the value, for which "$" stands in the units of the module. */
  mainUnit(): string {
    const value = this.parameter("value");
    return value ? unitOf(value.datainfo) : "";
  }

  /** A value of a parameter with its unit, for messages: `13.2 K`. */
  shown(parameter: string, value: unknown): string {
    const datainfo = this.parameter(parameter)?.datainfo;
    if (!datainfo) return formatValue(value);
    return withUnits(formatValue(value, numberStyle(datainfo)), unitOf(datainfo, this.mainUnit()));
  }

  /** Who drives the module if it is not itself: the module in `controlled_by`; empty if nobody does. */
  controller(): string {
    const by = this.known("controlled_by");
    if (by && !by.error && by.value !== "self") return `controlled by ${String(by.value)}`;
    const active = this.known("control_active");
    return active && !active.error && active.value === false ? "its control is not active" : "";
  }
}
