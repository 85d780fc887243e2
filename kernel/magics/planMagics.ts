/**
 * The magics `%mov`, `%movr`, `%ct` and `%wa`; their arguments are TypeScript expressions, which are
 * type-checked.
 */

import { UsageError } from "../../lib/errors";
import { splitArguments } from "./magicArguments";
import type { LineMagic, MagicCompletion, MagicContext } from "./magicRegistry";
import { LAB, RUNTIME } from "./magicRuntime";
import { devicesAmong, movablePaths, readablePaths } from "./whereAll";

export const movMagic = mover(
  "mov",
  "mv",
  "Moves devices to positions and waits until all have arrived: %mov cryo.cryo 10 magnet 2.",
);
export const movrMagic = mover(
  "movr",
  "mvr",
  "Moves devices by distances from their present positions: %movr motor -0.5.",
);

export const setposMagic: LineMagic = {
  kind: "line",
  name: "setpos",
  usage: "%setpos DEVICE [POSITION]",
  help: "Gives another number to the present position of a device, 0 if none is given; nothing moves.",
  expressions: true,
  expand: (args, context) => {
    const [device, position = "0", ...more] = splitArguments(args);
    if (device === undefined || more.length > 0) {
      throw new UsageError("%setpos takes a device and maybe a number, for instance: %setpos motor 0");
    }
    return `${planText(context, `${LAB}.setCurrentPosition(${device}, ${position})`)} ${whereText([device])}`;
  },
  complete: (text, { values }) => completePath(text, /\s/.test(text.trim()) ? [] : movablePaths(values)),
};

export const ctMagic: LineMagic = {
  kind: "line",
  name: "ct",
  usage: "%ct [DETECTOR ...]",
  help: "Counts once: a run with one reading of the detectors, or of all devices of the notebook if none is named.",
  expressions: true,
  expand: (args, context) => {
    const detectors = splitArguments(args);
    const all = detectors.length > 0 ? detectors : [...devicesAmong(context.values).keys()];
    if (all.length === 0) throw new UsageError("there is nothing to count: name a detector, or %connect a node first");
    return planText(context, `${LAB}.count([${all.join(", ")}])`);
  },
  complete: (text, { values }) => completePath(text, readablePaths(values)),
};

export const waMagic: LineMagic = {
  kind: "line",
  name: "wa",
  usage: "%wa [DEVICE ...]",
  help: "Where all: positions, targets and status of the devices, or of all devices of the notebook if none is named.",
  expressions: true,
  expand: (args, context) => {
    const devices = splitArguments(args);
    const all = devices.length > 0 ? devices : [...devicesAmong(context.values).keys()];
    return whereText(all);
  },
  complete: (text, { values }) => completePath(text, [...devicesAmong(values).keys(), ...movablePaths(values)]),
};

function mover(name: string, stub: string, help: string): LineMagic {
  return {
    kind: "line",
    name,
    usage: `%${name} DEVICE ${name === "mov" ? "POSITION" : "DISTANCE"} ...`,
    help,
    expressions: true,
    expand: (args, context) => {
      const words = splitArguments(args);
      if (words.length === 0 || words.length % 2 !== 0) {
        throw new UsageError(`%${name} takes pairs of a device and a number, for instance: %${name} motor 1.5`);
      }
      const devices = words.filter((_, i) => i % 2 === 0);
      return `${planText(context, `${LAB}.${stub}(${words.join(", ")})`)} ${whereText(devices)}`;
    },
    complete: (text, { values }) => {
      const isDevice = text.trim().split(/\s+/).length % 2 === (/\s$/.test(text) ? 0 : 1);
      return completePath(text, isDevice || text.trim() === "" ? movablePaths(values) : []);
    },
  };
}

/** TypeScript that shows the positions of the devices. */
function whereText(devices: readonly string[]): string {
  const record = [...new Set(devices)].map((device) => `${JSON.stringify(device)}: ${device}`).join(", ");
  return `await ${RUNTIME}.whereAll({ ${record} });`;
}

/** Completes a path such as `cryo.sensor` from its last dot on. */
function completePath(text: string, paths: readonly string[]): MagicCompletion {
  const word = /[^\s,]*$/.exec(text)?.[0] ?? "";
  const known = word.lastIndexOf(".") + 1;
  const matches = [...new Set(paths)].filter((path) => path.startsWith(word)).map((path) => path.slice(known));
  return { length: word.length - known, matches };
}

/**
 * TypeScript that runs a plan on the notebook's RunEngine, or else on a new one, which it declares as `RE`.
 */
function planText({ values }: MagicContext, plan: string): string {
  const existing = [...values].find(([, value]) => isRunEngine(value))?.[0];
  return existing === undefined
    ? `const RE = ${LAB}.createRunEngine(); await RE(${plan});`
    : `await ${existing}(${plan});`;
}

function isRunEngine(value: unknown): boolean {
  return typeof value === "function" && "documents$" in value && "resume" in value;
}
