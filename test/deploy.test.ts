/** The manifests of deploy/: what Kubernetes takes, and what sitelift means by its exit codes. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { newProgram } from "../src/commands/main.js";
import { EXIT } from "../src/error.js";

const ROOT = resolve(import.meta.dirname, "..");
const MODELS = createRequire(import.meta.url).resolve("kubernetes-models");

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // biome-ignore lint/suspicious/noExplicitAny: a schema holds it, not a type
  readonly spec: any;
  readonly data?: Readonly<Record<string, string>>;
}

const FILES = readdirSync(join(ROOT, "deploy")).filter((name) => name.endsWith(".yaml"));
const resourcesOf = (file: string): Resource[] =>
  parseAllDocuments(readFileSync(join(ROOT, "deploy", file), "utf8")).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Resource;
  });
const ALL = FILES.flatMap((file) => resourcesOf(file).map((resource) => ({ file, resource })));
/** What runs pods: of a CronJob, the Job that it makes. */
const RUNNERS = ALL.map(({ resource }) => resource.spec?.jobTemplate ?? resource) as Resource[];
const find = (kind: string) =>
  ALL.map(({ resource }) => resource).find((resource) => resource.kind === kind);

/** What keeps note of the keys that are read of an object, at any depth. */
function watched(value: unknown, place: string, seen: Set<string>): unknown {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const found: unknown = Reflect.get(target, key);
      if (typeof key === "symbol" || !Object.hasOwn(target, key)) return found;
      const path = `${place}/${key}`;
      seen.add(path);
      return watched(found, path, seen);
    },
  });
}

function pathsOf(value: unknown, place = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [
    `${place}/${key}`,
    ...pathsOf(one, `${place}/${key}`),
  ]);
}

/** @returns what the schema of Kubernetes says of a resource, and the keys that it does not know */
async function problemsOf({ apiVersion, kind, ...rest }: Resource): Promise<string[]> {
  // The package exports classes, whose validation copies what it is given.
  const schema = join(dirname(MODELS), "_schemas", `${schemaName(apiVersion, kind)}.js`);
  const { validate } = await import(pathToFileURL(schema).href);
  const seen = new Set<string>();
  const isValid = validate(watched({ apiVersion, kind, ...rest }, "", seen));
  const errors = isValid ? [] : (validate.errors as { instancePath: string; keyword: string }[]);
  // A compiled schema reads every key that it knows.
  const unknown = pathsOf({ apiVersion, kind, ...rest }).filter((path) => !seen.has(path));
  return [
    ...errors.map(({ instancePath, keyword }) => `${instancePath}: ${keyword}`),
    ...unknown.map((path) => `${path} is unknown`),
  ];
}

/** `IoK8sApiBatchV1Job` of `batch/v1` and `Job`. */
function schemaName(apiVersion: string, kind: string): string {
  const [version = "", group = "core"] = apiVersion.split("/").reverse();
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  return `IoK8sApi${capital(group.split(".")[0] ?? "")}${capital(version)}${kind}`;
}

describe("the manifests of deploy/", () => {
  test.each(ALL.map(({ file, resource }) => [resource.kind, file, resource] as const))(
    "Kubernetes knows every key of the %s in %s",
    async (_, __, resource) => {
      expect(await problemsOf(resource)).toEqual([]);
    },
  );

  test("a misspelt key, a missing one and a value of another type would be found", async () => {
    const job = find("Job") as Resource;
    const { template, backoffLimitPerIndex, ...spec } = job.spec;
    const broken = { ...job, spec: { ...spec, backofLimitPerIndex: 2, completions: "50" } };
    expect((await problemsOf(broken)).sort()).toEqual([
      "/spec/backofLimitPerIndex is unknown",
      "/spec/completions: type",
      "/spec: required",
    ]);
  });

  test("what a pod mounts, selects and claims is there", () => {
    const claims = ALL.filter(({ resource }) => resource.kind === "PersistentVolumeClaim");
    const names = claims.map(({ resource }) => resource.metadata.name);
    for (const resource of RUNNERS) {
      const pod = resource.spec?.template?.spec;
      if (pod === undefined) continue;
      const own = (resource.spec.volumeClaimTemplates ?? []) as Resource[];
      const volumes: string[] = [...pod.volumes, ...own.map(({ metadata }) => metadata)].map(
        ({ name }) => name,
      );
      for (const { volumeMounts } of pod.containers)
        for (const { name } of volumeMounts) expect(volumes).toContain(name);
      for (const { persistentVolumeClaim } of pod.volumes)
        if (persistentVolumeClaim) expect(names).toContain(persistentVolumeClaim.claimName);
      const selected = resource.spec.selector?.matchLabels ?? {};
      expect(resource.spec.template.metadata.labels).toMatchObject(selected);
    }
  });

  test("no pod runs as root, writes to its own file system or reaches the API of the cluster", () => {
    for (const resource of RUNNERS) {
      const pod = resource.spec?.template?.spec;
      if (pod === undefined) continue;
      expect(pod.securityContext.runAsNonRoot).toBe(true);
      expect(pod.automountServiceAccountToken).toBe(false);
      for (const { securityContext, resources } of pod.containers) {
        expect(securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        expect(resources.limits.memory).toBeDefined();
      }
    }
  });

  test("every command and option that a pod runs exists", async () => {
    const runs = RUNNERS.flatMap((resource) => resource.spec?.template?.spec.containers ?? [])
      .filter(({ image }) => /\/sitelift:/.test(image))
      .map(({ args }) => args as string[]);
    expect(runs).not.toEqual([]);
    for (const [name, ...words] of runs) {
      const program = await newProgram(
        "",
        (one) => one === name,
        () => {},
      );
      const command = program.commands.find((one) => one.name() === name);
      const options = command?.options.map(({ long }) => long);
      for (const word of words) if (word.startsWith("--")) expect(options).toContain(word);
    }
  });

  test("Redis keeps jobs over a restart, and refuses them when its memory is used up", () => {
    const config = find("ConfigMap")?.data?.["redis.conf"] ?? "";
    expect(config).toMatch(/^appendonly yes$/m);
    expect(config).toMatch(/^maxmemory-policy noeviction$/m);
  });
});

describe("the failure policy of builds", () => {
  const { spec } = find("Job") as Resource;
  /** What becomes of an index whose pod ends with this exit code: https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy */
  const fate = (exitCode: number): string => {
    if (exitCode === 0) return "done";
    for (const { action, onExitCodes } of spec.podFailurePolicy.rules)
      if (onExitCodes?.operator === "In" && onExitCodes.values.includes(exitCode)) return action;
    return `again, ${spec.backoffLimitPerIndex} times`;
  };

  test("each line of the manifest is an index, which fails for itself", () => {
    expect(spec).toMatchObject({ completionMode: "Indexed", backoffLimitPerIndex: 2 });
    expect(spec.maxFailedIndexes).toBeGreaterThan(0);
    expect(spec.template.spec.restartPolicy).toBe("Never");
    expect(spec.podFailurePolicy.rules[0]).toMatchObject({
      action: "Ignore",
      onPodConditions: [{ type: "DisruptionTarget" }],
    });
  });

  test("docs/fleet.md says of every exit code of a build what becomes of its line", () => {
    const text = readFileSync(join(ROOT, "docs/fleet.md"), "utf8");
    const rows = [...text.matchAll(/^\| `(\d+)` \| [^|]+ \| ([^|]+) \|$/gm)];
    const told = Object.fromEntries(rows.map(([, code, what]) => [Number(code), what]));
    // A build asks no site, so it is never unreachable; 130 is a signal, and 137 the end of memory.
    const codes = [...Object.values(EXIT).filter((code) => code !== EXIT.unreachable), 137];
    expect(told).toEqual(Object.fromEntries(codes.map((code) => [code, fate(code)])));
  });
});
