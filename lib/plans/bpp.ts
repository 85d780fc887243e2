/** Preprocessors: change plans, as in bluesky's `preprocessors`. */
export {
  type Contingency,
  contingencyWrapper,
  finalizeWrapper,
  type PlanOrMaker,
} from "./preprocessors/contingencyWrapper";
export * from "./preprocessors/decorators";
export {
  baselineWrapper,
  configureCountTimeWrapper,
  flyDuringWrapper,
  gateWrapper,
  type HasCountTime,
  lazilyStageWrapper,
  monitorDuringWrapper,
  type Subscriptions,
  subsWrapper,
  suspendWrapper,
} from "./preprocessors/insertWrappers";
export {
  injectMdWrapper,
  printSummaryWrapper,
  setRunKeyWrapper,
  stubWrapper,
  tolerantReadWrapper,
} from "./preprocessors/messageWrappers";
export { type Mutation, msgMutator, pchain, planMutator } from "./preprocessors/mutators";
export { relativeSetWrapper, resetPositionsWrapper } from "./preprocessors/relativeWrappers";
export { rewindableWrapper } from "./preprocessors/rewindableWrapper";
export { runWrapper } from "./preprocessors/runWrapper";
export { stageWrapper } from "./preprocessors/stageWrapper";
export { SupplementalData } from "./preprocessors/supplementalData";
