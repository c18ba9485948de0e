import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import process from "node:process";
import { defineConfig, type Plugin } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** These replace modules or the clock for themselves, so no other file may have loaded them before. */
const ISOLATED = [
  "test/golden.test.ts",
  "test/commands/unreachable.test.ts",
  "test/listings/browser-missing.test.ts",
];

/** They take 15 s or more each, and wait for most of it. Without a run before, vitest begins with the largest files. */
const LONG =
  /(?:fleet\/(?:rules|machines|slice)|reliability\/(?:interrupt|calls)|commands\/(?:resume|repair|crawl|init|loading)|exports\/generators|cases\/(?:vitest|own)|viewer)\.test\.ts$/;

/** Begins with those that take long: at the end of a run the other processors would wait for them. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/**
 * `npm test` has just built the program, and tests what it built: Node loads that by itself, which costs a tenth less
 * CPU than what Vitest makes of the sources. Vitest alone (`npx vitest`) takes the sources, which may have changed.
 */
const BUILT =
  process.env.npm_lifecycle_event === "test"
    ? {
        resolve: {
          alias: [
            {
              find: /^(?:\.\.\/)+(src|fixtures\/office)\//,
              replacement: `${resolve(import.meta.dirname, "dist")}/$1/`,
            },
          ],
        },
        test: { server: { deps: { external: [/\/dist\/(?:src|fixtures)\//] } } },
      }
    : {};

/** Packages as users load them: Vitest asks for those of development, where micromark checks itself at each character. */
const AS_USED: Plugin = {
  name: "as-used",
  configResolved({ ssr: { resolve } }) {
    if (resolve?.conditions === undefined)
      throw new Error("Vitest takes conditions from elsewhere now");
    resolve.conditions = resolve.conditions.filter((one) => one !== "development|production");
  },
};

export default defineConfig({
  plugins: [AS_USED],
  test: {
    globalSetup: "test/build.ts",
    sequence: { sequencer: LongFirst },
    // Many tests wait, for a disk, a pace or a deadline. Of "150%" vitest makes no more than there are processors.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // Long enough for a machine that is busy: no test measures time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 120_000,
    projects: [
      {
        extends: true,
        // A worker keeps what it has loaded for the files that follow: loading it cost each file 1 to 3 s of CPU.
        ...BUILT,
        test: {
          ...BUILT.test,
          name: "shared",
          include: ["test/**/*.test.ts"],
          exclude: ISOLATED,
          isolate: false,
          setupFiles: "test/seed.ts",
        },
      },
      { extends: true, test: { name: "isolated", include: ISOLATED } },
    ],
  },
});
