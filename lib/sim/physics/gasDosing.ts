/** The physics of gas dosing: mass flow controllers, and a unit that runs recipes on them. */

/** Full scale of a controller in ml/min. */
export const FULL_SCALE = 100;
/** Time constant of a controller in s. */
const LAG = 2;
/** Deviation in ml/min that still counts as reached. */
const TOLERANCE = 0.5;
/** Deviation in ml/min below which the valve no longer moves. */
const RESOLUTION = 0.001;
/** Duration of one shot of a recipe in s. */
const SHOT_TIME = 10;

/** A valve that keeps a flow. */
export class FlowController {
  /** Present flow in ml/min. */
  flow = 0;
  /** Wanted flow in ml/min. */
  target = 0;

  /** Whether the flow is at its target. */
  get settled(): boolean {
    return Math.abs(this.flow - this.target) <= TOLERANCE;
  }

  /** Lets `dt` seconds pass. */
  advance(dt: number): void {
    this.flow += (this.target - this.flow) * (1 - Math.exp(-dt / LAG));
    if (Math.abs(this.flow - this.target) < RESOLUTION) this.flow = this.target;
  }
}

/** One step of a recipe: a flow of one gas for a time. */
interface RecipeStep {
  readonly controller: FlowController;
  readonly flow: number;
  /** Remaining time in s. */
  seconds: number;
}

/** Runs recipes step by step. */
export class DosingUnit {
  readonly #controllers: ReadonlyMap<string, FlowController>;
  #steps: RecipeStep[] = [];

  constructor(controllers: ReadonlyMap<string, FlowController>) {
    this.#controllers = controllers;
  }

  /** Whether a recipe runs. */
  get busy(): boolean {
    return this.#steps.length > 0;
  }

  /** The sum of all flows in ml/min. */
  get totalFlow(): number {
    return this.#all.reduce((sum, controller) => sum + controller.flow, 0);
  }

  /** Starts growing shots of each gas, sorted by their names if `sorted`. Returns the number of steps. */
  dose(shots: number, sorted: boolean): number {
    const names = [...this.#controllers.keys()];
    if (sorted) names.sort();
    const shares = Array.from({ length: shots }, (_, n) => (n + 1) / shots);
    this.#steps = names.flatMap((name) => shares.flatMap((share) => this.#step(name, FULL_SCALE * share, SHOT_TIME)));
    return this.#steps.length;
  }

  /** Flushes with one gas after the other at full flow, for `seconds` in total. */
  purge(seconds: number): void {
    const each = seconds / this.#controllers.size;
    this.#steps = [...this.#controllers.keys()].flatMap((name) => this.#step(name, FULL_SCALE, each));
  }

  /** Ends the recipe and closes all controllers. */
  close(): void {
    this.#steps = [];
    for (const controller of this.#all) controller.target = 0;
  }

  /** Lets `dt` seconds pass. */
  advance(dt: number): void {
    const step = this.#steps[0];
    if (!step) return;
    step.controller.target = step.flow;
    step.seconds -= dt;
    if (step.seconds > 0) return;
    step.controller.target = 0;
    this.#steps.shift();
  }

  #step(name: string, flow: number, seconds: number): RecipeStep[] {
    const controller = this.#controllers.get(name);
    return controller ? [{ controller, flow, seconds }] : [];
  }

  get #all(): FlowController[] {
    return [...this.#controllers.values()];
  }
}
