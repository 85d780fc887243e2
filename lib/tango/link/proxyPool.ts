// The devices in use in this process: one proxy each, however many signals and commands look at it; found by their database.

import { oneLine } from "../../display/printable";
import { string } from "../giop/idlTypes";
import { type ObjectReference, parseIor } from "../giop/ior";
import { Shared } from "../giop/shared";
import { TangoError } from "../tangoError";
import type { LongStrings } from "../values/deviceIdl";
import { DeviceProxy } from "./deviceProxy";
import { type DeviceAddress, deviceTrl } from "./trl";

/** Seconds that a question to the database may take. */
const DATABASE_TIMEOUT = 5;

const proxies = new Shared<DeviceProxy>((proxy) => proxy.dispose());

/** The proxy of a device, and what gives it back. */
export function acquireProxy(address: DeviceAddress): { readonly item: DeviceProxy; readonly release: () => void } {
  return proxies.acquire(deviceTrl(address), () => new DeviceProxy(address.device, () => locate(address)));
}

async function locate({ device, host, port, database }: DeviceAddress): Promise<ObjectReference> {
  if (!database) return { addresses: [{ host, port }], key: Buffer.from(device, "latin1") };
  return await imported(device, host, port);
}

/** Where the database says that the device is. It is asked anew each time: a server that was restarted has another port. */
async function imported(device: string, host: string, port: number): Promise<ObjectReference> {
  const place = `the database at ${host}:${port}`;
  const key = Buffer.from("database");
  const database = new DeviceProxy(place, async () => ({ addresses: [{ host, port }], key }));
  try {
    const argument = { type: string, value: device };
    const options = { timeout: DATABASE_TIMEOUT, what: `${place} does not tell where ${device} is` };
    const { value } = await database.execute("DbImportDevice", argument, options);
    const { lvalue, svalue } = value as Partial<LongStrings>;
    const server = oneLine(svalue?.[3] ?? "");
    if (!lvalue?.[0])
      throw new TangoError(`${device} is not there: its server${server && ` ${server}`} is not running`);
    return parseIor(svalue?.[1] ?? "");
  } finally {
    database.dispose();
  }
}
