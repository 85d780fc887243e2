/** A gas dosing unit: mass flow controllers, and recipes that drive several of them in turn. */

/** ml/min, full scale of a controller. */
export const FULL_SCALE = 100;
/** s, time constant of a controller. */
const LAG = 2;
/** ml/min that still counts as reached. */
const TOLERANCE = 0.5;
/** ml/min: below it the valve does not move any more. */
const RESOLUTION = 0.001;
/** s, one shot of a recipe. */
const SHOT_TIME = 10;

export class FlowController {
  /** ml/min. */
  flow = 0;
  target = 0;

  get settled(): boolean {
    return Math.abs(this.flow - this.target) <= TOLERANCE;
  }

  advance(dt: number): void {
    this.flow += (this.target - this.flow) * (1 - Math.exp(-dt / LAG));
    if (Math.abs(this.flow - this.target) < RESOLUTION) this.flow = this.target;
  }
}

/** What a recipe does in one step: one gas for a while. */
interface Step {
  readonly controller: FlowController;
  readonly flow: number;
  /** s. */
  seconds: number;
}

export class DosingUnit {
  readonly #controllers: ReadonlyMap<string, FlowController>;
  #steps: Step[] = [];

  constructor(controllers: ReadonlyMap<string, FlowController>) {
    this.#controllers = controllers;
  }

  get busy(): boolean {
    return this.#steps.length > 0;
  }

  get totalFlow(): number {
    return this.#all.reduce((sum, controller) => sum + controller.flow, 0);
  }

  /** Doses `shots` growing shots of each gas, gas by gas, in order of their names if `sorted`; returns the number of steps. */
  dose(shots: number, sorted: boolean): number {
    const names = [...this.#controllers.keys()];
    if (sorted) names.sort();
    const shares = Array.from({ length: shots }, (_, n) => (n + 1) / shots);
    this.#steps = names.flatMap((name) => shares.flatMap((share) => this.#step(name, FULL_SCALE * share, SHOT_TIME)));
    return this.#steps.length;
  }

  /** Flushes with one gas after the other at full flow, `seconds` in all. */
  purge(seconds: number): void {
    const each = seconds / this.#controllers.size;
    this.#steps = [...this.#controllers.keys()].flatMap((name) => this.#step(name, FULL_SCALE, each));
  }

  /** Closes every controller; gives up what was going on. */
  close(): void {
    this.#steps = [];
    for (const controller of this.#all) controller.target = 0;
  }

  advance(dt: number): void {
    const step = this.#steps[0];
    if (!step) return;
    step.controller.target = step.flow;
    step.seconds -= dt;
    if (step.seconds > 0) return;
    step.controller.target = 0;
    this.#steps.shift();
  }

  #step(name: string, flow: number, seconds: number): Step[] {
    const controller = this.#controllers.get(name);
    return controller ? [{ controller, flow, seconds }] : [];
  }

  get #all(): FlowController[] {
    return [...this.#controllers.values()];
  }
}
