/**
 * The devices in use in this process: one proxy per device, shared by all its signals and commands, and
 * located by the Tango database.
 */

import { oneLine } from "../../printable";
import { string } from "../giop/idlTypes";
import { type ObjectReference, parseIor } from "../giop/ior";
import { SharedPool } from "../giop/sharedPool";
import { TangoError } from "../tangoError";
import type { LongStrings } from "../values/deviceIdl";
import { DeviceProxy } from "./deviceProxy";
import { type DeviceAddress, deviceTrl } from "./trl";

/** Seconds that the database may take to answer. */
const DATABASE_TIMEOUT = 5;

const proxies = new SharedPool<DeviceProxy>((proxy) => proxy.dispose());

/** The proxy of a device, with the function that releases it. */
export function acquireProxy(address: DeviceAddress): { readonly item: DeviceProxy; readonly release: () => void } {
  return proxies.acquire(deviceTrl(address), () => new DeviceProxy(address.device, () => locate(address)));
}

async function locate({ device, host, port, database }: DeviceAddress): Promise<ObjectReference> {
  if (!database) return { addresses: [{ host, port }], key: Buffer.from(device, "latin1") };
  return await importDevice(device, host, port);
}

/** Asks the database, each time anew, since a server that was restarted listens on another port. */
async function importDevice(device: string, host: string, port: number): Promise<ObjectReference> {
  const place = `the database at ${host}:${port}`;
  const key = Buffer.from("database");
  const database = new DeviceProxy(place, async () => ({ addresses: [{ host, port }], key }));
  try {
    const argument = { type: string, value: device };
    const options = { timeout: DATABASE_TIMEOUT, what: `${place} cannot locate ${device}` };
    const { value } = await database.execute("DbImportDevice", argument, options);
    const { lvalue, svalue } = value as Partial<LongStrings>;
    const server = oneLine(svalue?.[3] ?? "");
    if (!lvalue?.[0])
      throw new TangoError(`${device} is not available: its server${server && ` ${server}`} is not running`);
    return parseIor(svalue?.[1] ?? "");
  } finally {
    database.dispose();
  }
}
