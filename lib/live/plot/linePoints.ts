/** The points of the lines of one run. */

import type { RunStart } from "../../engine/documents/documents";
import type { EventHandler } from "../view/runRouter";
import { type Points, Series } from "../view/series";
import { StateSeries } from "../view/stateSeries";
import { numeric, type StreamField, valueIn } from "../view/streamFields";
import { positionIn } from "./lineAxis";
import type { LineOptions, PlotAxes } from "./lineOptions";

/** A field whose numbers are a line, with the errors of its points. */
interface FieldLine {
  readonly field: StreamField;
  readonly series: Series;
  readonly error: { readonly field: StreamField; readonly series: Series } | undefined;
}

/** A field whose words are a band. */
interface FieldBand {
  readonly field: StreamField;
  readonly states: StateSeries;
}

/** Keeps the points of each field. Taking an event costs a few assignments. */
export class LinePoints {
  readonly #positionOf: ReturnType<typeof positionIn>;
  readonly #lines = new Map<string, FieldLine>();
  readonly #bands = new Map<string, FieldBand>();
  #count = 0;

  constructor(start: RunStart, axes: PlotAxes, errors: LineOptions["errors"]) {
    this.#positionOf = positionIn(axes.x, start);
    this.add(axes, errors);
  }

  /** Adds the fields that it does not have yet: they are known from the next `handler` on. */
  add({ fields, states = [] }: Pick<PlotAxes, "fields" | "states">, errors: LineOptions["errors"]): void {
    for (const field of fields) {
      if (this.#lines.has(field.key)) continue;
      const errorField =
        errors instanceof Map ? (errors as ReadonlyMap<string, StreamField>).get(field.key) : undefined;
      const error = errorField && { field: errorField, series: new Series() };
      this.#lines.set(field.key, { field, series: new Series(), error });
    }
    for (const field of states)
      if (!this.#bands.has(field.key)) this.#bands.set(field.key, { field, states: new StateSeries() });
  }

  /** The number of points that came. */
  get count(): number {
    return this.#count;
  }

  /** The fields with numbers. */
  get fields(): StreamField[] {
    return Array.from(this.#lines.values(), ({ field }) => field);
  }

  /** The fields with words, each with its stretches of the same word. */
  get bands(): readonly FieldBand[] {
    return [...this.#bands.values()];
  }

  /** All points of a field, as far as they are kept; none of a field that has no numbers. */
  points(key: string): Points {
    return (this.#lines.get(key)?.series ?? new Series()).points();
  }

  /** One standard deviation of each of these points, as far as the run has them. */
  errors(key: string): Points | undefined {
    return this.#lines.get(key)?.error?.series.points();
  }

  /** The function that takes the events of one descriptor. @param changed called after each event */
  handler(changed: () => void): EventHandler {
    const positionOf = this.#positionOf;
    const lines = [...this.#lines.values()];
    const bands = [...this.#bands.values()];
    const errors = lines.flatMap(({ error }) => error ?? []);
    return (event) => {
      const x = positionOf(event);
      const at = event.seq_num - 1;
      for (const { field, series } of lines) {
        series.put(at, x, numeric(field.value ? field.value(event.data) : event.data[field.key]));
      }
      for (const { field, states } of bands) states.add(x, valueIn(field, event.data));
      for (const { field, series } of errors) series.put(at, x, numeric(valueIn(field, event.data)));
      if (event.seq_num > this.#count) this.#count = event.seq_num;
      changed();
    };
  }
}
