/**
 * The reporter of the tests: mocha's spec reporter, with a list of tests that were retried and the last line
 * that CI reads.
 */

const Mocha = require("mocha");

const { EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_RETRY } = Mocha.Runner.constants;

module.exports = class extends Mocha.reporters.Spec {
  #firstErrors = new Map();
  #notes = [];

  constructor(runner, options) {
    super(runner, options);
    const note = (result) => (test, error) => {
      const first = this.#firstErrors.get(test.fullTitle());
      if (first)
        this.#notes.push(`${result} when it was retried: ${test.fullTitle()}\n    the first error: ${first.message}`);
      else if (error?.uncaught) this.#notes.push(`could not be loaded, or its process ended: ${error.file}`);
    };
    runner.on(EVENT_TEST_RETRY, (test, error) => this.#firstErrors.set(test.fullTitle(), error));
    runner.on(EVENT_TEST_PASS, note("passed"));
    runner.on(EVENT_TEST_FAIL, note("failed"));
  }

  epilogue() {
    super.epilogue();
    if (this.#notes.length > 0) console.log(this.#notes.map((text) => `  ${text}\n`).join(""));
    const { passes, failures, pending } = this.stats;
    console.log(`${passes} passed, ${failures} failed${pending ? `, ${pending} skipped` : ""}`);
  }
};
