/** Moves a motor step by step under the user's eyes. */

import { Msg, type Plan } from "../../core/protocols/msg";
import { isTriggerable, type Readable, type Readings } from "../../core/protocols/protocols";
import type { OptionNames } from "../../options";
import { checkDetector, checkMotor, type ReadableMotor } from "../arguments/deviceArguments";
import { checkGiven, namedArguments } from "../arguments/namedArguments";
import { checkField, checkNumbers, fieldValue } from "../arguments/valueArguments";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { deviceText, type MdOptions, motorDimensions, withMetadata } from "./planMetadata";

/** The arguments of `tweak` after the detector, by name. */
export interface NamedTweak extends MdOptions {
  /** Data key of the signal. */
  readonly targetField: string;
  readonly motor: ReadableMotor<number>;
  /** The first step, in the motor's unit. */
  readonly step: number;
}

/** By position, or all by name. */
export interface Tweak {
  (
    detector: Readable,
    targetField: string,
    motor: ReadableMotor<number>,
    step: number,
    options?: MdOptions,
  ): Plan<string>;
  (detector: Readable, options: NamedTweak): Plan<string>;
}

const REQUIRED = ["targetField", "motor", "step"] as const;
const NAMES: OptionNames<NamedTweak> = { targetField: true, motor: true, step: true, md: true };
const USAGE = 'tweak(detector, "signal", motor, step)';

/**
 * Moves a motor step by step and asks the user for the next step after each
 * reading. An answer that is not a number ends it.
 * @returns the run's uid
 */
export const tweak = plan("tweak", function* (detector: Readable, ...args: readonly unknown[]): Plan<string> {
  const { md: given, ...all } = namedArguments("tweak", args, REQUIRED, NAMES);
  checkDetector("tweak", "argument 1", detector);
  checkField("tweak", "targetField", all.targetField);
  checkMotor("tweak", 3, all.motor, USAGE);
  checkGiven("tweak", all, REQUIRED, USAGE);
  const { targetField, motor, step } = all;
  checkNumbers("tweak", { step });
  const md = withMetadata(
    {
      detectors: [detector.name],
      motors: [motor.name],
      plan_args: { detector: deviceText(detector), target_field: targetField, motor: deviceText(motor), step },
      plan_name: "tweak",
    },
    given,
    motorDimensions([motor]),
  );
  return yield* stageWrapper(runWrapper(askAndStep(detector, targetField, motor, step), { md }), [detector, motor]);
}) as Tweak;

function* askAndStep(detector: Readable, targetField: string, motor: ReadableMotor<number>, first: number): Plan<void> {
  for (let step = first; ; ) {
    yield Msg("create", null, [], { name: "primary" });
    const at = (yield Msg("read", motor)) as Readings | undefined;
    if (!at) return;
    const position = Number(Object.values(at)[0]?.value);
    if (isTriggerable(detector)) yield Msg("trigger", detector, [], { group: "A" });
    yield Msg("wait", null, ["A"]);
    const readings = (yield Msg("read", detector)) as Readings;
    const value = fieldValue("tweak", targetField, readings);
    yield Msg("save");
    const [at3, value3] = [Number(position.toPrecision(3)), Number(value.toPrecision(3))];
    const prompt = `${motor.name}, ${at3}, ${value3}, (${step}) `;
    const answer = (yield Msg("input", null, [], { prompt })) as string | undefined;
    if (answer) {
      step = Number(answer);
      if (Number.isNaN(step)) return;
    }
    yield Msg("set", motor, [position + step], { group: "A" });
    yield Msg("wait", null, ["A"]);
  }
}
