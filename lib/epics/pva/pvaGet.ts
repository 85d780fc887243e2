/** The reads of a channel, which share one operation. */

import { EpicsError } from "../epicsError";
import { BitSet } from "./bitSet";
import { PvaCommand } from "./pvaMessage";
import { type CreatedChannel, PvaOperation } from "./pvaOperation";
import type { PvaReader } from "./pvaReader";
import { type PvStructure, readChanges, readValue, unsetStructure } from "./pvData";
import type { PvField, StructureField } from "./pvField";
import { readPvType } from "./pvFieldCodec";

/** A value with its type. */
export interface PvValue {
  readonly type: StructureField;
  readonly value: PvStructure;
  /** The identity of the channel at its server: another object after each reconnection. */
  readonly session: object;
}

/** An operation that has begun, with the type that the server announced for it. */
interface BegunGet {
  readonly operation: PvaOperation;
  readonly type: StructureField;
  /** The value before any field was set. */
  readonly unset: PvStructure;
}

/** Reads the value of one channel. */
export class PvaGet {
  readonly #channel: CreatedChannel;
  readonly #name: string;
  readonly #fields: readonly string[];
  #begun: Promise<BegunGet> | undefined;
  #operation: PvaOperation | undefined;
  #running: Promise<PvValue> | undefined;
  #next: Promise<PvValue> | undefined;
  /** The reads that wait for a value, one object each. */
  readonly #readers = new Set<object>();

  /** @param fields the names of the fields to read; an empty list means all fields. */
  constructor(channel: CreatedChannel, name: string, fields: readonly string[]) {
    this.#channel = channel;
    this.#name = name;
    this.#fields = fields;
  }

  /**
   * Asks for the value as it is now. Reads that begin while the server answers share the next request,
   * since the present answer may be older than they are.
   */
  async read(signal?: AbortSignal): Promise<PvValue> {
    const reader = {};
    this.#readers.add(reader);
    const givenUp = () => {
      this.#readers.delete(reader);
      // Without readers the operation ends, so that later reads do not wait for a server that does not
      // answer.
      if (this.#readers.size === 0) this.end();
    };
    signal?.addEventListener("abort", givenUp, { once: true });
    try {
      return await this.#shared();
    } finally {
      signal?.removeEventListener("abort", givenUp);
      this.#readers.delete(reader);
    }
  }

  /** Ends the operation; a later read begins it again. */
  end(): void {
    this.#operation?.end();
    this.#operation = undefined;
    this.#begun = undefined;
  }

  #shared(): Promise<PvValue> {
    if (!this.#running) return this.#run();
    const next = () => this.#runNext();
    this.#next ??= this.#running.then(next, next);
    return this.#next;
  }

  /** Sends no request if all readers have given up, since nothing would end a request without an answer. */
  #runNext(): Promise<PvValue> {
    if (this.#readers.size > 0) return this.#run();
    this.#next = undefined;
    return Promise.reject(new EpicsError(`cannot read ${this.#name}: it was given up`));
  }

  #run(): Promise<PvValue> {
    this.#next = undefined;
    const running = this.#ask();
    this.#running = running;
    const over = () => {
      if (this.#running === running) this.#running = undefined;
    };
    running.then(over, over);
    return running;
  }

  async #ask(): Promise<PvValue> {
    this.#begun ??= this.#begin();
    const { operation, type, unset } = await this.#begun.catch((error: unknown) => {
      this.end();
      throw error;
    });
    const value = await operation.ask(
      0,
      () => {},
      (from) => readAnswer(from, type, unset),
    );
    return { type, value, session: this.#channel };
  }

  async #begin(): Promise<BegunGet> {
    const tried = `cannot read ${this.#name}`;
    const operation = new PvaOperation(PvaCommand.get, this.#channel, tried);
    this.#operation = operation;
    const type = await operation.init({ fields: this.#fields }, (from) => readType(from, tried));
    return { operation, type, unset: unsetStructure(type) };
  }
}

/**
 * The type of a channel's value.
 *
 * @throws EpicsError if it is not a structure, as every channel should have.
 */
export function readType(from: PvaReader, tried: string): StructureField {
  const type: PvField | undefined = readPvType(from);
  if (type?.kind === "structure") return type;
  throw new EpicsError(`${tried}: the server does not describe it as a structure`);
}

function readAnswer(from: PvaReader, type: StructureField, unset: PvStructure): PvStructure {
  const changed = BitSet.read(from);
  // The fields that a server does not send have never been set.
  return changed.has(0)
    ? (readValue(from, type) as PvStructure)
    : (readChanges(from, type, changed, unset) as PvStructure);
}
