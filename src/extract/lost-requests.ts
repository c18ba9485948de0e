/** Requests of a page in the browser that failed, from the marks in the page that was rendered. */
import type { Finding } from "../model.js";
import { LOST } from "../post.js";
import { select } from "./select.js";
import type { Tree } from "./tree.js";

/** Rows may have come by what was not answered: one finding for each URL. */
export function lostRequests({ $ }: Tree, page: string): Finding[] {
  return select($, null, `meta[name="${LOST}"]`).flatMap(({ attribs: { content = "" } }) => {
    const mark = /^(\S+) (\S+)$/.exec(content);
    if (mark === null) return [];
    const [place, reason] = [decoded(mark[1]), decoded(mark[2])];
    const message = `listing page ${page} asks in the browser for ${place}, which failed (${reason}): rows may be missing`;
    return [{ finding: "request-failed", place, count: null, message }];
  });
}

/** A page may have marks of its own. */
function decoded(text = ""): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
