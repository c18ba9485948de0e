/** Runs the command line: in this process, or the built program in a process of its own, as a user does. */
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { main } from "../../src/commands/main.js";

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

/** Variables that a command reads when it runs. Those that Node reads when it starts need a process of its own. */
const READ = [
  "CI",
  "GITHUB_WORKSPACE",
  "JOB_COMPLETION_INDEX",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
] as const;
type Variables = Readonly<Partial<Record<(typeof READ)[number], string>>>;

/** One command at a time: the working folder and the two streams belong to the whole process. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a command in this process: its options, exit code and words are those of the program, and it costs a fifth of a
 * process of its own. What only a process has (signals, pipes, its environment) is asked with `siteliftProcess`.
 */
export function sitelift(
  args: readonly string[],
  { cwd = scratch(), env = {} }: { readonly cwd?: string; readonly env?: Variables } = {},
): Promise<Ended> {
  const ended = last.then(() => runHere(args, cwd, env));
  last = ended.catch(() => {});
  return ended;
}

async function runHere(args: readonly string[], cwd: string, env: Variables): Promise<Ended> {
  const kept = { stdout: "", stderr: "" };
  const before = process.cwd();
  const variables = READ.map((name) => [name, process.env[name]] as const);
  const writes = (["stdout", "stderr"] as const).map((name) => {
    const stream = process[name];
    const { write } = stream;
    stream.write = ((text: string | Uint8Array) => {
      kept[name] += typeof text === "string" ? text : Buffer.from(text).toString("utf8");
      return true;
    }) as typeof write;
    return () => {
      stream.write = write;
    };
  });
  try {
    for (const name of READ) setVariable(name, env[name]);
    process.chdir(cwd);
    const exitCode = await main(args);
    return { exitCode, ...kept };
  } finally {
    process.chdir(before);
    for (const [name, value] of variables) setVariable(name, value);
    for (const restore of writes) restore();
  }
}

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/**
 * Runs the built program in a process of its own.
 *
 * @param node options of Node itself, such as `--import`
 */
export function siteliftProcess(
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
