const { availableParallelism } = require("node:os");

module.exports = {
  import: ["tsx"],
  require: ["./test/rootHooks.ts"],
  // the files with the longest tests first: each process takes the next file when it is done with one
  spec: [
    "test/notebooks/**/*.test.ts",
    "test/browser/**/*.test.ts",
    "test/plans/**/*.test.ts",
    "test/kernel/**/*.test.ts",
    "test/!(notebooks|browser|plans|kernel)/**/*.test.ts",
    "test/*.test.ts",
  ],
  parallel: true,
  // one more than cores: many tests wait for other programs
  jobs: Math.min(availableParallelism() + 1, 4),
  reporter: "./scripts/reporter.cjs",
  timeout: 30_000,
};
