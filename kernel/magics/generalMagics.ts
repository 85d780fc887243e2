/** The magics `%lsmagic`, `%%parameters`, `%why` and `%discover`. */

import { codeChip } from "../../lib/display/codeChip";
import { displayBundle } from "../../lib/display/displayBundle";
import { $display, type Displayable } from "../../lib/display/mimeBundle";
import { htmlTable, type TableCells, type TableColumn, textTable } from "../../lib/display/table";
import { discoverNodes, UsageError } from "../../lib/index";
import { wholeError } from "../output/index";
import { type CellMagic, type LineMagic, type MagicRegistry, usageOf } from "./magicRegistry";
import { rememberAddress } from "./nodeAddresses";
import { initialValues, withParameters } from "./parameters";

/** A row of a table. */
type Words = readonly string[];

const MAGICS: readonly TableColumn[] = [
  { title: "magic", align: "left" },
  { title: "what it does", align: "left", wrap: true },
];
const NODES: readonly TableColumn[] = [
  { title: "address", align: "left" },
  { title: "equipment id", align: "left" },
  { title: "description", align: "left", wrap: true },
];

/** `%lsmagic` lists the magics of the registry. */
export function lsMagic(registry: MagicRegistry): LineMagic {
  return {
    kind: "line",
    name: "lsmagic",
    usage: "%lsmagic",
    help: "Lists the magics. %NAME? shows the help of one.",
    run: () =>
      table(
        MAGICS,
        registry.list().map((magic) => [usageOf(magic), magic.help.split(/\n|(?<=\.) /, 1)[0] ?? ""]),
        ([usage, ...help]) => [codeChip(usage ?? ""), ...help],
      ),
  };
}

/** `%%parameters` replaces initial values by those that a run is given. */
export const parametersMagic: CellMagic = {
  kind: "cell",
  name: "parameters",
  usage: "%%parameters",
  expressions: true,
  help: `Declares the notebook's parameters with their defaults, as in  let temperature = 5;
Other values come from  secop-lab run -p temperature=7  or, as JSON, from the environment variable SECOP_LAB_PARAMETERS.`,
  expand: (_args, body) => `\n${withParameters(body, givenParameters(body))}`,
};

/** `%why` shows all of an error that a cell showed in one line. */
export const whyMagic: LineMagic = {
  kind: "line",
  name: "why",
  usage: "%why",
  help: `Shows all of the last error: the compiler's own text, or the whole stack with fields and causes.
secop-lab run --verbose always shows errors in full; the environment variable SECOP_LAB_VERBOSE=1 does so everywhere.`,
  run: (_args, { print }) => print(wholeError() || "no cell has failed yet"),
};

/** `%discover` lists the SEC nodes in the network. */
export const discoverMagic: LineMagic = {
  kind: "line",
  name: "discover",
  usage: "%discover [SECONDS]",
  help: "Lists the SEC nodes that answer in the local network.",
  run: async (args, { signal }) => {
    const timeout = args === "" ? 1 : Number(args);
    if (!(timeout > 0)) throw new UsageError(`%discover takes a number of seconds, not "${args}"`);
    const nodes = await discoverNodes({ timeout, signal });
    for (const { uri } of nodes) rememberAddress(uri);
    if (nodes.length === 0) return table(NODES, [["no SEC node answered", "", ""]]);
    return table(
      NODES,
      nodes.map(({ uri, equipment_id, description }) => [uri, equipment_id, description]),
    );
  },
};

function table(
  columns: readonly TableColumn[],
  rows: readonly Words[],
  shown: (row: Words) => TableCells = (row) => row,
): Displayable {
  return { [$display]: () => displayBundle(textTable(columns, rows, 100), htmlTable(columns, rows.map(shown))) };
}

/**
 * The given values of the variables that the cell declares. Others are ignored, since they may be for another
 * cell.
 */
function givenParameters(body: string): Map<string, unknown> {
  const text = process.env.SECOP_LAB_PARAMETERS;
  if (text === undefined) return new Map();
  const declared = initialValues(body);
  return new Map(Object.entries(parametersFrom(text)).filter(([name]) => declared.has(name)));
}

function parametersFrom(text: string): object {
  try {
    const given: unknown = JSON.parse(text);
    if (typeof given === "object" && given !== null && !Array.isArray(given)) return given;
  } catch {
    // Malformed JSON gets the same error as other values, below.
  }
  throw new UsageError(
    `the environment variable SECOP_LAB_PARAMETERS is not a JSON object such as {"temperature": 7}: ${text}`,
  );
}
