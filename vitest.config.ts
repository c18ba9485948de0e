import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/build.ts",
    // By default one processor stays free: of two, half. Many tests wait, for a disk, a pace or a deadline.
    maxWorkers: "150%",
    // Long enough for a machine that is busy: no test measures time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
