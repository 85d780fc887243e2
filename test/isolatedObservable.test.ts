import { expect } from "chai";
import { filter, map, of, Subject, throwError } from "rxjs";
import { IsolatedObservable } from "../lib/isolatedObservable";

describe("an isolated observable", () => {
  const setup = () => {
    const reported: string[] = [];
    const subject = new Subject<number>();
    return { reported, subject, isolated: new IsolatedObservable(subject, (text) => reported.push(text)) };
  };

  it("reports the error of an observer once, and goes on calling it and others", () => {
    const { reported, subject, isolated } = setup();
    const seen: number[] = [];
    let calls = 0;
    isolated.subscribe(() => {
      calls += 1;
      throw new Error("mine");
    });
    const subscription = isolated.subscribe({ next: (value) => seen.push(value) });
    subject.next(1);
    subject.next(2);
    subscription.unsubscribe();
    subject.next(3);
    expect(seen).to.deep.equal([1, 2]);
    expect(calls).to.equal(3);
    expect(reported).to.deep.equal(["an observer failed (reported once): mine"]);
  });

  it("does so behind operators, whose own errors end the subscription", () => {
    const { reported, subject, isolated } = setup();
    const piped = isolated.pipe(
      filter((value) => value > 0),
      map((value) => {
        if (value === 3) throw new Error("in an operator");
        return value;
      }),
    );
    const seen: number[] = [];
    piped.subscribe((value) => {
      seen.push(value);
      if (value === 1) throw new Error("mine");
    });
    for (const value of [0, 1, 2, 3, 4]) subject.next(value);
    expect(seen).to.deep.equal([1, 2]);
    expect(reported).to.deep.equal(["an observer failed (reported once): mine"]);
    piped.subscribe(() => {});
    subject.next(3);
    expect(reported.at(-1)).to.equal("an observer failed (reported once): in an operator");
  });

  it("passes errors and the end to observers that handle them", () => {
    const heard: unknown[] = [];
    const complain = () => heard.push("complaint");
    new IsolatedObservable(of(1), complain).subscribe({ complete: () => heard.push("end") });
    new IsolatedObservable(
      throwError(() => "no"),
      complain,
    ).subscribe({ error: (e: unknown) => heard.push(e) });
    expect(heard).to.deep.equal(["end", "no"]);
  });
});
