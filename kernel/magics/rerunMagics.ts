/** The magics `%record` and `%replay`: a notebook that runs again without its hardware. */

import { sizeText } from "../../lib/display/number";
import { formatDateTime } from "../../lib/display/time";
import {
  currentRecording,
  currentReplay,
  currentSimulation,
  startRecording,
  startReplay,
  UsageError,
  useCellGlobals,
} from "../../lib/index";
import { version } from "../installation";
import { splitArguments, takeMagicOptions, unquoted } from "./magicArguments";
import type { LineMagic, MagicContext } from "./magicRegistry";
import { defaultRecording } from "./notebookRecording";

const RECORD_OPTIONS = { flags: [], values: ["--redact", "--node"] };
const REPLAY_OPTIONS = { flags: ["--strict", "--simulate", "--summary"], values: [] };

/** For a recording that begins after the notebook has connected. */
const LATE =
  "the notebook has connected already: a replay knows what its nodes are now, not what came before. " +
  "To keep all, write %record in the first cell, above %connect";

/** `%record` records what the notebook and its nodes say from now on. */
export const recordMagic: LineMagic = {
  kind: "line",
  name: "record",
  usage: "%record [FILE] [--redact MODULE:PARAMETER,...] [--node HOST:PORT]   %record off",
  help: `Records what this notebook and its SEC nodes say from now on, in FILE (default: beside the notebook, NAME.rec).
Write it in the first cell, above %connect: a recording that begins later holds only what the nodes were by then. %replay FILE and  secop-lab run NAME.ipynb --replay  run the notebook again without the nodes.
With --redact, values are left out; %record off ends the recording.`,
  // It acts before any code of the cell runs, so that a %connect below it is recorded, too.
  expand: (args, context) => {
    const { positional, options } = takeMagicOptions(splitArguments(args), RECORD_OPTIONS);
    const [file] = positional;
    if (positional.length > 1) throw new UsageError(`write ${recordMagic.usage}`);
    if (file === "off") return endRecording(context);
    const replay = currentReplay();
    if (replay) {
      context.print(`${replay.path} is being replayed: nothing is recorded`);
      return NOTHING;
    }
    if (currentSimulation()) {
      context.print("nodes are simulated: nothing is recorded");
      return NOTHING;
    }
    const running = currentRecording();
    if (running && (file === undefined || unquoted(file) === running.path)) {
      context.print(`recording into ${running.path}, ${sizeText(running.bytes)} so far`);
      return NOTHING;
    }
    const redact = options.get("--redact")?.split(",") ?? [];
    const node = options.get("--node");
    useCellGlobals();
    const recording = startRecording(file === undefined ? defaultRecording() : unquoted(file), {
      redact,
      client: `secop-lab ${version}`,
      ...(node !== undefined && { nodes: [unquoted(node)] }),
    });
    context.print(`recording into ${recording.path} (%record off ends it)`);
    if (!recording.isLate) return NOTHING;
    context.print(LATE);
    return recording.ready.then(() => NOTHING);
  },
};

/** `%replay` replaces the nodes with a recording. */
export const replayMagic: LineMagic = {
  kind: "line",
  name: "replay",
  usage: "%replay [FILE] [--strict] [--simulate]   %replay off",
  help: `Replaces the SEC nodes with a recording (default: NAME.rec beside the notebook): the cells below get what was recorded, on recorded time.
Addresses in the notebook stay what they are, and no socket is opened. With --strict, reads that were not recorded are refused. With --simulate, the nodes are simulated from the first request on that was not recorded.
%replay again says what could be answered; %replay off goes back to real nodes, which must be connected anew.`,
  expand: (args, context) => {
    const { positional, options } = takeMagicOptions(splitArguments(args), REPLAY_OPTIONS);
    const [file] = positional;
    if (positional.length > 1) throw new UsageError(`write ${replayMagic.usage}`);
    const running = currentReplay();
    if (options.has("--summary")) return summary(context);
    if (file === "off") {
      if (!running) throw new UsageError("nothing is being replayed");
      running.stop();
      context.print(running.text);
      return NOTHING;
    }
    if (running && (file === undefined || unquoted(file) === running.path)) {
      context.print(running.text);
      return NOTHING;
    }
    useCellGlobals();
    const replay = startReplay(file === undefined ? defaultRecording() : unquoted(file), {
      strict: options.has("--strict"),
      simulateRest: options.has("--simulate"),
    });
    context.print(`replaying ${replay.path}, recorded ${formatDateTime(replay.recordedAt)} (%replay off ends it)`);
    return NOTHING;
  },
};

/** The text that does nothing: the magic has done all. */
const NOTHING = ";";

function endRecording(context: MagicContext): string {
  const running = currentRecording();
  const replay = currentReplay();
  if (!running && replay) {
    context.print(`${replay.path} is being replayed: nothing was recorded`);
    return NOTHING;
  }
  if (!running && currentSimulation()) {
    context.print("nodes are simulated: nothing was recorded");
    return NOTHING;
  }
  if (!running) throw new UsageError("nothing is being recorded");
  running.close();
  context.print(`recorded ${running.path}, ${sizeText(running.bytes)}`);
  return NOTHING;
}

/** Prints what a replay could answer; fails if something was refused. For `secop-lab run --replay`. */
function summary({ print }: MagicContext): string {
  const replay = currentReplay();
  if (!replay) throw new UsageError("nothing is being replayed");
  print(replay.text);
  if (replay.refused.length > 0) throw new UsageError(`refused: ${[...new Set(replay.refused)].join("; ")}`);
  return NOTHING;
}
