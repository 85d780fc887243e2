/** Who waits for an answer in a replay. */

import { expect } from "chai";
import { parseRecording } from "../../../lib/rerun";
import { OwedAnswers } from "../../../lib/rerun/replay/owedAnswers";
import { type RecordedRequest, RecordedRequests } from "../../../lib/rerun/replay/recordedRequests";

const events = { line: () => {}, problem: () => {}, closed: () => {} };

describe("the answers that a replay owes", () => {
  it("are none after the connection ended that sent the last ping, so that the program can end", () => {
    const text =
      "#secop-recording 1\n#start 1796009266\n    0.100 1 + localhost:1\n    0.200 1 > ping 4\n    0.201 1 - by the client\n";
    const requests = new RecordedRequests(parseRecording(text));
    const ping = requests.sentAt(1) as RecordedRequest;
    const live = { node: "", recorded: 1, events, isOpen: true, isActivated: true, awaitsActive: false };
    const owed = new OwedAnswers();
    owed.add(ping, live);
    expect([ping.answerAt, owed.isEmpty]).to.deep.equal([Number.POSITIVE_INFINITY, false]);
    live.isOpen = false;
    expect(owed.isEmpty).to.equal(true);
  });
});
