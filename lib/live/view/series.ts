/** A line of any number of points in bounded memory. */

/**
 * The largest number of points that a series keeps, 4 MB of them; when there are more, neighbours are merged.
 */
const CAPACITY = 1 << 18;

/**
 * The points of a line as two columns, in the order in which they
 * came. Only the first `length` entries count.
 */
export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly length: number;
}

/**
 * A line that takes any number of points and keeps its outline in bounded memory. When it is full, each two
 * neighbouring buckets are merged into one, which holds their lowest and highest point.
 */
export class Series {
  #x = new Float64Array(64);
  #y = new Float64Array(64);
  #length = 0;
  /** The number of points that came. */
  #count = 0;
  /** The index of the first point, since a field may be measured from the middle of a run on. */
  #first = 0;
  /** Whether the indices have counted up without a gap, so that a point is found by its index. */
  #counting = true;
  /** How many points came for each bucket of two kept ones; 1 means that every point is kept. */
  #stride = 1;
  /** The bucket that is being filled: the number of its points, and the lowest and highest of them. */
  #filled = 0;
  #lowX = 0;
  #lowY = 0;
  #highX = 0;
  #highY = 0;
  #highFirst = false;

  /** The number of points that came, including those that were merged. */
  get count(): number {
    return this.#count;
  }

  /** Adds a point at the end. */
  append(x: number, y: number): void {
    this.#count += 1;
    if (this.#stride === 1) {
      this.#push(x, y);
      return;
    }
    if (this.#filled === 0) this.#begin(x, y);
    else this.#extend(x, y);
    if (++this.#filled === this.#stride) this.#flush();
  }

  /**
   * Sets the point of number `index`, which is the next one or an earlier one. An earlier one that has been
   * merged already, or cannot be found since numbers are missing, stays, and the point is added at the end.
   */
  put(index: number, x: number, y: number): void {
    if (this.#count === 0) this.#first = index;
    const at = index - this.#first;
    if (at > this.#count || at < 0) this.#counting = false;
    if (at >= this.#count || this.#stride > 1 || !this.#counting) {
      this.append(x, y);
      return;
    }
    this.#x[at] = x;
    this.#y[at] = y;
  }

  /**
   * The kept points, including those of the unfinished bucket. These are live
   * arrays: use them before the next point comes.
   */
  points(): Points {
    if (this.#filled === 0) return { x: this.#x, y: this.#y, length: this.#length };
    const end = this.#length;
    this.#grow(end + 2);
    this.#write(end);
    return { x: this.#x, y: this.#y, length: end + 2 };
  }

  #push(x: number, y: number): void {
    this.#grow(this.#length + 1);
    this.#x[this.#length] = x;
    this.#y[this.#length] = y;
    this.#length += 1;
    if (this.#length === CAPACITY) this.#merge(4);
  }

  #begin(x: number, y: number): void {
    this.#lowX = this.#highX = x;
    this.#lowY = this.#highY = y;
    this.#highFirst = false;
  }

  #extend(x: number, y: number): void {
    if (y < this.#lowY || Number.isNaN(this.#lowY)) {
      this.#lowX = x;
      this.#lowY = y;
      this.#highFirst = true;
    }
    if (y > this.#highY || Number.isNaN(this.#highY)) {
      this.#highX = x;
      this.#highY = y;
      this.#highFirst = false;
    }
  }

  #flush(): void {
    this.#grow(this.#length + 2);
    this.#write(this.#length);
    this.#length += 2;
    this.#filled = 0;
    if (this.#length >= CAPACITY) this.#merge(4);
  }

  #write(at: number): void {
    const [first, second] = this.#highFirst ? [at + 1, at] : [at, at + 1];
    this.#x[first] = this.#lowX;
    this.#y[first] = this.#lowY;
    this.#x[second] = this.#highX;
    this.#y[second] = this.#highY;
  }

  /**
   * Merges each `size` kept points into a bucket of two. The first merge makes buckets out of single points.
   */
  #merge(size: number): void {
    const kept = decimate({ x: this.#x, y: this.#y, length: this.#length }, this.#length / size);
    this.#x.set(kept.x.subarray(0, kept.length));
    this.#y.set(kept.y.subarray(0, kept.length));
    this.#length = kept.length;
    this.#stride = this.#stride === 1 ? size : this.#stride * 2;
  }

  #grow(length: number): void {
    if (length <= this.#x.length) return;
    const x = new Float64Array(Math.max(length, 2 * this.#x.length));
    const y = new Float64Array(x.length);
    x.set(this.#x);
    y.set(this.#y);
    this.#x = x;
    this.#y = y;
  }
}

/**
 * The outline of a line: the lowest and highest point of each of `buckets` equal pieces, in their order. A
 * line with no more points than that is returned as it is.
 */
export function decimate(points: Points, buckets: number): Points {
  const { x, y, length } = points;
  if (length <= 2 * buckets) return points;
  const out = { x: new Float64Array(2 * buckets), y: new Float64Array(2 * buckets), length: 2 * buckets };
  for (let bucket = 0; bucket < buckets; bucket++) {
    const begin = Math.floor((bucket * length) / buckets);
    const end = Math.floor(((bucket + 1) * length) / buckets);
    let low = begin;
    let high = begin;
    for (let i = begin + 1; i < end; i++) {
      const value = y[i] as number;
      if (value < (y[low] as number) || Number.isNaN(y[low])) low = i;
      if (value > (y[high] as number) || Number.isNaN(y[high])) high = i;
    }
    const [first, second] = low < high ? [low, high] : [high, low];
    out.x[2 * bucket] = x[first] as number;
    out.y[2 * bucket] = y[first] as number;
    out.x[2 * bucket + 1] = x[second] as number;
    out.y[2 * bucket + 1] = y[second] as number;
  }
  return out;
}

/** The points of which both numbers are finite. */
export function finitePoints(points: Points): Points {
  const { x, y, length } = points;
  const out = { x: new Float64Array(length), y: new Float64Array(length), length: 0 };
  for (let i = 0; i < length; i++) {
    if (!Number.isFinite(y[i]) || !Number.isFinite(x[i])) continue;
    out.x[out.length] = x[i] as number;
    out.y[out.length] = y[i] as number;
    out.length += 1;
  }
  return out;
}
