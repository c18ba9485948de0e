/** Runs the built program on a site, as its users do. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Outcome } from "../../src/model.js";

const CLI = new URL("../../dist/src/cli.js", import.meta.url).pathname;

interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of stdout, read as JSON; null when it is none. */
  readonly end: End | null;
  readonly events: readonly Record<string, unknown>[];
}

interface End {
  readonly event: string;
  readonly exitCode: number;
  readonly counts: Readonly<Record<string, number>> | null;
  readonly gaps: readonly string[];
  readonly error?: string;
}

export interface Spawned {
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  readonly done: Promise<CliRun>;
  /** Resolves when stdout or stderr holds a text. */
  saw(text: string): Promise<void>;
}

/**
 * Starts the program; the environment is that of a plain terminal.
 *
 * @param options.limit a shell command to run before, such as `ulimit -f 8`
 */
export function startCli(
  args: readonly string[],
  options: { cwd?: string; limit?: string } = {},
): Spawned {
  const program = ["-c", `${options.limit ?? ":"}; exec "$0" "$@"`, process.execPath, CLI];
  const child = spawn("sh", [...program, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...process.env, NO_COLOR: "1", CI: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  const watchers = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    for (const watch of watchers) watch();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    for (const watch of watchers) watch();
  });
  const done = new Promise<CliRun>((resolve) => {
    child.on("close", (code) => {
      const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
      const events = lines.map(parse).filter((event) => event !== null);
      const end = (events.at(-1) ?? null) as unknown as End | null;
      resolve({ code, stdout, stderr, events, end });
      for (const watch of watchers) watch();
    });
  });
  return {
    pid: child.pid ?? 0,
    signal: (name) => child.kill(name),
    done,
    saw: (text) =>
      new Promise((resolve) => {
        const look = () => {
          if (!(stdout + stderr).includes(text) && child.exitCode === null) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
  };
}

function parse(line: string): Record<string, unknown> | null {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Writes a site file for a server. @returns its path, and the folder for the archive beside it */
export async function siteFile(
  start: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly file: string; readonly out: string; readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "sitelift-reliability-"));
  const file = join(folder, "site.json");
  const site = {
    name: "faulty",
    preset: "drupal7",
    start,
    politeness: { delay: 0 },
  };
  await writeFile(file, JSON.stringify({ ...site, ...more }));
  return { file, out: join(folder, "out"), folder };
}

/** The ledger of an archive; empty when there is none. */
export async function readLedger(out: string): Promise<Outcome[]> {
  const text = await readFile(join(out, "ledger.jsonl"), "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Outcome]));
}
