/** A subscription to a channel, for which the server sends the fields that change. */

import { EpicsError } from "../epicsError";
import { BitSet } from "./bitSet";
import { type PvValue, readType } from "./pvaGet";
import { Phase, PvaCommand } from "./pvaMessage";
import type { CreatedChannel } from "./pvaOperation";
import type { PvaReader } from "./pvaReader";
import { readStatus } from "./pvaStatus";
import type { PvaWriter } from "./pvaWriter";
import type { PvStructure } from "./pvData";
import { readChanges, unsetStructure } from "./pvData";
import type { StructureField } from "./pvField";
import { writeRequest } from "./pvRequest";

/** Receives a value, or the error that says why there is none. */
export type OnPvValue = (value: PvValue | EpicsError) => void;

/**
 * How the server sends frequent updates. Without a pipeline it sends them as fast as the network takes them,
 * and merges those that it cannot send.
 *
 * With a pipeline it never sends more than `pipeline` updates ahead of those that we have taken. Servers of
 * pvxs (1.5) then keep back the last updates of a burst until the next one, for any client.
 */
export interface MonitorOptions {
  readonly pipeline?: number | undefined;
}

/** One subscription, from its request to its end. */
export class PvaMonitor {
  readonly #channel: CreatedChannel;
  readonly #name: string;
  readonly #report: OnPvValue;
  readonly #id: number;
  readonly #pipeline: number | undefined;
  #type: StructureField | undefined;
  #value: PvStructure = {};
  #taken = 0;

  constructor(channel: CreatedChannel, name: string, report: OnPvValue, { pipeline }: MonitorOptions = {}) {
    this.#channel = channel;
    this.#name = name;
    this.#report = report;
    // `lost` does nothing, since the channel itself reports a loss to all its subscribers.
    this.#id = channel.connection.begin({ receive: (phase, from) => this.#receive(phase, from), lost: () => {} });
    this.#pipeline = pipeline;
    this.#send(pipeline === undefined ? Phase.init : Phase.init | Phase.pipeline, (to) => {
      if (pipeline === undefined) {
        writeRequest(to, {});
        return;
      }
      writeRequest(to, { options: { pipeline: "true", queueSize: `${pipeline}` } });
      to.u32(pipeline);
    });
  }

  end(): void {
    this.#channel.connection.end(this.#id, this.#channel.serverId);
  }

  #send(phase: number, write: (to: PvaWriter) => void = () => {}): void {
    this.#channel.connection.send(PvaCommand.monitor, (to) => {
      to.u32(this.#channel.serverId);
      to.u32(this.#id);
      to.u8(phase);
      write(to);
    });
  }

  #receive(phase: number, from: PvaReader): void {
    if ((phase & Phase.init) !== 0) {
      const status = readStatus(from);
      if (status.failed) {
        this.#fail(status.message);
        return;
      }
      this.#type = readType(from, `cannot read ${this.#name}`);
      this.#value = unsetStructure(this.#type);
      this.#send(Phase.start);
    } else if ((phase & Phase.destroy) !== 0) {
      const status = readStatus(from);
      if (from.remaining > 0) this.#update(from);
      this.#channel.connection.end(this.#id, undefined);
      if (status.failed) this.#fail(status.message);
      else this.#fail("the server has ended the subscription");
    } else {
      this.#update(from);
    }
  }

  #update(from: PvaReader): void {
    const type = this.#type;
    if (!type) return;
    this.#value = readChanges(from, type, BitSet.read(from), this.#value) as PvStructure;
    // The second set has the fields of skipped updates, which the times of the values show as well.
    BitSet.read(from);
    if (this.#pipeline !== undefined) this.#countTaken(this.#pipeline);
    this.#report({ type, value: this.#value, session: this.#channel });
  }

  /** Lets the server send more once half of the updates that it may send ahead were taken. */
  #countTaken(pipeline: number): void {
    this.#taken += 1;
    if (this.#taken < pipeline / 2) return;
    const taken = this.#taken;
    this.#taken = 0;
    this.#send(Phase.pipeline, (to) => to.u32(taken));
  }

  #fail(reason: string): void {
    this.#report(new EpicsError(`cannot read ${this.#name}: ${reason}`));
  }
}
