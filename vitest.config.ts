import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/build.ts",
    // By default one processor stays free: of two, half.
    maxWorkers: "100%",
    // Long enough for a machine that is busy: no test measures time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
