/** Points kept per series at most; beyond, neighbours are merged. */
const CAPACITY = 1 << 14;

/** Points of a line as two columns, in the order they came. */
export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly length: number;
}

/**
 * A line that may get any number of points and keeps its outline in bounded memory: when it is full, each two neighbouring buckets become one
 * that holds their lowest and highest point.
 */
export class Series {
  #x = new Float64Array(64);
  #y = new Float64Array(64);
  #length = 0;
  /** Points that came. */
  #count = 0;
  /** Points that came per bucket of two kept ones; 1: every point is kept. */
  #stride = 1;
  /** The bucket that fills: how many came, and its lowest and highest point. */
  #filled = 0;
  #lowX = 0;
  #lowY = 0;
  #highX = 0;
  #highY = 0;
  #highFirst = false;

  /** How many points came. */
  get count(): number {
    return this.#count;
  }

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

  /** Takes the point of number `index` (from 0): the next one, or again an earlier one. Where that is merged already, it is one more point. */
  put(index: number, x: number, y: number): void {
    if (index >= this.#count || this.#stride > 1) {
      this.append(x, y);
      return;
    }
    this.#x[index] = x;
    this.#y[index] = y;
  }

  /** What is kept, the unfinished bucket included. A view on live arrays: use it before the next point comes. */
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

  /** Buckets of `size` kept points become two points each. The first merge makes buckets of single points. */
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

/** The outline of a line in `buckets` equal pieces: of each its lowest and highest point in their order. Shorter lines come back as they are. */
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
