/** A number of a simulated node that follows another one, as a thermometer follows its cryostat. */

/** How a number follows its leader. */
export interface FollowBehaviour {
  /** `module:parameter` of the number that it follows. */
  readonly leader: string;
  /** Time constant in seconds with which it follows the leader; 0 follows at once. */
  readonly lag: number;
  /** Pairs of a value of the leader and one of the follower, by rising leader; at least two. */
  readonly points: readonly (readonly [leader: number, follower: number])[];
  /** Whether the relation goes on straight beyond the first and last pair; else it stays at their values. */
  readonly isStraight: boolean;
  /**
   * The factor of the amount that is added while the leader moves, as to the power of a heater in a ramp: the
   * amount is this factor times the distance of the leader from its lagging value. Default 0.
   */
  readonly whileMoving?: number;
}

/** The relation of a number that is the same as its leader. */
export const IDENTITY: Pick<FollowBehaviour, "points" | "isStraight"> = {
  points: [
    [0, 0],
    [1, 1],
  ],
  isStraight: true,
};

/**
 * The numbers of a node that others may follow, by `module:parameter`; a function returns undefined while
 * its value is not a number.
 */
export type LeaderNumbers = Map<string, () => number | undefined>;

/**
 * The value of a follower for the lagging value `x` of its leader, on a straight line between two pairs.
 */
export function followedValue(
  { points, isStraight }: Pick<FollowBehaviour, "points" | "isStraight">,
  x: number,
): number {
  let right = 1;
  while (right < points.length - 1 && (points[right]?.[0] ?? x) < x) right += 1;
  const [from, to] = [points[right - 1], points[right]];
  if (!from || !to) return points[0]?.[1] ?? 0;
  const part = (x - from[0]) / (to[0] - from[0]);
  return from[1] + (to[1] - from[1]) * (isStraight ? part : Math.min(1, Math.max(0, part)));
}

/** A follower while the node runs. */
export class FollowerNumber {
  readonly #behaviour: FollowBehaviour;
  readonly #leaders: LeaderNumbers;
  /** The lagging value of the leader; undefined before the first step. */
  #lagging: number | undefined;

  constructor(behaviour: FollowBehaviour, leaders: LeaderNumbers) {
    this.#behaviour = behaviour;
    this.#leaders = leaders;
  }

  /** Lets seconds pass. */
  step(seconds: number): void {
    const leader = this.#leader();
    if (leader === undefined) return;
    const { lag } = this.#behaviour;
    const before = this.#lagging ?? leader;
    this.#lagging = lag > 0 ? leader + (before - leader) * Math.exp(-seconds / lag) : leader;
  }

  /** The number without noise; undefined while the leader is not a number. */
  get value(): number | undefined {
    const leader = this.#leader();
    if (leader === undefined) return undefined;
    const { lag, whileMoving = 0 } = this.#behaviour;
    const x = lag > 0 ? (this.#lagging ?? leader) : leader;
    return followedValue(this.#behaviour, x) + whileMoving * (leader - x);
  }

  #leader(): number | undefined {
    return this.#leaders.get(this.#behaviour.leader)?.();
  }
}
