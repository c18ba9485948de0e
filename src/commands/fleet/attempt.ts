/** What becomes of a job of a worker that failed. */
import { CliError, EXIT, wholeWords } from "../../error.js";
import type { HeldJob } from "../../fleet/job.js";
import { Snapshot } from "../../fleet/states.js";
import type { Store } from "../../fleet/store.js";

/** Ends an attempt: another one comes later, or the snapshot waits for a person. */
export async function failAttempt(
  held: Pick<HeldJob, "data" | "isLast" | "complete" | "fail">,
  error: Error,
  store: Store,
): Promise<void> {
  const code = error instanceof CliError ? error.exitCode : EXIT.findings;
  if (!held.isLast && code !== EXIT.usage) return held.fail(error);
  const exitCode = code === EXIT.interrupted ? EXIT.findings : code;
  const { slice } = held.data;
  const reason = error instanceof CliError ? wholeWords(error) : error.message;
  const stopped = { version: 1, why: "failed", exitCode, reason, slice } as const;
  const isStored = await new Snapshot(store, held.data).stop(stopped).then(
    () => true,
    () => false,
  );
  // Where it is the store that fails, the queue alone knows of it: a job that was taken for done would be lost.
  return isStored ? held.complete() : held.fail(error);
}
