import { defineConfig } from "vitest/config";

/** These replace modules or the clock for themselves, so no other file may have loaded them before. */
const ISOLATED = ["test/golden.test.ts", "test/commands/unreachable.test.ts"];

export default defineConfig({
  test: {
    globalSetup: "test/build.ts",
    // By default one processor stays free: of two, half. Many tests wait, for a disk, a pace or a deadline.
    maxWorkers: "150%",
    // Long enough for a machine that is busy: no test measures time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 120_000,
    projects: [
      {
        extends: true,
        // A worker keeps what it has loaded for the files that follow: loading it cost each file 1 to 3 s of CPU.
        test: { name: "shared", include: ["test/**/*.test.ts"], exclude: ISOLATED, isolate: false },
      },
      { extends: true, test: { name: "isolated", include: ISOLATED } },
    ],
  },
});
