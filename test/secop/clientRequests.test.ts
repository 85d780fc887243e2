import { expect } from "chai";
import {
  AbortError,
  HardwareError,
  NoSuchCommandError,
  NoSuchModuleError,
  NoSuchParameterError,
  ProtocolError,
  ReadOnlyError,
  SecopRangeError,
  SecopTimeoutError,
  WrongTypeError,
} from "../../lib/errors";
import { failure } from "../support/failure";
import { useScriptedClient } from "../support/scriptedClient";
import { state } from "../support/wait";

describe("requests of a SecopClient", () => {
  const lab = useScriptedClient();

  it("read, change, do and ping", async () => {
    await lab.connect();
    expect((await lab.client.read("m", "value")).value).to.equal(2.5);
    expect((await lab.client.change("m", "target", 12)).value).to.equal(12);
    expect(lab.client.cache.get("m", "target")?.value).to.equal(12);
    expect(await lab.client.do("m", "stop")).to.equal(null);
    expect(lab.node.received).to.include("change m:target 12").and.include("do m:stop");
    expect(await lab.client.ping()).to.be.a("number");
    lab.node.answer = (line) => (line === "do m:_add [1,2]" ? "done m:_add [3, {}]" : undefined);
    expect(await lab.client.do("m", "_add", [1, 2])).to.equal(3);
  });

  it("are refused before sending where the description says so", async () => {
    await lab.connect();
    const before = lab.node.received.length;
    const cases: [Promise<unknown>, new (text: string) => Error, string][] = [
      [
        lab.client.read("n", "value"),
        NoSuchModuleError,
        'cannot read n:value: the node has no module "n", did you mean m?',
      ],
      [
        lab.client.read("m", "vlaue"),
        NoSuchParameterError,
        'cannot read m:vlaue: m has no parameter "vlaue", did you mean value?',
      ],
      [lab.client.read("m", "stop"), NoSuchParameterError, "cannot read m:stop: stop is a command"],
      [lab.client.do("m", "go"), NoSuchCommandError, 'cannot do m:go: m has no command "go", only stop, _add'],
      [
        lab.client.change("m", "target", 400),
        SecopRangeError,
        "cannot set m:target to 400 K: the node allows 0 K to 325 K",
      ],
      [lab.client.change("m", "target", "x"), WrongTypeError, 'cannot set m:target to "x": "x" is not a number'],
      [lab.client.change("m", "value", 1), ReadOnlyError, "cannot set m:value to 1 K: it is read-only"],
      [lab.client.do("m", "stop", 1), WrongTypeError, "cannot do m:stop with 1: the command takes no argument"],
      [
        lab.client.do("m", "_add", [1]),
        WrongTypeError,
        "cannot do m:_add with [1]: [1] has 1 elements, the tuple has 2",
      ],
    ];
    for (const [promise, type, message] of cases) {
      const error = await failure(promise);
      expect(error.message).to.equal(message);
      expect(error).to.be.instanceOf(type);
    }
    expect(lab.node.received.length).to.equal(before);
  });

  it("reject with the node's error class and words", async () => {
    await lab.connect();
    lab.node.answer = (line) =>
      line.startsWith("read") ? 'error_read m:value ["HardwareError:Sensor", "sensor\\n broken", {}]' : undefined;
    const error = await failure(lab.client.read("m", "value"));
    expect(error).to.be.instanceOf(HardwareError);
    expect(error.message).to.equal("cannot read m:value: sensor broken (Sensor)");
    expect(lab.client.cache.get("m", "value")?.value).to.equal(undefined);
    expect(lab.client.cache.get("m", "value")?.error).to.equal(error);
  });

  it("survive error reports with parts missing", async () => {
    await lab.connect();
    for (const [report, words] of [
      ["error_read m:value", "the node gives no reason"],
      ['error_read m:value ["IsBusy"]', "the node gives no reason"],
      ["error_read m:value [[], {}]", "the node gives no reason"],
      ["error_read m:value [oops", "the node reported an error in bad JSON: [oops"],
    ] as const) {
      lab.node.answer = (line) => (line.startsWith("read") ? report : undefined);
      expect((await failure(lab.client.read("m", "value"))).message).to.equal(`cannot read m:value: ${words}`);
    }
  });

  it("say that they were carried out if only the answer cannot be used", async () => {
    await lab.connect();
    const set = "m:target was set to 10 K, but what it is now is not known: ";
    const done = "m:_add was done, but its result is lost: the node answered what cannot be used ";
    for (const [answer, words] of [
      ["changed m:target [null, {}]", `${set}m:target has no value yet: the node sent null`],
      ['changed m:target ["warm", {}]', `${set}m:target: the node sent a wrong value: "warm" is not a number`],
      ["done m:_add [null, {}]", `${done}(null is not a number)`],
      ["done m:_add", `${done}(null is not a number)`],
    ] as const) {
      const isChange = answer.startsWith("changed");
      lab.node.answer = (line) => (/^(?:change|do) /.test(line) ? answer : undefined);
      const request = isChange ? lab.client.change("m", "target", 10) : lab.client.do("m", "_add", [1, 2]);
      expect((await failure(request)).message).to.equal(words);
    }
  });

  it("find their replies in any order", async () => {
    await lab.connect();
    const held: string[] = [];
    lab.node.answer = (line, peer) => {
      if (!line.startsWith("read")) return undefined;
      held.push(line);
      if (held.length < 3) return [];
      peer.send('reply m:_text ["text", {}]');
      peer.send("reply m:target [3, {}]");
      return "reply m:value [4, {}]";
    };
    const items = await Promise.all([
      lab.client.read("m", "value"),
      lab.client.read("m", "target"),
      lab.client.read("m", "_text"),
    ]);
    expect(items.map((i) => i.value)).to.deep.equal([4, 3, "text"]);
  });

  it("say what was tried when they are aborted", async () => {
    await lab.connect();
    lab.node.answer = (line) => (/^(read|change|do|check|ping) /.test(line) ? [] : undefined);
    const { client } = lab;
    const tried: [string, (signal: AbortSignal) => Promise<unknown>][] = [
      ["cannot read m:value", (signal) => client.read("m", "value", { signal })],
      ["cannot set m:target to 20 K", (signal) => client.change("m", "target", 20, { signal })],
      ["cannot do m:_add with [1,2]", (signal) => client.do("m", "_add", [1, 2], { signal })],
      ["cannot check m:target", (signal) => client.check("m", "target", 20, { signal })],
      ["cannot ping", (signal) => client.ping({ signal })],
    ];
    for (const [words, request] of tried) {
      const abort = new AbortController();
      const pending = [request(abort.signal), request(AbortSignal.abort())];
      abort.abort();
      for (const error of await Promise.all(pending.map(failure))) {
        expect(error).to.be.instanceOf(AbortError);
        expect(error.message).to.equal(`${words}: aborted`);
        expect(error.cause).to.be.instanceOf(DOMException);
      }
    }
  });

  it("find replies with a shortened, a longer or a lost specifier", async () => {
    await lab.connect();
    const answers: [string, string][] = [
      ["reply m [5, {}]", "5"],
      ["reply m:value:more [6, {}]", "6"],
      ["reply  [7, {}]", "7"],
      ['error_read  ["InternalError", "exception in receive", {}]', "cannot read m:value: exception in receive"],
      ['error_???  ["ProtocolError", "what?", {}]', "cannot read m:value: what?"],
    ];
    for (const [answer, expected] of answers) {
      lab.node.answer = (line) => (line.startsWith("read") ? answer : undefined);
      const outcome = await lab.client.read("m", "value").then(
        (i) => String(i.value),
        (error: Error) => error.message,
      );
      expect(outcome).to.equal(expected);
    }
  });

  it("alike are answered in their order", async () => {
    await lab.connectTwice();
    let count = 0;
    lab.node.answer = (line) => {
      if (!line.startsWith("read")) return undefined;
      count += 1;
      return `reply m:value [${count}, {}]`;
    };
    const items = await Promise.all([1, 2, 3].map(() => lab.client.read("m", "value")));
    expect(items.map((i) => i.value)).to.deep.equal([1, 2, 3]);
  });

  it("stop waiting at their deadline or abort, and a late reply is not taken for the next one's", async () => {
    await lab.connectTwice();
    let answerLate = () => {};
    lab.node.answer = (line, peer) => {
      if (!line.startsWith("read")) return undefined;
      answerLate = () => peer.send("reply m:value [1, {}]");
      return [];
    };
    const error = await failure(lab.client.read("m", "value", { timeout: 0.02 }));
    expect(error).to.be.instanceOf(SecopTimeoutError);
    expect(error.message).to.equal('cannot read m:value: no answer to "read m:value" within 0.02 s');
    const abort = new AbortController();
    const aborted = lab.client.read("m", "value", { signal: abort.signal });
    abort.abort(new Error("enough"));
    expect((await failure(aborted)).message).to.equal("cannot read m:value: enough");
    const late = answerLate;
    lab.node.answer = (line) => {
      if (!line.startsWith("read")) return undefined;
      late();
      late();
      return "reply m:value [2, {}]";
    };
    expect((await lab.client.read("m", "value")).value).to.equal(2);
  });

  it("owed for longer than the node's timeout get a new connection", async () => {
    await lab.connectTwice({ timeout: 0.3 });
    lab.node.answer = (line) => (line === "change m:target 20" ? [] : undefined);
    const before = lab.node.connections;
    await failure(lab.client.change("m", "target", 20));
    while (lab.node.connections === before) await lab.node.next("*IDN?");
    expect((await lab.client.read("m", "value")).value).to.equal(2.5);
    expect(lab.client.state.name).to.equal("connected");
  });

  for (const connections of [1, 2] as const) {
    it(`of a parameter that hangs cost the others nothing where the node answers them, over ${connections}`, async () => {
      if (connections === 1) await lab.connect({ timeout: 0.5, connections });
      else await lab.connectTwice({ timeout: 0.5 });
      let finish = () => {};
      lab.node.answer = (line, peer) => {
        if (line === "do m:stop") finish = () => peer.send("done m:stop [null, {}]");
        return line === "read m:_text" || line === "do m:stop" ? [] : undefined;
      };
      const before = lab.node.connections;
      const slow = lab.client.do("m", "stop", undefined, { timeout: 10 });
      const errors = await Promise.all([1, 2].map(() => failure(lab.client.read("m", "_text"))));
      for (const { message } of errors) {
        expect(message).to.equal('cannot read m:_text: no answer to "read m:_text" within 0.5 s');
      }
      await lab.node.next("ping overdue-2");
      expect((await lab.client.read("m", "value")).value).to.equal(2.5);
      finish();
      expect(await slow).to.equal(null);
      lab.node.answer = (line) => (line === "read m:_text" ? 'reply m:_text ["there", {}]' : undefined);
      expect((await lab.client.read("m", "_text")).value).to.equal("there");
      expect(lab.node.connections).to.equal(before);
      expect(lab.client.state.name).to.equal("connected");
    });
  }

  it("may take longer than the node's timeout if the caller says so", async () => {
    await lab.connectTwice({ timeout: 0.3 });
    let answer = () => {};
    lab.node.answer = (line, peer) => {
      if (line !== "do m:stop") return undefined;
      answer = () => peer.send("done m:stop [null, {}]");
      setTimeout(answer, 700);
      return [];
    };
    expect(await lab.client.do("m", "stop", undefined, { timeout: 10 })).to.equal(null);
  });

  it("are rejected at once when the connection is lost", async () => {
    await lab.connect();
    lab.node.answer = (line) => (line.startsWith("read") ? [] : undefined);
    const reading = failure(lab.client.read("m", "value"));
    await lab.node.next("read");
    await lab.node.close();
    expect((await reading).message).to.match(
      /^cannot read m:value: the connection to .* was lost: (connection reset|closed) by the node$/,
    );
    await state(lab.client, "reconnecting");
    expect((await failure(lab.client.read("m", "value"))).message).to.match(
      /^cannot read m:value: the node is not connected \(reconnecting: /,
    );
  });

  it("say that they may have been done if the connection is lost before the answer", async () => {
    await lab.connect();
    lab.node.answer = (line) => (/^(?:change|do)/.test(line) ? [] : undefined);
    const [changing, doing] = [failure(lab.client.change("m", "target", 12)), failure(lab.client.do("m", "stop"))];
    await Promise.all([lab.node.next("change"), lab.node.next("do")]);
    await lab.node.close();
    const lost = "the connection to .* was lost: (?:connection reset|closed) by the node";
    expect((await changing).message).to.match(
      new RegExp(`^cannot set m:target to 12 K: ${lost}; it may have been set: read it$`),
    );
    expect((await doing).message).to.match(new RegExp(`^cannot do m:stop: ${lost}; it may have been executed$`));
  });

  it("read the status after a change of the target, since BUSY may be on its way over the other connection", async () => {
    await lab.connectTwice();
    lab.node.answer = (line) => {
      if (line.startsWith("change")) return "changed m:target [12, {}]";
      return line === "read m:status" ? 'reply m:status [[300, "moving"], {}]' : undefined;
    };
    await lab.client.change("m", "target", 12);
    expect(lab.client.cache.get("m", "status")?.value).to.deep.equal(["BUSY", "moving"]);
  });

  it("never ask for a constant", async () => {
    await lab.connect();
    expect((await lab.client.read("m", "_ratio")).value).to.equal(1.5);
    expect(lab.node.received.some((line) => line.includes("_ratio"))).to.equal(false);
  });

  it("over one connection are answered by the update that comes first", async () => {
    await lab.connect({ connections: 1 });
    lab.node.answer = (line) => (line === "read m:value" ? ["update m:value [9, {}]"] : undefined);
    expect((await lab.client.read("m", "value")).value).to.equal(9);
    lab.node.answer = (line) =>
      line === "read m:value"
        ? ["reply m:value [9, {}]", "update m:value [10, {}]", "reply m:value [10, {}]"]
        : undefined;
    expect((await lab.client.read("m", "value")).value).to.equal(10);
  });

  it("check whether a value would be taken", async () => {
    await lab.connect();
    lab.node.answer = (line) =>
      line === "check m:target 12" ? 'checked m:target [11, {"closest_valid": 11}]' : undefined;
    const checked = await lab.client.check("m", "target", 12);
    expect(checked.value).to.equal(11);
    expect(checked.qualifiers.get("closest_valid")).to.equal(11);
    const unchecked = await failure(lab.client.check("m", "target", 13));
    expect(unchecked).to.be.instanceOf(ProtocolError);
    expect(unchecked.message).to.equal("cannot check m:target: unknown action");
  });

  it("that check name the closest value the node would take", async () => {
    await lab.connect();
    for (const [hint, words] of [
      ['{"closest_valid": 20.5}', "too warm now, the closest valid value is 20.5 K"],
      ['{"closest_valid": "warm"}', "too warm now"],
      ["{}", "too warm now"],
    ] as const) {
      lab.node.answer = (line) =>
        line.startsWith("check") ? `error_check m:target ["RangeError", "too warm now", ${hint}]` : undefined;
      const error = await failure(lab.client.check("m", "target", 30));
      expect(error.message).to.equal(`m:target would refuse 30 K: ${words}`);
    }
    const before = lab.node.received.length;
    expect((await failure(lab.client.check("m", "target", 400))).message).to.equal(
      "m:target would refuse 400 K: the node allows 0 K to 325 K",
    );
    expect(lab.node.received.length, "nothing is sent for what the description rules out").to.equal(before);
  });
});
