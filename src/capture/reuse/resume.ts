/** Answers of a capture that was cut off: what is there is not asked for again. */

import type { Disk } from "../../disk/disk.js";
import type { HttpCache } from "../../http/recorder.js";
import type { WireResponse } from "../../http/wire/receive.js";
import { openBytes } from "../../warc/bytes.js";
import { answerOf, Pool } from "../read/revisits.js";
import { type Held, scanFile } from "../read/scan.js";

export interface ResumedResponses {
  /** The next answer that the address gave before; null when it is to be asked. */
  next(url: URL): Promise<WireResponse | null>;
  close(): Promise<void>;
}

/**
 * @param data the WARC file, cut to its whole records, in which the new session has begun: errors
 *   before that are passed over, since they may have passed
 * @param cache knows what revisits stand for that refer to older captures
 * @throws errors of the disk
 */
export async function openResumed(
  data: string,
  cache: HttpCache | null,
  disk: Disk,
): Promise<ResumedResponses> {
  const bytes = await openBytes(disk.open(data, "read"));
  const pool = new Pool();
  const waiting = new Map<string, Held[]>();
  try {
    for (const held of (await scanFile({ name: data, bytes })).held) {
      pool.add(held);
      const others = waiting.get(held.url);
      if (others === undefined) waiting.set(held.url, [held]);
      else others.push(held);
    }
  } catch (error) {
    await bytes.close().catch(() => undefined);
    throw error;
  }
  return {
    async next(url) {
      const held = waiting.get(url.href)?.shift();
      if (held === undefined) return null;
      try {
        return await answerOf(held, pool);
      } catch {
        // Of an older capture, or damaged: then the address is asked as if for the first time.
        const known = held.kind === "revisit" ? ((await cache?.find(url)) ?? null) : null;
        return known !== null && known.target.digest === held.digest ? known.response : null;
      }
    },
    close: () => bytes.close(),
  };
}
