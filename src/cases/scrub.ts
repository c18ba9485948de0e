/** Scrubbing: rules for what a saved page should not keep, and what replaces it. */
import type { Page } from "../model.js";
import type { Case } from "./case.js";

interface ScrubRule {
  readonly name: string;
  /** With one group: the words to replace. Global. No rule finds the replacement. */
  readonly find: RegExp;
  /** Default: `scrubbed`. */
  readonly put?: string;
}

const attribute = (name: string) =>
  `(?:name|id|property)\\s*=\\s*["']?(?:${name})["']?[^<>]*?\\b(?:value|content)\\s*=\\s*["']?`;

const SCRUB_RULES: readonly ScrubRule[] = [
  {
    name: "form-build-id",
    // Drupal makes one with each render.
    // 43 characters of base64, or the MD5 of older versions; `form-item-…` is a class name.
    find: /\b(form-(?:[0-9a-f]{32}|(?=[\w-]*[A-Z])[\w-]{43}))(?![\w-])/g,
  },
  {
    name: "view-dom-id",
    // Drupal's Views makes one with each render.
    find: /\bview-dom-id-([0-9a-f]{16,64})/g,
  },
  {
    name: "form-token",
    // A token belongs to the session of its reader.
    find: new RegExp(
      `${attribute("[\\w-]*(?:csrf|xsrf|form_token|_token|authenticity)[\\w-]*")}(?!scrubbed)([^"'\\s<>]{8,})`,
      "gi",
    ),
  },
  {
    name: "token-in-script",
    // Settings of a script hold tokens, such as Drupal's theme_token.
    find: /["'][\w-]*(?:token|nonce|csrf|xsrf|apikey|api_key|secret)["']\s*:\s*["'](?!scrubbed)([^"'\s]{6,})["']/gi,
  },
  {
    name: "nonce",
    // A content security policy gives a new one with each answer.
    find: /\bnonce\s*=\s*["']?(?!scrubbed)([\w+/=-]{6,})/gi,
  },
  {
    name: "session-id",
    // A session belongs to its reader.
    find: /\b(?:PHPSESSID|JSESSIONID|S?SESS[0-9a-f]{16,}|ASPSESSIONID\w*|sessionid|session_id)\s*[=:]\s*["']?(?!scrubbed)([\w.-]{8,})/gi,
  },
  {
    name: "analytics",
    // Analytics accounts are not part of the content.
    find: /\b((?:UA-\d{4,10}-\d{1,4}|G-(?=[A-Z0-9]*\d)[A-Z0-9]{8,12}|GTM-[A-Z0-9]{5,9}|AW-\d{8,12}))\b/g,
  },
  {
    name: "e-mail",
    // E-mail addresses are personal data.
    find: /(?<![\w.%+-])((?!scrubbed@)[a-z0-9][\w.%+-]*(?:@|&#0*64;|&#x0*40;|%40)(?:[a-z0-9-]+\.)+[a-z]{2,18})\b/gi,
    put: "scrubbed@example.org",
  },
];

/** A text without what the rules find, and how often each found something. */
function scrub(text: string): { text: string; found: Record<string, number> } {
  const found: Record<string, number> = {};
  let clean = text;
  for (const { name, find, put = "scrubbed" } of SCRUB_RULES)
    clean = clean.replace(find, (whole: string, words: string) => {
      found[name] = (found[name] ?? 0) + 1;
      // The group is the last thing that a rule matches, but for a quotation mark.
      const at = whole.lastIndexOf(words);
      return whole.slice(0, at) + put + whole.slice(at + words.length);
    });
  return { text: clean, found };
}

/** A case whose pages are scrubbed. Bytes that are not part of a match stay as they are. */
export function scrubPages(saved: Case): { saved: Case; found: Record<string, number> } {
  const total: Record<string, number> = {};
  const clean = (page: Page): Page => {
    // Each byte is one character of Latin-1: a page in any charset built on ASCII comes back whole.
    const { text, found } = scrub(Buffer.from(page.body).toString("latin1"));
    for (const [name, times] of Object.entries(found)) total[name] = (total[name] ?? 0) + times;
    return { ...page, body: Buffer.from(text, "latin1") };
  };
  const pages = saved.pages.map(clean);
  const listing = saved.listing === null ? null : clean(saved.listing);
  return { saved: { ...saved, pages, listing }, found: total };
}
