/**
 * The protocols of bluesky as types: what a device must offer to take part in a plan, the messages that plans
 * yield, and the step that a plan takes at this moment.
 *
 * Nothing here is special to a control system, and this chapter uses nothing but the ground floor. Begin
 * reading with `protocols`.
 */

export { announceSource, type DataSource, dataSources, type SourceIdentity } from "./dataSources";
export type { DataValue, NumberArray } from "./dataValue";
export {
  checkDisconnectPolicy,
  type DisconnectPolicy,
  disconnectLimit,
  type LostConnection,
  lostConnectionOf,
  type MayLoseConnection,
} from "./lostConnection";
export { Msg, type Plan } from "./msg";
export type { NotInferred } from "./notInferred";
export { currentStep, duringStep, forgetStep, type PlanStep } from "./planStep";
export {
  type ActionResult,
  type Checkable,
  type Collectable,
  type Configurable,
  type DataKey,
  type DataKeys,
  type Flyable,
  type HasHints,
  type HasName,
  type HasParent,
  type Hints,
  hasHints,
  isCheckable,
  isCollectable,
  isConfigurable,
  isFlyable,
  isLocatable,
  isMovable,
  isPausable,
  isPreparable,
  isReadable,
  isStageable,
  isStatus,
  isStoppable,
  isSubscribable,
  isTriggerable,
  type LimitRange,
  type Locatable,
  type Location,
  type Movable,
  type Pausable,
  type Preparable,
  type Readable,
  type Reading,
  type Readings,
  type SetOptions,
  type Stageable,
  type StatusLike,
  type Stoppable,
  type Subscribable,
  type SyncOrAsync,
  type Triggerable,
  type WatcherUpdate,
} from "./protocols";
export { STACKS_PER_PLAN, UnstartedPlans } from "./unstartedPlans";
