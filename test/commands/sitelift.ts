/** Runs the built command as a user would: a process of its own in a folder of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";

const PROJECT = resolve(import.meta.dirname, "../..");
const COMMAND = join(PROJECT, "dist/src/cli.js");

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty folder to work in. */
export function scratch(): string {
  return mkdtempSync(join(tmpdir(), "sitelift-"));
}

/** @param node options of Node itself, such as `--import` */
export function sitelift(
  args: readonly string[],
  {
    cwd = scratch(),
    env = {},
    node = [],
  }: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly node?: readonly string[];
  } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [...node, COMMAND, ...args], {
    cwd,
    env: { PATH: process.env.PATH, TMPDIR: tmpdir(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (exitCode) => done({ exitCode, stdout, stderr }));
  });
}

/** The lines of `--json`, each one object. */
export function events(stdout: string): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
