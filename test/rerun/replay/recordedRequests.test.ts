/** Which requests of a replay are those of its recording. */

import { expect } from "chai";
import { parseRecording } from "../../../lib/rerun";
import { RecordedRequests, requestKey } from "../../../lib/rerun/replay/recordedRequests";

describe("the requests of a recording", () => {
  it("are the same for the same value, however it is written", () => {
    expect(requestKey("change m:p [10.0, 1e2]")).to.equal(requestKey("change m:p [10,100]"));
    expect(requestKey("change m:p [9007199254740993, 10.0]")).to.equal(requestKey("change m:p [9007199254740993,10]"));
    expect(requestKey("change m:p NaN")).not.to.equal(requestKey("change m:p Infinity"));
  });

  it("differ if their integers do, also beyond 2^53", () => {
    const requests = new RecordedRequests(
      parseRecording(
        [
          "#secop-recording 1",
          "#start 1796009266",
          "    0.100 1 + localhost:1",
          "    0.200 1 > change m:p 9007199254740993",
          "    0.300 1 < changed m:p [9007199254740993, {}]",
          "    0.400 1 > change m:p 9007199254740992",
          "    0.500 1 < changed m:p [9007199254740992, {}]\n",
        ].join("\n"),
      ),
    );
    const node = requests.sentAt(1)?.node ?? "";
    expect(requests.placeOf(node, "change m:p 9007199254740992")).to.equal(3);
    expect(requests.placeOf(node, "change m:p 9007199254740993")).to.equal(1);
    expect(requests.placeOf(node, "change m:p 9007199254740994")).to.equal(Number.POSITIVE_INFINITY);
  });
});
