/** Pictures among the values of cells: the bytes of a file, and canvases. */

import { inTime } from "../../lib/timeLimit";
import type { OwnForms } from "./ownForms";

/** Seconds that a canvas may take to make its picture. */
const PICTURE = 10;

/** The MIME type of a picture by its first bytes; undefined for other bytes. */
export function pictureType(bytes: Uint8Array): string | undefined {
  const begins = (at: number, ...expected: number[]): boolean => expected.every((byte, i) => bytes[at + i] === byte);
  if (begins(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "image/png";
  if (begins(0, 0xff, 0xd8, 0xff)) return "image/jpeg";
  if (begins(0, 0x47, 0x49, 0x46, 0x38)) return "image/gif";
  const isWebp = begins(0, 0x52, 0x49, 0x46, 0x46) && begins(8, 0x57, 0x45, 0x42, 0x50);
  return isWebp ? "image/webp" : undefined;
}

/** The forms of the bytes of a picture file: a Buffer, another Uint8Array or an ArrayBuffer. */
export function pictureForms(value: object): OwnForms | undefined {
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
  if (!(bytes instanceof Uint8Array)) return undefined;
  const type = pictureType(bytes);
  return type === undefined ? undefined : { [type]: base64(bytes) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

interface Drawn {
  readonly width?: unknown;
  readonly height?: unknown;
  toDataURL?(type?: string): unknown;
  toBuffer?(type?: string): unknown;
}

/** The forms of a canvas or a picture in work, which makes its picture by `toDataURL` or `toBuffer`. */
export async function canvasForms(value: Drawn): Promise<OwnForms | undefined> {
  const made = (await fromDataUrl(value)) ?? (await fromBuffer(value));
  const { width, height } = value;
  const size = typeof width === "number" && typeof height === "number" ? `, ${width} × ${height}` : "";
  return made && { "text/plain": `a picture${size}`, ...made };
}

async function fromDataUrl(value: Drawn): Promise<OwnForms | undefined> {
  if (typeof value.toDataURL !== "function") return undefined;
  const url = await made(() => value.toDataURL?.("image/png"));
  const [, type, data] = typeof url === "string" ? (/^data:(image\/[\w+.-]+);base64,(.+)$/s.exec(url) ?? []) : [];
  return type === undefined || data === undefined ? undefined : { [type]: data };
}

async function fromBuffer(value: Drawn): Promise<OwnForms | undefined> {
  if (typeof value.toBuffer !== "function") return undefined;
  const bytes = await made(() => value.toBuffer?.("image/png"));
  return typeof bytes === "object" && bytes !== null ? pictureForms(bytes) : undefined;
}

/** The result of a method; undefined if it fails or takes too long. */
async function made(make: () => unknown): Promise<unknown> {
  try {
    const result = Promise.resolve(make());
    return (await inTime(result, PICTURE)) ? await result : undefined;
  } catch {
    return undefined;
  }
}
