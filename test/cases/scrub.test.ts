import { describe, expect, test } from "vitest";
import type { Case } from "../../src/cases/case.js";
import { scrubPages } from "../../src/cases/scrub.js";

/** Words that must go, by the rule that finds them. */
const SECRETS: readonly [rule: string, html: string, secret: string][] = [
  [
    "form-build-id",
    '<input type="hidden" name="form_build_id" value="form-Zk3_x9Qw-LmN0pRsTuVwXyZ123456789012345678Ab">',
    "Zk3_x9Qw",
  ],
  [
    "form-build-id",
    '<input name="form_build_id" id="form-0123456789abcdef0123456789abcdef" value="">',
    "0123456789abcdef",
  ],
  ["view-dom-id", '<div class="view view-dom-id-0123456789abcdef0123456789abcdef">', "0123456789"],
  ["form-token", '<meta name="csrf-token" content="a8F3kPq0wLzX">', "a8F3kPq0wLzX"],
  ["form-token", "<input type=hidden name=form_token value=q8Vx_2Lm-aB9>", "q8Vx_2Lm-aB9"],
  ["token-in-script", '{"theme":"x","theme_token":"Nw3_kQ-77aBc","js":{}}', "Nw3_kQ-77aBc"],
  ["nonce", '<script nonce="r4nd0mN0nce==">', "r4nd0mN0nce=="],
  ["session-id", '<a href="/x?PHPSESSID=abc123def456ghi7">', "abc123def456ghi7"],
  ["analytics", "ga('create', 'UA-1234567-1')", "UA-1234567-1"],
  ["analytics", "gtag('config', 'G-AB12CD34EF')", "G-AB12CD34EF"],
  ["e-mail", '<a href="mailto:ann.lee@office.example">', "ann.lee"],
  ["e-mail", "write to ann.lee@office.example.", "ann.lee"],
  ["e-mail", "ann.lee&#64;office.example", "ann.lee"],
];

/** Words that are content, and stay. */
const HARMLESS = [
  "a form-wrapper and form-item-search-block-form",
  'class="form-text form-actions form-type-textfield"',
  "in 2021 @ the harbour, 3@4",
  "a nonce word is one made for the nonce",
  '<meta name="description" content="A token of thanks">',
  "the G-STRING of the violin",
];

function pageCase(bytes: Uint8Array): Case {
  const url = "https://example.org/a";
  const page = { url, requestedUrl: url, status: 200, headers: {}, body: bytes };
  return { about: { kind: "article" } as Case["about"], pages: [page], listing: null };
}

function scrubbed(bytes: Uint8Array) {
  const { saved, found } = scrubPages(pageCase(bytes));
  return { bytes: Buffer.from(saved.pages[0]?.body ?? []), found };
}

describe("scrubbing", () => {
  test.each(SECRETS)("scrubbing removes what rule %s finds from %s", (rule, html, secret) => {
    const { bytes, found } = scrubbed(Buffer.from(html));
    expect(bytes.toString()).not.toContain(secret);
    expect(found[rule]).toBeGreaterThan(0);
    expect(scrubbed(bytes).found).toEqual({});
  });

  test.each(HARMLESS)("scrubbing leaves %s", (html) => {
    expect(scrubbed(Buffer.from(html)).bytes.toString()).toBe(html);
  });

  test("scrubbing leaves every other byte of a page in any charset", () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const page = Buffer.concat([all, Buffer.from(" ann@office.example "), all]);
    const wanted = Buffer.concat([all, Buffer.from(" scrubbed@example.org "), all]);
    expect(scrubbed(page).bytes.equals(wanted)).toBe(true);
  });
});
