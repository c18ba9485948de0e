import { expect, test } from "vitest";
import { program } from "../../src/commands/command-line.js";
import { withoutEffect } from "../../src/commands/without-effect.js";
import { sitelift } from "./sitelift.js";

test.each(program.commands.map((command) => [command.name(), command] as const))(
  "the help of %s ends with two examples that the command takes",
  async (name, command) => {
    const { stdout, exitCode } = await sitelift([name, "--help"]);
    expect(exitCode).toBe(0);
    const [, examples = ""] = /\nExamples:\n((?: {2}\$ sitelift .*\n)+)$/.exec(stdout) ?? [];
    const lines = examples.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    const options = command.options.map(({ long }) => long);
    for (const line of lines) {
      const [, , verb, ...words] = line.trim().split(" ");
      expect(verb).toBe(name);
      for (const word of words) if (word.startsWith("--")) expect(options).toContain(word);
    }
  },
);

test("options without an effect are named, with what makes them needless", () => {
  expect(withoutEffect({ media: false, refetchMedia: true, maxFailedMedia: { count: 2 } })).toEqual(
    [
      "--refetch-media has no effect with --no-media",
      "--max-failed-media has no effect with --no-media",
    ],
  );
  expect(withoutEffect({ dryRun: true, selfContained: true, requisites: "all" })).toEqual([
    "--self-contained has no effect with --dry-run",
    "--requisites has no effect with --dry-run",
  ]);
  expect(withoutEffect({ refetchMedia: true, limit: 3 })).toEqual([]);
});
