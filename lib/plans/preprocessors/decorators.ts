/**
 * The wrappers as decorators: `stageDecorator([det])(myPlan)` is a plan
 * function that wraps each plan of `myPlan`.
 */

import type { Plan } from "../../core/protocols/msg";
import type { Subscriptions } from "../../engine/documents/subscriptions";
import { baselineWrapper } from "./baselineWrapper";
import { configureCountTimeWrapper } from "./configureCountTimeWrapper";
import { contingencyWrapper, finalizeWrapper } from "./contingencyWrapper";
import { flyDuringWrapper, monitorDuringWrapper } from "./duringWrappers";
import { gateWrapper } from "./gateWrapper";
import { lazilyStageWrapper } from "./lazilyStageWrapper";
import { injectMdWrapper, setRunKeyWrapper, tolerantReadWrapper } from "./messageWrappers";
import { printSummaryWrapper } from "./printSummaryWrapper";
import { relativeSetWrapper, resetPositionsWrapper } from "./relativeWrappers";
import { rewindableWrapper } from "./rewindableWrapper";
import { runWrapper } from "./runWrapper";
import { stageWrapper } from "./stageWrapper";
import { stubWrapper } from "./stubWrapper";
import { subsWrapper } from "./subsWrapper";
import { suspendWrapper } from "./suspendWrapper";

type PlanFunction = (...args: never) => Plan;

/**
 * Makes a decorator of a wrapper. Each call of the decorated function makes a new plan; the other arguments
 * of the wrapper are the same for all calls.
 */
export function makeDecorator<A extends readonly unknown[], R>(wrapper: (inner: Plan<never>, ...args: A) => Plan<R>) {
  return (...args: A) =>
    // A wrapper returns what its plan returns, so the decorated
    // function has the type of the one it decorates.
    <F extends PlanFunction>(make: F): F =>
      ((...inner: never) => wrapper(make(...inner) as Plan<never>, ...args)) as unknown as F;
}

/** Makes a decorator of a wrapper that returns something of its own instead of the plan's result. */
function makeReplacingDecorator<A extends readonly unknown[], R>(wrapper: (inner: Plan, ...args: A) => Plan<R>) {
  return (...args: A) =>
    <P extends readonly unknown[]>(make: (...args: P) => Plan): ((...args: P) => Plan<R>) =>
    (...inner: P) =>
      wrapper(make(...inner), ...args);
}

export const baselineDecorator = makeDecorator(baselineWrapper);
export const configureCountTimeDecorator = makeDecorator(configureCountTimeWrapper);
export const contingencyDecorator = makeDecorator(contingencyWrapper);
/** Takes the final plan as a function, since it is made anew for each call. */
export const finalizeDecorator = makeDecorator((inner: Plan<never>, finalPlan: () => Plan) =>
  finalizeWrapper(inner, finalPlan),
);
export const flyDuringDecorator = makeDecorator(flyDuringWrapper);
export const gateDecorator = makeDecorator(gateWrapper);
export const injectMdDecorator = makeDecorator(injectMdWrapper);
export const lazilyStageDecorator = makeDecorator(lazilyStageWrapper);
export const monitorDuringDecorator = makeDecorator(monitorDuringWrapper);
export const printSummaryDecorator = makeDecorator(printSummaryWrapper);
export const relativeSetDecorator = makeDecorator(relativeSetWrapper);
export const resetPositionsDecorator = makeDecorator(resetPositionsWrapper);
export const rewindableDecorator = makeDecorator(rewindableWrapper);
export const runDecorator = makeReplacingDecorator(runWrapper);
export const setRunKeyDecorator = makeDecorator(setRunKeyWrapper);
export const stageDecorator = makeDecorator(stageWrapper);
export const stubDecorator = makeReplacingDecorator(stubWrapper);
export const subsDecorator = makeDecorator<[subscriptions: Subscriptions], unknown>(subsWrapper);
export const suspendDecorator = makeDecorator(suspendWrapper);
export const tolerantReadDecorator = makeDecorator(tolerantReadWrapper);
