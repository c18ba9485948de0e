/** The responses of a capture that was interrupted: what is stored is not requested again. */
import type { Disk } from "../../disk/disk.js";
import type { HttpCache } from "../../http/recorder.js";
import type { WireResponse } from "../../http/wire/receive.js";
import { openBytes } from "../../warc/bytes.js";
import { RevisitIndex, responseOf } from "../read/revisits.js";
import { groupByUrl, indexWarc } from "../read/warc-index.js";

/**
 * @param data the WARC file, cut to its whole records, in which the new session has begun: errors
 *   before that are passed over, since they may have passed
 * @param cache holds the originals of revisits that refer to older captures
 * @throws errors of the disk
 */
export async function openResumed(data: string, cache: HttpCache | null, disk: Disk) {
  const bytes = await openBytes(disk.open(data, "read"));
  const { responses } = await indexWarc({ name: data, bytes }).catch(async (error: unknown) => {
    await bytes.close();
    throw error;
  });
  const revisits = new RevisitIndex();
  for (const response of responses) revisits.add(response);
  const waiting = groupByUrl(responses);
  return {
    /** The next response that was stored for the URL; null when it is to be requested. */
    async next(url: URL): Promise<WireResponse | null> {
      const stored = waiting.get(url.href)?.shift();
      if (stored === undefined) return null;
      try {
        return await responseOf(stored, revisits);
      } catch {
        // Of an older capture, or damaged: then the URL is requested as if for the first time.
        const known = stored.kind === "revisit" ? ((await cache?.find(url)) ?? null) : null;
        return known !== null && known.target.digest === stored.digest ? known.response : null;
      }
    },
    close: bytes.close,
  };
}
