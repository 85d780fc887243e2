import { codecFor } from "../../secop/values/codecFor";
import type { Datainfo } from "../../secop/values/datainfo";

/**
 * The plainest value that a datainfo allows, for mocked devices: nearest to 0, first choice, shortest text.
 */
export function mockValue(info: Datainfo): unknown {
  return codecFor(info).decode(wireValue(info));
}

function wireValue(info: Datainfo): unknown {
  switch (info.type) {
    case "double":
    case "scaled":
    case "int":
      return Math.max(info.min ?? Number.NEGATIVE_INFINITY, Math.min(0, info.max ?? 0));
    case "bool":
      return false;
    case "enum":
      return Object.values(info.members)[0] ?? 0;
    case "string":
      return " ".repeat(info.minchars ?? 0);
    case "blob":
      return Buffer.alloc(info.minbytes ?? 0).toString("base64");
    case "array":
      return Array.from({ length: info.minlen ?? 0 }, () => wireValue(info.members));
    case "tuple":
      return info.members.map(wireValue);
    case "struct":
      return Object.fromEntries(Object.entries(info.members).map(([name, member]) => [name, wireValue(member)]));
    case "matrix":
      return { len: info.maxlen.map(() => 0), blob: "" };
    case "unknown":
      return null;
  }
}
