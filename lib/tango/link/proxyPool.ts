/**
 * The devices in use in this process: one proxy per device, shared by all its signals and commands, and
 * located by the Tango database.
 */

import { SharedPool } from "../../core/signal/sharedPool";
import { TimeoutError } from "../../core/status/deadline";
import { errorText } from "../../errors";
import { refuseInReplay } from "../../journal";
import { oneLine } from "../../printable";
import { ConnectionError } from "../giop/giopConnection";
import { string } from "../giop/idlTypes";
import { type ObjectReference, parseIor } from "../giop/ior";
import { TangoError } from "../tangoError";
import type { LongStrings } from "../values/deviceIdl";
import { DeviceProxy } from "./deviceProxy";
import { type DeviceAddress, databasesOf, deviceTrl, type MemberAddress } from "./trl";

/** Seconds that the database may take to answer. */
const DATABASE_TIMEOUT = 5;

const proxies = new SharedPool<DeviceProxy>((proxy) => proxy.dispose());

/** The proxy of a device, with the function that releases it. */
export function acquireProxy(address: DeviceAddress): { readonly item: DeviceProxy; readonly release: () => void } {
  return proxies.acquire(deviceTrl(address), () => new DeviceProxy(address.device, () => locate(address)));
}

async function locate(address: DeviceAddress): Promise<ObjectReference> {
  const { device, host, port, database } = address;
  refuseInReplay(`the Tango device ${device}`);
  if (!database) return { addresses: [{ host, port }], key: Buffer.from(device, "latin1") };
  return await withDatabase(address, (ask) => importDevice(device, ask));
}

/**
 * Resolves an address without a device, whose member is the alias of an attribute; other addresses stay.
 */
export async function resolveAttribute({ device, member }: MemberAddress): Promise<MemberAddress> {
  if (device.device !== "") return { device, member };
  const name = await withDatabase(device, (ask) => ask("DbGetAttributeAlias", member));
  const path = String(name).split("/");
  return { device: { ...device, device: path.slice(0, -1).join("/").toLowerCase() }, member: path.at(-1) ?? "" };
}

/**
 * Executes a command of the database with a text as its argument. Rejects with an error that names the
 * database.
 */
type Ask = (command: string, text: string) => Promise<unknown>;

/**
 * Lets `work` ask the database of a device. Nothing is kept, since a restarted server listens on another
 * port. The next database of `TANGO_HOST` is asked if one cannot be reached.
 */
async function withDatabase<T>(address: DeviceAddress, work: (ask: Ask) => Promise<T>): Promise<T> {
  const failures: unknown[] = [];
  for (const { host, port } of databasesOf(address)) {
    const place = `the database at ${host}:${port}`;
    const key = Buffer.from("database");
    const database = new DeviceProxy(place, async () => ({ addresses: [{ host, port }], key }));
    try {
      return await work(async (command, text) => {
        const options = { timeout: DATABASE_TIMEOUT, what: `${place} cannot locate ${text}` };
        return (await database.execute(command, { type: string, value: text }, options)).value;
      });
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      failures.push(error);
    } finally {
      database.dispose();
    }
  }
  if (failures.length === 1) throw failures[0];
  throw new TangoError(failures.map(errorText).join("; "), { cause: failures[0] });
}

/** Finds a device by its name or its alias. */
async function importDevice(device: string, ask: Ask): Promise<ObjectReference> {
  const { lvalue, svalue } = (await ask("DbImportDevice", device)) as Partial<LongStrings>;
  const server = oneLine(svalue?.[3] ?? "");
  if (!lvalue?.[0])
    throw new TangoError(`${device} is not available: its server${server && ` ${server}`} is not running`);
  return parseIor(svalue?.[1] ?? "");
}

const isUnreachable = (error: unknown): boolean =>
  error instanceof TimeoutError || (error instanceof TangoError && error.cause instanceof ConnectionError);
