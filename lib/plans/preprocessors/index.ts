/**
 * Preprocessors: they take a plan and return a changed one, as in bluesky's `preprocessors`. They use stubs,
 * and no scans. Begin with mutators.ts, of which most others are made; decorators.ts lists them all.
 */

export { baselineWrapper } from "./baselineWrapper";
export { configureCountTimeWrapper, type HasCountTime } from "./configureCountTimeWrapper";
export {
  type Contingency,
  contingencyWrapper,
  finalizeWrapper,
  type PlanOrMaker,
} from "./contingencyWrapper";
export {
  baselineDecorator,
  configureCountTimeDecorator,
  contingencyDecorator,
  finalizeDecorator,
  flyDuringDecorator,
  gateDecorator,
  injectMdDecorator,
  lazilyStageDecorator,
  makeDecorator,
  monitorDuringDecorator,
  printSummaryDecorator,
  relativeSetDecorator,
  resetPositionsDecorator,
  rewindableDecorator,
  runDecorator,
  setRunKeyDecorator,
  stageDecorator,
  stubDecorator,
  subsDecorator,
  suspendDecorator,
  tolerantReadDecorator,
} from "./decorators";
export { flyDuringWrapper, monitorDuringWrapper } from "./duringWrappers";
export { gateWrapper } from "./gateWrapper";
export { lazilyStageWrapper } from "./lazilyStageWrapper";
export { injectMdWrapper, setRunKeyWrapper, tolerantReadWrapper } from "./messageWrappers";
export { type Mutation, msgMutator, pchain, planMutator } from "./mutators";
export { printSummaryWrapper } from "./printSummaryWrapper";
export { relativeSetWrapper, resetPositionsWrapper } from "./relativeWrappers";
export { rewindableWrapper } from "./rewindableWrapper";
export { runWrapper } from "./runWrapper";
export { stageWrapper } from "./stageWrapper";
export { stubWrapper } from "./stubWrapper";
export { subsWrapper } from "./subsWrapper";
export { SupplementalData } from "./supplementalData";
export { suspendWrapper } from "./suspendWrapper";
