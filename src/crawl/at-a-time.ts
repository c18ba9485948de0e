/** Work on many things, a few at a time. */
import pLimit from "p-limit";

/** Rejects with the first error, when what is in flight has come to rest; nothing begins after one. */
export async function fewAtATime<T>(
  all: readonly T[],
  concurrency: number,
  work: (one: T, at: number) => Promise<void>,
): Promise<void> {
  const limit = pLimit(concurrency);
  let isBroken = false;
  const running = all.map((one, at) =>
    limit(async () => {
      if (isBroken) return;
      await work(one, at).catch((error: unknown) => {
        isBroken = true;
        throw error;
      });
    }),
  );
  for (const one of await Promise.allSettled(running))
    if (one.status === "rejected") throw one.reason;
}
