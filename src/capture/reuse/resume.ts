/** The responses of a capture that was interrupted: what is stored is not requested again. */
import type { Disk } from "../../disk/disk.js";
import type { HttpCache } from "../../http/recorder.js";
import type { WireResponse } from "../../http/wire/receive.js";
import type { Post } from "../../model.js";
import { requestKey } from "../../url/post.js";
import { openBytes } from "../../warc/bytes.js";
import { ResponseTable } from "../read/response-table.js";
import { responseOf } from "../read/revisits.js";
import { indexWarc } from "../read/warc-index.js";

/**
 * @param data the WARC file, cut to its whole records, in which the new session has begun: errors
 *   before that are passed over, since they may have passed
 * @param cache holds the originals of revisits that refer to older captures
 * @throws errors of the disk
 */
export async function openResumed(data: string, cache: HttpCache | null, disk: Disk) {
  const bytes = await openBytes(disk.open(data, "read"));
  const table = new ResponseTable();
  await indexWarc({ name: data, bytes }, table).catch(async (error: unknown) => {
    await bytes.close();
    throw error;
  });
  const given = new Map<number, number>();
  return {
    /** The next response that was stored for the request; null when it is to be sent. */
    async next(url: URL, post?: Post): Promise<WireResponse | null> {
      const rows = table.ofUrl(requestKey(url.href, post));
      const key = rows[0] ?? -1;
      const row = rows[given.get(key) ?? 0];
      given.set(key, (given.get(key) ?? 0) + 1);
      const stored = row === undefined ? null : await table.read(row).catch(() => null);
      if (stored === null) return null;
      try {
        return await responseOf(stored, table);
      } catch (error) {
        // Of a crawl that continues, an attempt that failed is one of its attempts.
        if (stored.kind === "failure") throw error;
        // Of an older capture, or damaged: then the URL is requested as if for the first time.
        const known =
          stored.kind === "revisit" && post === undefined
            ? ((await cache?.find(url)) ?? null)
            : null;
        return known !== null && known.target.digest === stored.digest ? known.response : null;
      }
    },
    close: bytes.close,
  };
}
