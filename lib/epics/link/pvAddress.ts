/** The addresses of PVs: `BL:T` and `ca://BL:T` over Channel Access, `pva://BL:T` over pvAccess. */

import { UsageError } from "../../errors";
import { openCaLink } from "./caLink";
import { openPvaLink } from "./pvaLink";
import type { OpenPvLink } from "./pvLink";

/** A PV, with the function that connects it by its protocol. */
export interface PvAddress {
  readonly protocol: "ca" | "pva";
  readonly name: string;
  readonly open: OpenPvLink;
}

const OPEN = { ca: openCaLink, pva: openPvaLink } as const;

/** @throws UsageError for other protocols and malformed names. */
export function pvAddress(pv: string): PvAddress {
  const [, protocol = "ca", name = ""] = /^(?:([a-z]+):\/\/)?(.*)$/s.exec(pv) ?? [];
  if (protocol !== "ca" && protocol !== "pva")
    throw new UsageError(`cannot use ${pv}: EPICS has the protocols ca and pva, write ca://${name} or pva://${name}`);
  if (!/^[^\s\0]+$/.test(name))
    throw new UsageError(`cannot use "${pv}": the name of a PV has no spaces and is not empty`);
  return { protocol, name, open: OPEN[protocol] };
}
