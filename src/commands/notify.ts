/** `--notify`: sends the last event of a run, whatever came of it. It never changes the exit code. */
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import process from "node:process";
import { errorCode } from "../disk/disk.js";
import type { ExitCode } from "../error.js";
import { type Clock, systemClock } from "../http/clock.js";
import { escapeJson, isUrl, withoutPasswords } from "../text.js";
import type { End } from "./end.js";
import type { Terminal } from "./terminal.js";

/** Milliseconds for one request, and for a command. */
const [REQUEST_MS, COMMAND_MS] = [10_000, 60_000];
/** Milliseconds before each attempt: a server that restarts is there again. */
const WAITS = [0, 1000, 5000];

/**
 * Sends the last event of a run: to a URL as a POST, to a command on its standard input. With SITELIFT_NOTIFY_SECRET the
 * POST is signed: `X-Sitelift-Signature: sha256=` and the HMAC of the body in hexadecimal digits.
 */
export async function notify(
  target: string,
  end: End,
  terminal: Pick<Terminal, "warn">,
  clock: Clock = systemClock,
): Promise<void> {
  const body = withoutPasswords(escapeJson({ event: "end", ...end }));
  const problem = isUrl(target)
    ? await post(target, body, clock)
    : await runCommand(target, `${body}\n`, end.exitCode);
  if (problem !== null)
    terminal.warn(`--notify: ${problem}; the run and its exit code are as they were`);
}

/** @returns what went wrong; null when it was taken */
async function post(url: string, body: string, clock: Clock): Promise<string | null> {
  const secret = process.env.SITELIFT_NOTIFY_SECRET ?? "";
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  const headers = {
    "content-type": "application/json",
    ...(secret === "" ? {} : { "x-sitelift-signature": `sha256=${signature}` }),
  };
  let problem = "";
  for (const wait of WAITS) {
    if (wait > 0) await clock.sleep(wait);
    try {
      const response = await fetch(url, {
        ...{ method: "POST", headers, body, redirect: "manual" },
        signal: AbortSignal.timeout(REQUEST_MS),
      });
      await response.body?.cancel();
      if (response.ok) return null;
      problem = `${new URL(url).host} answered HTTP ${response.status}`;
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      const said = cause instanceof Error ? cause.message : String(cause);
      problem = `${URL.parse?.(url)?.host ?? "the URL"} cannot be reached: ${said}`;
    }
  }
  return `${problem} (${WAITS.length} attempts)`;
}

/** @param ms after which the command is ended @returns what went wrong; null when the command ended with 0 */
export function runCommand(
  command: string,
  input: string,
  exitCode: ExitCode,
  ms = COMMAND_MS,
): Promise<string | null> {
  return new Promise((done) => {
    const env = { ...process.env, SITELIFT_EXIT_CODE: String(exitCode) };
    // Its words go where those of the run for people go: stdout may hold JSON Lines.
    // A group of its own: what the shell started ends with it. Windows has none, and would open a window.
    const detached = process.platform !== "win32";
    const child = spawn(command, { shell: true, stdio: ["pipe", 2, 2], env, detached });
    const timer = setTimeout(() => {
      if (detached && child.pid !== undefined) killGroup(child.pid);
      else child.kill("SIGKILL");
      child.unref();
      child.stdin?.destroy();
      done(`the command took more than ${ms / 1000} s`);
    }, ms);
    child.on("error", (error) => {
      clearTimeout(timer);
      done(`the command cannot run: ${error.message}`);
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      done(code === 0 ? null : `the command ended with ${code ?? signal}`);
    });
    // A command need not read what it is given.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/** What ignores SIGTERM would keep the run from ending. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (errorCode(error) !== "ESRCH") throw error;
  }
}
