/**
 * The wrappers as decorators: `stageDecorator([det])(myPlan)` is a plan
 * function that wraps each plan of `myPlan`.
 */

import type { Plan } from "../../core/protocols/msg";
import type { Subscriptions } from "../../engine/documents/subscriptions";
import { checkMaker } from "../arguments/valueArguments";
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

/** `baselineWrapper` for each plan that the decorated function makes. */
export const baselineDecorator = makeDecorator(baselineWrapper);
/** `configureCountTimeWrapper` for each plan that the decorated function makes. */
export const configureCountTimeDecorator = makeDecorator(configureCountTimeWrapper);
/** `contingencyWrapper` for each plan that the decorated function makes. */
export const contingencyDecorator = makeDecorator(contingencyWrapper);
/** Takes the final plan as a function, since it is made anew for each call. */
export const finalizeDecorator = makeDecorator((inner: Plan<never>, finalPlan: () => Plan) => {
  checkMaker("finalizeDecorator", { finalPlan });
  return finalizeWrapper(inner, finalPlan);
});
/** `flyDuringWrapper` for each plan that the decorated function makes. */
export const flyDuringDecorator = makeDecorator(flyDuringWrapper);
/** `gateWrapper` for each plan that the decorated function makes. */
export const gateDecorator = makeDecorator(gateWrapper);
/** `injectMdWrapper` for each plan that the decorated function makes. */
export const injectMdDecorator = makeDecorator(injectMdWrapper);
/** `lazilyStageWrapper` for each plan that the decorated function makes. */
export const lazilyStageDecorator = makeDecorator(lazilyStageWrapper);
/** `monitorDuringWrapper` for each plan that the decorated function makes. */
export const monitorDuringDecorator = makeDecorator(monitorDuringWrapper);
/** `printSummaryWrapper` for each plan that the decorated function makes. */
export const printSummaryDecorator = makeDecorator(printSummaryWrapper);
/** `relativeSetWrapper` for each plan that the decorated function makes. */
export const relativeSetDecorator = makeDecorator(relativeSetWrapper);
/** `resetPositionsWrapper` for each plan that the decorated function makes. */
export const resetPositionsDecorator = makeDecorator(resetPositionsWrapper);
/** `rewindableWrapper` for each plan that the decorated function makes. */
export const rewindableDecorator = makeDecorator(rewindableWrapper);
/** `runWrapper` for each plan that the decorated function makes. */
export const runDecorator = makeReplacingDecorator(runWrapper);
/** `setRunKeyWrapper` for each plan that the decorated function makes. */
export const setRunKeyDecorator = makeDecorator(setRunKeyWrapper);
/** `stageWrapper` for each plan that the decorated function makes. */
export const stageDecorator = makeDecorator(stageWrapper);
/** `stubWrapper` for each plan that the decorated function makes. */
export const stubDecorator = makeReplacingDecorator(stubWrapper);
/** `subsWrapper` for each plan that the decorated function makes. */
export const subsDecorator = makeDecorator<[subscriptions: Subscriptions], unknown>(subsWrapper);
/** `suspendWrapper` for each plan that the decorated function makes. */
export const suspendDecorator = makeDecorator(suspendWrapper);
/** `tolerantReadWrapper` for each plan that the decorated function makes. */
export const tolerantReadDecorator = makeDecorator(tolerantReadWrapper);
