/** Whether an answer is the page that was asked for, and whole. Pure. */
import type { Page } from "../model.js";

/** Statuses after which asking again may help. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** True when asking again may help: the server was slow, busy or broken. */
export function isPassing(status: number): boolean {
  return PASSING.has(status);
}

/** Drupal's page for what it could not catch, the same words since version 4.7. */
const UNEXPECTED = "The website encountered an unexpected error. Please try again later.";
/** Themes close the page in its last lines; a cache or a monitor may add a comment or a script. */
const END = 8 * 1024;
const HEAD = 64 * 1024;

/**
 * Judges an answer with status 200 where an HTML page is wanted.
 *
 * @returns why it is not such a page; null when it is
 */
export function judgeAnswer(page: Page): string | null {
  const { body } = page;
  if (body.length === 0) return "the page is empty";
  if (body[0] === 0x1f && body[1] === 0x8b) return "the page is compressed more often than it says";
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  // Of a page of megabytes no second copy is made.
  const head = bytes.toString("latin1", 0, HEAD);
  const type = page.headers["content-type"];
  if (!isHtml(type, head)) return `the content type is ${type ?? "missing"}, not HTML`;
  return softError(bytes, head) ?? lostEnd(bytes, head);
}

function isHtml(type: string | undefined, text: string): boolean {
  if (type === undefined || type.trim() === "") return /^[^<]{0,64}</.test(text);
  return /^\s*(text\/html|application\/xhtml\+xml)\s*(;|,|$)/i.test(type);
}

/** Error pages that come with status 200. An article may quote the words; only the error page has them alone in an element. */
function softError(bytes: Buffer, head: string): string | null {
  const at = bytes.indexOf(UNEXPECTED);
  const quoted = `"${UNEXPECTED.split(".")[0]}"`;
  if (at >= 0) {
    const end = at + UNEXPECTED.length;
    const before = bytes.toString("latin1", Math.max(0, at - 256), at).trimEnd();
    const after = bytes.toString("latin1", end, end + 256).trimStart();
    const alone = (before === "" || before.endsWith(">")) && (after === "" || after[0] === "<");
    if (alone) return `the page is an error page: ${quoted}`;
  }
  if (/<(title|h1)\b[^>]{0,400}>\s{0,99}Site under maintenance\s{0,99}[|<]/i.test(head))
    return 'the page is an error page: "Site under maintenance"';
  if (/<body\s[^>]{0,999}\bin-maintenance\b/i.test(head))
    return "the page is an error page: the site is in maintenance";
  return null;
}

function lostEnd(bytes: Buffer, head: string): string | null {
  if (!/<html[\s>]/i.test(head.slice(0, 16 * 1024))) return null;
  return /<\/html\s*>/i.test(bytes.toString("latin1", Math.max(0, bytes.length - END)))
    ? null
    : "the page has no end: </html> is missing";
}
