import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { scratch, sitelift } from "../commands/sitelift.js";
import { startMock } from "./mock.js";
import { article, listed, written } from "./site.js";

const TEXT = readFileSync(resolve(import.meta.dirname, "../../docs/web-archives.md"), "utf8");
const JUNE = "20210603120000";
const DECEMBER = "20211225120000";

/** Blocks of the example, by their language. */
const blocks = (language: string) =>
  [...TEXT.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(
    ([, text = ""]) => text,
  );

/** `…` stands for any words, alone on a line for any lines. */
function pattern(shown: string): RegExp {
  const line = (text: string) =>
    text
      .split("…")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("[^\\n]*?");
  const lines = shown
    .trimEnd()
    .split("\n")
    .map((text) => (text === "…" ? "[^]*?" : line(text)));
  return new RegExp(`^${lines.join("\n")}$`, "m");
}

test("the example of docs/web-archives.md prints and writes what it shows", async () => {
  const mock = await startMock([
    listed(1, 2, DECEMBER, ["budget", "fete", "quay"]),
    listed(1, 2, JUNE, ["budget", "school"]),
    listed(2, 2, "20210604120000", ["school"]),
    written("budget", JUNE),
    written("budget", DECEMBER, { body: article("budget").replace(/<\/p>.*/s, "") }),
    written("quay", DECEMBER),
    written("school", JUNE),
  ]);
  const cwd = scratch();
  const site = blocks("ts").find((text) => text.includes("defineSite(")) ?? "";
  writeFileSync(join(cwd, "gazette.ts"), site.replace("http://127.0.0.1:8080", mock.origin));
  const runs = blocks("console example").flatMap((text) => text.split(/^\$ /m).slice(1));
  expect(runs.length).toBe(3);
  for (const run of runs) {
    const [command = "", ...shown] = run.split("\n");
    const { stdout, stderr, exitCode } = await sitelift(command.split(" ").slice(2), { cwd });
    expect(exitCode, stderr).toBe(command.endsWith("--from-archive") ? 3 : 0);
    expect(stdout.trimEnd()).toMatch(pattern(shown.join("\n")));
  }
  const ledger = readFileSync(join(cwd, "output/gazette/ledger.jsonl"), "utf8");
  const lines = blocks("jsonl")[0] ?? "";
  for (const line of lines.trimEnd().split("\n")) expect(ledger).toMatch(pattern(line));
});
