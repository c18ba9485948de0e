/** What a listing page is in a browser: one that makes its rows by scripts, and one that was rendered while requests failed. */
import type { Finding } from "../model.js";
import { codeOfStatus } from "../schema/failure-code.js";
import { percentDecode } from "../text.js";
import { LOST } from "../url/post.js";
import { textOf } from "./nodes.js";
import { select } from "./select.js";
import type { Tree } from "./tree.js";
import { countWords } from "./words.js";

/** Of the listing pages of WCXB (263, by hand), 3.4 % have fewer words: as many as are applications of a browser. */
const FEW_WORDS = 120;

/** A sentence where a page without rows is such a shell; null where it is not. */
export function shellNote(tree: Tree): string | null {
  const scripts = select(tree.$, null, "script").length;
  const words = countWords(textOf(select(tree.$, null, "body")));
  if (scripts === 0 || words >= FEW_WORDS) return null;
  return `the page has ${words} words and ${scripts === 1 ? "a script" : `${scripts} scripts`}: a browser may show more (\`render: "when-empty"\` in \`listing\`)`;
}

/** Rows may have come by what was not answered: one finding for each URL. */
export function lostRequests({ $ }: Tree, page: string): Finding[] {
  return select($, null, `meta[name="${LOST}"]`).flatMap(({ attribs: { content = "" } }) => {
    const mark = /^(\S+) (\S+)$/.exec(content);
    if (mark === null) return [];
    const [place, reason] = [percentDecode(mark[1] ?? ""), percentDecode(mark[2] ?? "")];
    const message = `listing page ${page} asks in the browser for ${place}, which failed (${reason}): rows may be missing`;
    const [, status = 0] = /^HTTP (\d{3})$/.exec(reason) ?? [];
    return [
      {
        finding: "request-failed",
        place,
        count: null,
        message,
        code: codeOfStatus(Number(status)),
      },
    ];
  });
}
