/** Replays a recording exactly: in this process, on a virtual clock, without any socket. */

// When the process is at rest, the next thing happens: a timer, or a line of the recording at its place.
// Where the recording waited for a request, a connection or a mark of the process, the replay waits for the
// same one.

import { AsyncResource } from "node:async_hooks";
import { realClock, useClock } from "../../clock";
import { currentHost } from "../../display/host";
import { secopError } from "../../errors";
import { useJournal } from "../../journal";
import { oneLine } from "../../printable";
import { seedRandom } from "../../randomSource";
import { nodeKey } from "../../secop/wire/nodeKey";
import { type OpenTransport, useTransport } from "../../secop/wire/transport/index";
import { moveTime } from "../format/nodeTimes";
import type { Recording } from "../format/readRecording";
import type { RecordedLine } from "../format/recordedLine";
import type { ExactReplayOptions } from "./exactReplayOptions";
import { OwedAnswers } from "./owedAnswers";
import { piecesOfTurn } from "./piecesOfTurn";
import { RecordedRequests } from "./recordedRequests";
import { type LiveConnection, notHeld, ReplayConnections } from "./replayConnections";
import { ReplayMarks } from "./replayMarks";
import { ReplaySummary } from "./replaySummary";
import { ReplayTimers, SLACK } from "./replayTimers";
import { PATIENCE, RestWatch } from "./restWatch";
import { SimulatedRest } from "./simulatedRest";
import { UnrecordedRequests } from "./unrecordedRequests";
import { VirtualClock } from "./virtualClock";

/** Recorded seconds that timers go on after the end of the recording. */
const AFTERWARDS = 60;

/** Replays a recording exactly, on its own clock. `startReplay` is the simple way to have one. */
export class ExactReplay {
  readonly summary: ReplaySummary;
  readonly requests: RecordedRequests;
  readonly #recording: Recording;
  readonly #lines: readonly RecordedLine[];
  readonly #options: ExactReplayOptions;
  readonly #clock: VirtualClock;
  readonly #connections: ReplayConnections;
  readonly #marks: ReplayMarks;
  readonly #timers: ReplayTimers;
  readonly #rest: RestWatch;
  readonly #others: UnrecordedRequests;
  readonly #simulated: SimulatedRest;
  readonly #owed = new OwedAnswers();
  /** Changes and commands that were recorded later: those before them may still come. */
  #early: { readonly live: LiveConnection; readonly line: string }[] = [];
  /** What is said next, besides the recording. */
  readonly #immediate: (() => void)[] = [];
  /** The lines that were handed over before their place: they came in the same turn as one before. */
  readonly #delivered = new Set<number>();
  #position = 0;
  #stops: (() => void)[] = [];
  #running = false;

  constructor(recording: Recording, options: ExactReplayOptions = {}) {
    this.#recording = recording;
    this.#lines = recording.lines;
    this.#options = options;
    this.#clock = new VirtualClock(recording.start);
    this.#clock.moveTo(recording.lines[0]?.at ?? 0);
    this.requests = new RecordedRequests(recording);
    this.#connections = new ReplayConnections(recording);
    this.#marks = new ReplayMarks(recording, this.#clock, () => this.#position);
    this.#timers = new ReplayTimers(this.#clock, this.#marks, () => this.#position);
    this.#rest = new RestWatch(this.#clock);
    this.#simulated = new SimulatedRest(recording);
    this.summary = new ReplaySummary(recording.name);
    this.#others = new UnrecordedRequests(this.requests, this.#connections, this.summary, {
      strict: options.strict ?? false,
      isLate: this.#marks.isLate,
    });
  }

  /** Takes the place of clock, network and journal of this process until `stop`. */
  start(): this {
    const journal = this.#marks.journal(() => this.#rest.wake(), this.#options.runsFolder);
    this.#stops = [useClock(this.#clock), useTransport(() => this.#open), useJournal(journal)];
    seedRandom(this.#recording.seed);
    this.#running = true;
    void this.#loop();
    return this;
  }

  /** Gives clock, network and journal back. */
  stop(): void {
    this.#running = false;
    this.#rest.wake();
    this.#simulated.stop();
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  /** What could be answered, in one line. */
  get text(): string {
    return this.summary.text(this.requests);
  }

  readonly #open: OpenTransport = async (address, events, signal) => {
    this.#clock.activity += 1;
    this.#rest.wake();
    signal.throwIfAborted();
    const node = nodeKey(address.text);
    if (!this.#connections.holds(node)) {
      const other = this.#options.others?.(address.text);
      if (other) return other(address, events, signal);
      throw notHeld(this.#recording, address.text);
    }
    // Messages belong to whoever connected, for example to a cell.
    const bound = {
      line: AsyncResource.bind(events.line),
      problem: events.problem,
      closed: AsyncResource.bind(events.closed),
    };
    const live = await this.#connections.request(node, bound, signal, this.#position);
    return {
      send: (line) => {
        this.#clock.activity += 1;
        this.#rest.wake();
        if (live.isOpen) this.#asked(live, line);
      },
      close: () => {
        live.isOpen = false;
        this.#simulated.close(live);
        this.#clock.activity += 1;
      },
    };
  };

  #asked(live: LiveConnection, line: string): void {
    if (/^(?:de)?activate\b/.test(line)) live.isActivated = !line.startsWith("de");
    if (this.#simulated.isActive) {
      this.#simulated.send(live, line);
      return;
    }
    const request = this.requests.match(live.node, line, live.recorded);
    if (!request && this.requests.comesLater(live.node, line)) {
      this.#early.push({ live, line });
      return;
    }
    if (!request) {
      this.#unrecorded(live, line);
      return;
    }
    request.done = true;
    request.asked = true;
    this.summary.asRecorded += 1;
    if (request.isAnchor) this.#askAgain();
    if (request.answerAt >= this.#position) {
      this.#owed.add(request, live);
      return;
    }
    const answer = this.#lines[request.answerAt]?.text ?? "";
    this.#immediate.push(() => this.#say(live, answer));
  }

  /** Asks again what came before its turn. */
  #askAgain(): void {
    const early = this.#early;
    this.#early = [];
    for (const { live, line } of early) this.#asked(live, line);
  }

  /** Goes to the first request that came before its turn. For the process no time passes. */
  #skipToEarly(): void {
    const places = this.#early.map(({ live, line }) => this.requests.placeOf(live.node, line));
    const target = Math.min(...places);
    const at = this.#lines[target]?.at ?? this.#clock.elapsed;
    this.#clock.jumpTo(at);
    for (; this.#position < target; this.#position += 1) {
      const line = this.#lines[this.#position] as RecordedLine;
      const request = this.requests.sentAt(this.#position);
      if (request) request.done = true;
      if (line.sign === "<" && !this.#delivered.delete(this.#position)) this.#deliver(this.#position);
      if (line.sign === "+") this.#connections.miss(line);
    }
    this.#askAgain();
  }

  #unrecorded(live: LiveConnection, line: string): void {
    const answer = this.#others.answer(live, line, this.#clock.now() - this.#recording.start);
    if (!answer && this.#options.simulateRest) {
      this.#simulateRest(line);
      this.#simulated.send(live, line);
      return;
    }
    const lines = answer ?? this.#others.refuse(live, line);
    const say = () => {
      for (const one of lines) this.#say(live, one);
    };
    if (!this.#owed.after(live, line, say)) this.#immediate.push(say);
  }

  /** Leaves the recording: from now on the nodes are simulated, in the state that they have. */
  #simulateRest(since: string): void {
    this.summary.simulatedSince = oneLine(since, 60);
    this.#position = this.#lines.length;
    this.#delivered.clear();
    this.#marks.end();
    this.#simulated.begin(since, this.#connections.states);
    for (const live of this.#connections.live()) this.#simulated.move(live);
    for (const [{ line }, live] of this.#owed.takeAll()) this.#simulated.send(live, line.text);
    this.#askAgain();
  }

  #say(live: LiveConnection, line: string): void {
    if (live.isOpen) live.events.line(moveTime(line, this.#recording.start));
  }

  async #loop(): Promise<void> {
    while (this.#running) {
      await this.#rest.reached();
      if (this.#running && !this.#step()) await this.#rest.change(this.#isAwaited);
    }
  }

  /** Lets the next thing happen. @returns false if the replay has to wait for the process */
  #step(): boolean {
    const next = this.#immediate.shift();
    if (next) {
      next();
      return true;
    }
    if (this.#early.length > 0) {
      if (!this.#rest.hasLasted(PATIENCE.order)) return false;
      this.#skipToEarly();
    }
    for (let line = this.#lines[this.#position]; line; line = this.#lines[this.#position]) {
      const result = this.#stepTo(line);
      if (result === "waits" && this.#marks.isAwaited() && this.#rest.hasLasted(PATIENCE.request)) {
        // A cell or a run that was not recorded.
        this.#marks.resume();
        return true;
      }
      if (result !== "passed") return result === "done";
      this.#position += 1;
    }
    return this.#afterwards();
  }

  /** What happens at this line: it is passed, something was done, or it has to wait. */
  #stepTo(line: RecordedLine): Step {
    if (line.sign === "<") return this.#received(line);
    if (line.sign === ">") return this.#sent(line);
    if (line.sign === "+" || line.sign === "!") return this.#opened(line);
    if (line.sign === "*") return this.#marked(line);
    const live = this.#connections.of(line.connection);
    if (!live || this.#connections.wasEndedByClient(line)) return "passed";
    return this.#happens(line, () => {
      live.isOpen = false;
      live.events.closed(line.text);
    });
  }

  /** Lets it happen at the place of this line, after the timers that are due before it. */
  #happens(line: RecordedLine, action: () => void): Step {
    if (this.#timers.fireBefore(line.at)) return "done";
    this.#clock.moveTo(line.at);
    this.#position += 1;
    action();
    return "done";
  }

  #received(line: RecordedLine): Step {
    if (this.#delivered.delete(this.#position)) return "passed";
    if (!line.together && this.#timers.fireBefore(line.at)) return "done";
    this.#clock.moveTo(line.at);
    const pieces = piecesOfTurn(this.#lines, this.#position, (mark) => this.#marks.isReached(mark));
    this.#clock.activity += 1;
    // The client does what follows at once from a piece before it gets the next one, but nothing that takes a
    // turn.
    for (const piece of pieces) {
      for (const index of piece) this.#delivered.add(index);
      realClock.turn(() => {
        for (const index of piece) this.#deliver(index);
      });
    }
    this.#position += 1;
    return "done";
  }

  #deliver(index: number): void {
    const line = this.#lines[index] as RecordedLine;
    this.#connections.stateOfConnection(line.connection)?.receive(line.text);
    const request = this.requests.answeredAt(index);
    const live = request ? this.#owed.asker(request) : this.#connections.of(line.connection);
    if (live) this.#say(live, line.text);
    if (request) this.#owed.settle(request);
  }

  #sent(line: RecordedLine): Step {
    const request = this.requests.sentAt(this.#position);
    if (!request || request.done) return "passed";
    if (this.#timers.fireWithin(line.at)) return "done";
    if (request.isAnchor) {
      if (this.#timers.fireAwaited()) return "done";
      if (!this.#somebodyWaits() || !this.#rest.hasLasted(PATIENCE.order)) return "waits";
    } else if (!this.#rest.hasLasted(this.#patience())) {
      return "waits";
    }
    request.done = true;
    return "passed";
  }

  #opened(line: RecordedLine): Step {
    const opening = this.#connections.nextOpening(line);
    if (!opening) {
      if (this.#timers.fireWithin(line.at) || this.#timers.fireAwaited()) return "done";
      if (line.sign === "!") return this.#rest.hasLasted(PATIENCE.request) ? "passed" : "waits";
      if (!this.#somebodyWaits() || !this.#rest.hasLasted(PATIENCE.order)) return "waits";
      this.#connections.miss(line);
      return "passed";
    }
    return this.#happens(line, () => {
      const [, code = "", message = ""] = /^\S+ (\S+) (.*)$/s.exec(line.text) ?? [];
      if (line.sign === "+") opening.open(line.connection);
      else opening.fail(secopError(code, message));
    });
  }

  #marked(line: RecordedLine): Step {
    const marks = this.#marks;
    if (marks.isInterrupt(line)) return this.#happens(line, () => currentHost().interrupt?.());
    if (marks.isPast(this.#position)) return "passed";
    if (marks.isWake(line)) return this.#woke(line);
    if (marks.isReached(line)) return this.#reached(line);
    if (this.#timers.fireWithin(line.at)) return "done";
    if (!marks.isCell(line)) return this.#rest.hasLasted(this.#patience()) ? "passed" : "waits";
    // Between two cells time stands still: the user, or the runner, starts the next one.
    if (!marks.cellRuns) return "waits";
    if (this.#timers.fireAwaited()) return "done";
    if (marks.isBefore) return "waits";
    return this.#somebodyWaits() && this.#rest.hasLasted(PATIENCE.order) ? "passed" : "waits";
  }

  /** Work of the process in real time has ended at this place, however long it takes now. */
  #reached(line: RecordedLine): Step {
    if (!this.#marks.isAwaited(line)) {
      if (this.#timers.fireWithin(line.at)) return "done";
      // Who waits for the node is not at work: that was before the cell with `%replay`.
      const patience = this.#somebodyWaits() ? PATIENCE.doubtfulWork : PATIENCE.work;
      if (this.#marks.isBefore) return "passed";
      return this.#marks.cellRuns && !this.#rest.hasLasted(patience) ? "waits" : "passed";
    }
    return this.#happens(line, () => this.#marks.resume(line));
  }

  /** The end of a pause happens at its place in the recording. */
  #woke(line: RecordedLine): Step {
    const timer = this.#clock.next(({ options }) => options.wakes === true);
    if (!timer || timer.due > this.#marks.dueOf(line) + SLACK) return "passed";
    this.#clock.moveTo(Math.max(line.at, timer.due));
    this.#position += 1;
    timer.fire();
    return "done";
  }

  /** After the end of the recording the last state stays. */
  #afterwards(): boolean {
    this.#connections.openAll();
    this.#marks.resume();
    if (this.#timers.fireAwaited()) return true;
    const waits = this.#somebodyWaits() && this.#marks.cellRuns;
    if (this.#simulated.isActive) return waits && this.#timers.fireNext();
    if (!waits || !this.#rest.hasLasted(PATIENCE.order)) return false;
    const end = this.#lines.at(-1)?.at ?? 0;
    const timer = this.#clock.next();
    if (timer && timer.due < end + AFTERWARDS) {
      this.#timers.fire(timer);
      return true;
    }
    return this.#connections.endAll(`the recording ${this.#recording.name} ends here, after ${end} s`);
  }

  /** Whether code of the process waits for the replay. */
  get #isAwaited(): boolean {
    return this.#clock.isAwaited || this.#somebodyWaits() || this.#marks.isAwaited();
  }

  /** Whether somebody waits for the node: an answer, a connection, or the end of a movement. */
  #somebodyWaits(): boolean {
    return (
      !this.#owed.isEmpty ||
      this.#connections.isAwaited ||
      this.#clock.next(({ options }) => options.order === true) !== undefined
    );
  }

  /** The first things that do not come are waited for with more patience than the following ones. */
  #patience(): number {
    return this.#rest.passes < 5 ? PATIENCE.request : PATIENCE.request / 15;
  }
}

type Step = "passed" | "done" | "waits";
