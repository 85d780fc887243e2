/** The wrappers as decorators: `stageDecorator([det])(myPlan)` is `myPlan` with the wrapper around each of its calls. */
import type { Plan } from "../../core/protocols/msg";
import { contingencyWrapper, finalizeWrapper } from "./contingencyWrapper";
import {
  baselineWrapper,
  configureCountTimeWrapper,
  flyDuringWrapper,
  gateWrapper,
  lazilyStageWrapper,
  monitorDuringWrapper,
  type Subscriptions,
  subsWrapper,
  suspendWrapper,
} from "./insertWrappers";
import {
  injectMdWrapper,
  printSummaryWrapper,
  setRunKeyWrapper,
  stubWrapper,
  tolerantReadWrapper,
} from "./messageWrappers";
import { relativeSetWrapper, resetPositionsWrapper } from "./relativeWrappers";
import { rewindableWrapper } from "./rewindableWrapper";
import { runWrapper } from "./runWrapper";
import { stageWrapper } from "./stageWrapper";

type PlanFunction = (...args: never) => Plan;

/** Makes a decorator of a wrapper. The plan is made anew for each call; the wrapper's other arguments are the same for all. */
export function makeDecorator<A extends readonly unknown[], R>(wrapper: (inner: Plan<never>, ...args: A) => Plan<R>) {
  return (...args: A) =>
    <F extends PlanFunction>(make: F): F =>
      ((...inner: never) => wrapper(make(...inner) as Plan<never>, ...args)) as unknown as F;
}

/** The same for wrappers that return something of their own instead of the plan's result. */
function makeReplacingDecorator<A extends readonly unknown[], R>(wrapper: (inner: Plan, ...args: A) => Plan<R>) {
  return (...args: A) =>
    <P extends readonly unknown[]>(make: (...args: P) => Plan): ((...args: P) => Plan<R>) =>
    (...inner: P) =>
      wrapper(make(...inner), ...args);
}

export const baselineDecorator = makeDecorator(baselineWrapper);
export const configureCountTimeDecorator = makeDecorator(configureCountTimeWrapper);
export const contingencyDecorator = makeDecorator(contingencyWrapper);
/** The final plan as a function: it is made anew for each call. */
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
