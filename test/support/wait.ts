/** Waiting for events of a SECoP client, never for a time. */

import { filter, firstValueFrom, type Observable } from "rxjs";
import type { CacheItem, ClientState, SecopClient } from "../../lib/secop/client";

/** The next state of the client with this name; the present one counts. */
export function state(client: SecopClient, name: ClientState["name"]): Promise<ClientState> {
  return firstValueFrom(client.state$.pipe(filter((s) => s.name === name)));
}

/** The next item of a parameter that `wanted` accepts. */
export function item(
  client: SecopClient,
  module: string,
  parameter: string,
  wanted: (item: CacheItem) => boolean = () => true,
): Promise<CacheItem> {
  return new Promise((resolve) => {
    const end = client.onUpdate(module, parameter, (found) => {
      if (!wanted(found)) return;
      end();
      resolve(found);
    });
  });
}

/** The first value of an observable. */
export function first<T>(source: Observable<T>): Promise<T> {
  return firstValueFrom(source);
}
