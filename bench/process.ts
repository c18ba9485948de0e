/** Runs a program as a whole process and measures what it and all that it starts take. Linux only: it reads /proc. */
import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";

/** What a run of a program took. */
export interface Taken {
  readonly exitCode: number | null;
  /** Seconds from the start to the end. */
  readonly wall: number;
  /** Seconds of CPU, user and system, of the process and all that it started. */
  readonly cpu: number;
  /** Highest resident memory of the first process, in megabytes. */
  readonly first: number;
  /** Highest resident memory of any process that it started; 0 when it started none. */
  readonly other: number;
  /** Highest memory of all together; what they share is counted once. In megabytes. */
  readonly atOnce: number;
  /** Resident memory of the first process, in megabytes, when so many lines had come that were counted. */
  readonly firstAt: readonly number[];
  /** The last 65,536 characters of stdout, and of stderr. */
  readonly stdout: string;
  readonly stderr: string;
}

/** `times` of the shell prints what the shell used, then what its children used: minutes and seconds, user and system. */
const TIMED = `"$@"; code=$?; times >&3; exit $code`;
/** Between two looks at the memory. */
const LOOK_MS = 50;

/**
 * @param counted what is counted in stdout, and the counts at which memory is looked at, in their order
 * @throws Error when the program cannot be started
 */
export function run(
  command: readonly string[],
  { cwd, counted, at = [] }: { cwd?: string; counted?: string; at?: readonly number[] } = {},
): Promise<Taken> {
  const begun = performance.now();
  const child = spawn("bash", ["-c", TIMED, "bash", ...command], {
    cwd,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const ends = { stdout: "", stderr: "", times: "" };
  const [, stdout, stderr, times] = child.stdio;
  for (const [name, stream] of Object.entries({ stdout, stderr, times }))
    stream?.on("data", (text: Buffer) => {
      const key = name as keyof typeof ends;
      ends[key] = (ends[key] + text).slice(-65_536);
    });
  let seen = 0;
  const firstAt: Promise<number>[] = [];
  stdout?.on("data", (text: Buffer) => {
    if (counted === undefined) return;
    seen += text.toString("latin1").split(counted).length - 1;
    while (seen >= (at[firstAt.length] ?? Number.POSITIVE_INFINITY)) {
      const now = childrenOf(child.pid ?? 0).then(([root]) => resident(root ?? 0));
      firstAt.push(now.then((memory) => memory.now));
    }
  });
  let [first, other, atOnce] = [0, 0, 0];
  const watch = setInterval(async () => {
    const [root] = await childrenOf(child.pid ?? 0);
    if (root === undefined) return;
    const own = await resident(root);
    const started = await Promise.all((await descendantsOf(root)).map(resident));
    first = Math.max(first, own.peak);
    other = Math.max(other, ...started.map(({ peak }) => peak));
    const shares = started.length === 0 ? own.now : own.share;
    atOnce = Math.max(atOnce, shares + started.reduce((sum, { share }) => sum + share, 0));
  }, LOOK_MS);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", async (exitCode) => {
      clearInterval(watch);
      const wall = (performance.now() - begun) / 1000;
      const { times: printed, ...said } = ends;
      const taken = { exitCode, wall, cpu: secondsOf(printed), first, other, atOnce };
      resolve({ ...taken, firstAt: await Promise.all(firstAt), ...said });
    });
  });
}

function secondsOf(times: string): number {
  const found = [...times.matchAll(/(\d+)m([\d.]+)s/g)];
  return found.reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
}

/**
 * Resident memory of a process in megabytes, as Linux counts it: now, at its highest so far, and its share
 * (of a page that several processes have, each has its part).
 */
async function resident(pid: number) {
  const [status, shares] = await Promise.all(
    ["status", "smaps_rollup"].map((name) =>
      readFile(`/proc/${pid}/${name}`, "utf8").catch(() => ""),
    ),
  );
  const read = (name: string, text = "") =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0) / 1024;
  return {
    now: read("VmRSS", status),
    peak: read("VmHWM", status),
    share: read("Pss", shares),
  };
}

/** Processes that a process has started and that are alive. */
async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const read = (thread: string) =>
    readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => "");
  const lists = await Promise.all(threads.map(read));
  return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
}

async function descendantsOf(pid: number): Promise<number[]> {
  const children = await childrenOf(pid);
  return [...children, ...(await Promise.all(children.map(descendantsOf))).flat()];
}
