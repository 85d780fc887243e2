/** What is known of one module, shared by its device, its signals, its commands and its movements. */

import type { SoftSignalBackend } from "../../core/signal/softSignal";
import { formatValue } from "../../display/formatValue";
import { withUnits } from "../../display/number";
import { NoSuchParameterError, type SecopError } from "../../errors";
import type { CacheItem } from "../../secop/cache/cacheItem";
import type { SecopClient } from "../../secop/client";
import type { ModuleDescription, ParameterDescription } from "../../secop/description/description";
import { accessibleNames, type MemberNames } from "../../secop/description/memberName";
import { datainfoUnit } from "../../secop/values/datainfoUnit";
import { isBusy, type ModuleStatus, moduleStatus } from "../../secop/values/moduleStatus";
import { type ModuleAlarm, moduleAlarm } from "./moduleAlarm";
import type { NodeLink } from "./nodeLink";
import { numberStyle } from "./numberStyle";

/** The description, the connection and the last known values of one module. */
export class ModuleHandle {
  readonly link: NodeLink;
  /** The description by the node; replaced when it has changed after a reconnect. */
  description: ModuleDescription;
  /** The names of accessibles on the client, by their names on the wire. */
  names: MemberNames;
  /** The member of the node that is the module, for code in messages and displays. */
  member: string;
  /** Why the module can no longer be used; undefined while it can. */
  defunct: SecopError | undefined;
  /** Why single parameters and commands can no longer be used, by their names. */
  readonly retired = new Map<string, SecopError>();
  /** The values of a mocked module, by parameter. */
  readonly mocks = new Map<string, SoftSignalBackend<unknown>>();

  constructor(link: NodeLink, description: ModuleDescription) {
    this.link = link;
    this.description = description;
    this.member = description.name;
    this.names = accessibleNames(description.accessibles.keys());
  }

  get name(): string {
    return this.description.name;
  }

  /** @throws SecopError if the node no longer has the module, or is not connected. */
  get client(): SecopClient {
    if (this.defunct) throw this.defunct;
    return this.link.client;
  }

  parameter(name: string): ParameterDescription | undefined {
    const accessible = this.description.accessibles.get(name);
    return accessible?.kind === "parameter" ? accessible : undefined;
  }

  /** The description of a parameter. @throws SecopError if the parameter cannot be used. */
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

  /** The name of an accessible as users see it: without the `_` of a custom name. */
  keyOf(accessible: string): string {
    return this.names.get(accessible)?.key ?? accessible;
  }

  /** The last known value of a parameter; undefined if the node never sent one. */
  known(parameter: string): CacheItem | undefined {
    const mock = this.mocks.get(parameter);
    if (mock) return { ...mock.reading, arrival: mock.reading.timestamp, stale: false };
    return this.link.cache?.get(this.name, parameter);
  }

  /** The last known status; undefined if there is none or it could not be read. */
  status(item: CacheItem | undefined = this.known("status")): ModuleStatus | undefined {
    const parameter = this.parameter("status");
    return parameter && item && !item.error ? moduleStatus(item.value, parameter.datainfo) : undefined;
  }

  /** Whether the module is busy, or may be: its last status is from before the connection was lost. */
  mayBeBusy(): boolean {
    const item = this.known("status");
    const status = this.status(item);
    return status !== undefined && (isBusy(status.code) || item?.stale !== false);
  }

  /** The alarm that the module's status raises on its value; undefined while all is well. */
  alarm(): ModuleAlarm | undefined {
    const status = this.status();
    return status && moduleAlarm(status);
  }

  /** The unit of `value`, which replaces "$" in the units of the module. */
  mainUnit(): string {
    const value = this.parameter("value");
    return value ? datainfoUnit(value.datainfo) : "";
  }

  /** A value of a parameter with its unit, for messages, for example `13.2 K`. */
  shown(parameter: string, value: unknown): string {
    const datainfo = this.parameter(parameter)?.datainfo;
    if (!datainfo) return formatValue(value);
    return withUnits(formatValue(value, numberStyle(datainfo)), datainfoUnit(datainfo, this.mainUnit()));
  }

  /** Says which other module controls this one, by `controlled_by`; empty if none does. */
  controller(): string {
    const by = this.known("controlled_by");
    if (by && !by.error && by.value !== "self") return `controlled by ${String(by.value)}`;
    const active = this.known("control_active");
    return active && !active.error && active.value === false ? "its control is not active" : "";
  }
}
