/** The display of a client in a notebook: its connection, and the values it knows. */

import { type Definition, definitionList, definitionText } from "../display/definitionList";
import { displayBundle } from "../display/displayBundle";
import { formatValue } from "../display/formatValue";
import { header, headerText } from "../display/header";
import { html } from "../display/html";
import type { MimeBundle } from "../display/mimeBundle";
import type { State } from "../display/statusDot";
import { branch, indent } from "../display/tree";
import type { Cache } from "./cache/cache";
import type { CacheItem } from "./cache/cacheItem";
import type { ModuleDescription, NodeDescription } from "./description/description";
import type { ClientState } from "./link/supervisor";

/** What the display shows of a client. */
export interface ClientView {
  readonly uri: string;
  readonly state: ClientState;
  readonly description: NodeDescription | undefined;
  readonly cache: Cache;
}

/** How each state of a connection is marked in displays. */
export const CONNECTION_STATES: Readonly<Record<ClientState["name"], State>> = {
  disconnected: "off",
  connecting: "busy",
  connected: "ok",
  reconnecting: "warn",
  closed: "off",
};

/** Shows the state of a client, and the values of its modules. */
export function displayClient({ uri, state, description, cache }: ClientView): MimeBundle {
  const modules = [...(description?.modules.values() ?? [])];
  const head = {
    title: description?.equipment_id || uri,
    status: { state: CONNECTION_STATES[state.name], word: state.name },
    facts: [uri, state.reason, description?.firmware],
  };
  const text = modules.map((module) => `${module.name}\n${indent(definitionText(valuesOf(module, cache)))}`);
  return displayBundle(
    [headerText(head), ...text].join("\n"),
    header(head),
    modules.length > 0 ? html`${modules.map((module) => moduleBranch(module, cache))}` : null,
  );
}

function moduleBranch(module: ModuleDescription, cache: Cache) {
  return branch({
    summary: module.name,
    value: module.interface_classes[0] ?? "",
    body: definitionList(valuesOf(module, cache)),
  });
}

function valuesOf(module: ModuleDescription, cache: Cache): (Definition & readonly [string, string])[] {
  return [...module.accessibles.values()].flatMap((accessible) => {
    if (accessible.kind !== "parameter") return [];
    const item = cache.get(module.name, accessible.name);
    const unit = "unit" in accessible.datainfo ? accessible.datainfo.unit : undefined;
    return [[accessible.name, item ? words(item, unit) : "not known yet"]];
  });
}

function words(item: CacheItem, unit: string | undefined): string {
  if (item.error) return item.error.message;
  const value = formatValue(item.value);
  return `${value}${unit ? ` ${unit}` : ""}${item.stale === false ? "" : ` (stale: ${item.stale})`}`;
}
