/** Real site generators: where they are, and what they made of an exported site. */
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";

const PROJECT = resolve(import.meta.dirname, "../..");
const FOLDER = join(PROJECT, "test/generators");

/** What a program printed, and its exit code. */
export interface Built {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a program to its end. */
export function run(command: string, args: readonly string[], cwd: string): Promise<Built> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1", LC_ALL: "C.UTF-8", NODE_ENV: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk;
    });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (exitCode) => done({ exitCode, output }));
  });
}

/** Null when a program is there, else why it is not. */
export function missing(program: string): string | null {
  return spawnSync(program, ["--version"]).error === undefined
    ? null
    : `${program} is not installed`;
}

/**
 * Installs the generators that npm has, outside of the project's own packages.
 *
 * @returns their node_modules, or why they cannot be installed
 */
export function installGenerators(): { readonly modules: string } | { readonly missing: string } {
  const folder = join(tmpdir(), "sitelift-generators");
  mkdirSync(folder);
  for (const file of ["package.json", "package-lock.json"])
    copyFileSync(join(FOLDER, file), join(folder, file));
  const installed = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], {
    cwd: folder,
    encoding: "utf8",
    timeout: 300_000,
  });
  if (installed.status !== 0)
    return { missing: `the generators cannot be installed: ${installed.stderr.slice(0, 300)}` };
  return { modules: join(folder, "node_modules") };
}

/** Makes installed packages visible from a site. */
export function linkModules(site: string, modules: string): void {
  symlinkSync(modules, join(site, "node_modules"), "dir");
}
