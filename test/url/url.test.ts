import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listingUrl, pageIndex } from "../../src/site/page-urls.js";
import { slugify } from "../../src/url/slug.js";
import {
  canonicalUrl,
  entryId,
  sameOrigin,
  slugFor,
  urlKey,
  withoutSession,
} from "../../src/url/url.js";
import { DEEP, runs } from "../deep.js";

const BASE = "https://en.example.org/fieldoffice/beijing/articles?page=2";

describe("canonicalUrl", () => {
  test("canonicalUrl reads a host with an umlaut after many URLs as it does before them", () => {
    for (let at = 0; at < 100_000; at++) canonicalUrl(`https://en.example.org/${at % 100}`);
    expect(canonicalUrl("https://münchen.example/")).toBe("https://xn--mnchen-3ya.example/");
  });

  test("a URL that is spelled plainly is read as it is where its spelling is in question", () => {
    const part = fc.constantFrom("", "/", "/a", "/..", "/.a", "/a.", "/~B-_", "//", "/a/./b", "/1");
    const host = fc.constantFrom(
      ...["en.example.org", "En.example.org", "127.0.0.1", "127.1", "0x7f.1", "[::1]", "[0:0::1]"],
      ...["xn--mnchen-3ya.example", "xn--a", "a..b", "a_b", "-a-", "localhost", "1", "%41"],
    );
    const port = fc.constantFrom("", ":", ":80", ":443", ":08080", ":8080", ":99999");
    const scheme = fc.constantFrom("http://", "https://", "HTTP://");
    fc.assert(
      fc.property(
        scheme,
        host,
        port,
        fc.array(part, { maxLength: 4 }),
        (...[at, name, to, path]) => {
          const url = at + name + to + path.join("");
          expect(canonicalUrl(url)).toBe(canonicalUrl(`${url}#`));
          // A URL that nothing reads is its own key.
          if (canonicalUrl(url) !== null) expect(urlKey(url)).toBe(urlKey(`${url}?`));
        },
      ),
      { numRuns: runs(500) },
    );
  });

  test.each([
    ["/a/b#part", "https://en.example.org/a/b"],
    ["b", "https://en.example.org/fieldoffice/beijing/b"],
    ["?page=3", "https://en.example.org/fieldoffice/beijing/articles?page=3"],
    ["//fr.example.org/a", "https://fr.example.org/a"],
    ["HTTP://EN.Example.ORG:80/A", "http://en.example.org/A"],
    ["https://en.example.org:443", "https://en.example.org/"],
    ["https://en.example.org:8443/", "https://en.example.org:8443/"],
    ["/a/./b/../c", "https://en.example.org/a/c"],
    ["/a?", "https://en.example.org/a"],
    ["/a?&&", "https://en.example.org/a"],
    ["/a??b", "https://en.example.org/a??b"],
    ["/a#", "https://en.example.org/a"],
  ])("canonicalUrl resolves %j against the page URL", (href, expected) => {
    expect(canonicalUrl(href, BASE)).toBe(expected);
  });

  test.each([
    ["  /a \n", "https://en.example.org/a"],
    ["\u00a0/a\u200b\ufeff", "https://en.example.org/a"],
    ["https://en.exam\nple.org/long\r\n-name", "https://en.example.org/long-name"],
    ["\\a\\b", "https://en.example.org/a/b"],
    ["https:\\\\en.example.org\\a", "https://en.example.org/a"],
    ["/with space", "https://en.example.org/with%20space"],
    ["/100%", "https://en.example.org/100%25"],
    ["https://münchen.example/ü", "https://xn--mnchen-3ya.example/%C3%BC"],
  ])("canonicalUrl accepts %j as editors write it", (href, expected) => {
    expect(canonicalUrl(href, BASE)).toBe(expected);
  });

  test.each([
    ["/%7euser/%c3%bc", "/~user/%C3%BC"],
    ["/a%2fb", "/a%2fb"],
    ["/a%2Fb/v1%2e2%2E3?to=%2fx%2e", "/a%2Fb/v1%2e2%2E3?to=%2fx%2e"],
    ["/a%2e%2eb/%2e%2e%2fc", "/a%2e%2eb/%2e%2e%2fc"],
    ["/%41%2d%5f", "/A-_"],
    ["/%e9", "/%E9"],
    ["/a?q=%7e%26+b", "/a?q=~%26+b"],
    ["/%%37e", "/%257e"],
  ])("canonicalUrl normalises the percent-encoding of %s", (href, expected) => {
    expect(canonicalUrl(href, BASE)).toBe(`https://en.example.org${expected}`);
  });

  test.each([
    ["/a?utm_source=x&UTM_Medium=y&id=1&fbclid=z", "/a?id=1"],
    ["/a?b=2&gclid=1&a=1", "/a?b=2&a=1"],
    ["/a?%75tm_source=x", "/a"],
    ["/a?mc_cid=1&mc_eid=2", "/a"],
    ["/a?PHPSESSID=1", "/a"],
    ["/a?SESS0123456789abcdef0123456789abcdef=x", "/a"],
    ["/a;jsessionid=0A1B?x=1", "/a?x=1"],
    ["/a;JSESSIONID=0A1B.node1/b", "/a/b"],
    ["/a/..;jsessionid=1/b", "/b"],
    ["/a/b;%6asessionid=1", "/a/b"],
    ["/a;phpsessid=1?x=1", "/a?x=1"],
    ["/(S(lit3py55t21z5v55vlm25s55))/a", "/a"],
    ["/a?CFID=123&CFTOKEN=45-6&x=1", "/a?x=1"],
    ["/a?ASPSESSIONIDABCDEFGH=XYZ", "/a"],
    ["/a?sid=a1b2c3d4", "/a"],
    ["/a?SID=8f3kq0zt&x=1", "/a?x=1"],
    ["/a?session_id=k3jx9q2m", "/a"],
    ["/a?sid=0a1b2c3d4e5f60718293a4b5c6", "/a"],
    // These may be a section, a story or a flight of fancy: they stay.
    ["/a?sid=12", "/a?sid=12"],
    ["/a?sid=550e8400-e29b-41d4-a716-446655440000", "/a?sid=550e8400-e29b-41d4-a716-446655440000"],
    ["/a?session=opening-ceremony", "/a?session=opening-ceremony"],
    ["/a?session=12345678901234567890123456", "/a?session=12345678901234567890123456"],
    ["/a?sid=article12", "/a?sid=article12"],
    ["/a?session=2021spring", "/a?session=2021spring"],
    ["/a(b)/(c)", "/a(b)/(c)"],
    ["/a?ref=home", "/a?ref=home"],
    ["/a;v=1", "/a;v=1"],
  ])("canonicalUrl drops only tracking and session parameters from %s", (href, expected) => {
    expect(canonicalUrl(href, BASE)).toBe(`https://en.example.org${expected}`);
  });

  test.each([
    "mailto:a@example.org",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "tel:+8610",
    "file:///etc/passwd",
    "ftp://example.org/a",
    "https://user@example.org/",
    "https://user:secret@example.org/",
    "https://",
    "https://exa mple.org/",
    "https://example.org:99999/",
  ])("canonicalUrl refuses %j", (href) => {
    expect(canonicalUrl(href, BASE)).toBeNull();
  });

  test("canonicalUrl returns null for a relative link without a valid base", () => {
    expect(canonicalUrl("/a")).toBeNull();
    expect(canonicalUrl("/a", "nowhere")).toBeNull();
  });
});

describe("listingUrl and pageIndex", () => {
  const list = "https://en.example.org/articles";

  test.each([
    ["", ""],
    ["?", ""],
    ["?page=", ""],
    ["?page=0", ""],
    ["?page=0,0", ""],
    ["?page=0%2C0", ""],
    ["#top", ""],
    ["?page=0&z=1&a=2", "?z=1&a=2"],
    ["?z=1&a=2&page=3", "?z=1&a=2&page=3"],
    ["?page=0,2", "?page=0,2"],
    ["?page=10", "?page=10"],
    ["?subpage=0", "?subpage=0"],
    ["?page=5&page=0", ""],
    ["?page=0&page=5", "?page=0&page=5"],
  ])("listingUrl turns %j into %j", (query, expected) => {
    expect(listingUrl(list + query)).toBe(list + expected);
  });

  test("listingUrl accepts another name for the page parameter", () => {
    expect(listingUrl(`${list}?p=0&page=0`, "p")).toBe(`${list}?page=0`);
  });

  test("listingUrl returns text that is not a URL unchanged", () => {
    expect(listingUrl("nowhere")).toBe("nowhere");
  });

  test.each<[string, number, [string?, number?]]>([
    ["", 0, []],
    ["?page=0", 0, []],
    ["?page=3", 3, []],
    ["?page=-1", 0, []],
    ["?page=abc", 0, []],
    ["?page=1e3", 0, []],
    ["?page=99999999999999999999", 0, []],
    ["?page=2,5", 2, []],
    ["?page=0,2", 2, ["page", 1]],
    ["?page=0%2C2", 2, ["page", 1]],
    ["?page=0%2c2", 0, ["page", 2]],
    ["?page=1&page=4", 4, []],
    ["?p=7&page=1", 7, ["p"]],
  ])("pageIndex of %j is %j", (query, expected, [parameter, element]) => {
    expect(pageIndex(list + query, parameter, element)).toBe(expected);
  });

  test("pageIndex of text that is not a URL is 0", () => {
    expect(pageIndex("nowhere?page=3")).toBe(0);
  });
});

describe("urlKey", () => {
  test.each([
    ["http://en.example.org/a", "https://en.example.org/a"],
    ["https://en.example.org/a/", "https://en.example.org/a"],
    ["https://EN.example.org/a", "https://en.example.org/a"],
    ["https://en.example.org", "https://en.example.org//"],
    ["https://en.example.org/a?x=1&y=2", "https://en.example.org/a?y=2&x=1"],
    ["https://en.example.org/%7ea", "https://en.example.org/~a"],
    ["https://en.example.org/%c3%a9", "https://en.example.org/é"],
    ["https://en.example.org/e%CC%81?q=e%CC%81", "https://en.example.org/%C3%A9?q=é"],
    ["https://en.example.org/a?utm_source=x", "https://en.example.org/a?"],
    ["https://en.example.org/?page=0,2", "https://en.example.org/?page=0%2C2"],
    ["https://en.example.org/?q=%3D%CC%B8+", "https://en.example.org/?q=%E2%89%A0%20"],
    ["https://en.example.org/a#", "https://en.example.org/a"],
    ["https://en.example.org/a%2fb%2Ec", "https://en.example.org/a%2Fb.c"],
    ["https://en.example.org/%E9%2f", "https://en.example.org/%E9%2F"],
    ["https://en.example.org/#row-%c3%a9", "https://en.example.org/#row-é"],
  ])("urlKey is the same for %s and %s", (a, b) => {
    expect(urlKey(a)).toBe(urlKey(b));
  });

  test.each([
    ["https://en.example.org/a", "https://en.example.org/A"],
    ["https://en.example.org/a", "https://fr.example.org/a"],
    ["https://en.example.org/a", "https://en.example.org:8080/a"],
    ["https://en.example.org/a?x=1", "https://en.example.org/a?x=2"],
    ["https://en.example.org/a%2Fb", "https://en.example.org/a/b"],
    ["https://en.example.org/a?x=1%26y=2", "https://en.example.org/a?x=1&y=2"],
    // Rows without a page of their own.
    ["https://en.example.org/a#row-1", "https://en.example.org/a#row-2"],
    ["https://en.example.org/%E9", "https://en.example.org/%25E9"],
    ["https://en.example.org/a+b", "https://en.example.org/a%20b"],
    ["https://en.example.org/%E9", "https://en.example.org/%E8"],
  ])("urlKey differs for %s and %s", (a, b) => {
    expect(urlKey(a)).not.toBe(urlKey(b));
  });

  test("entryId is 16 hexadecimal digits of the SHA-256 of the URL key", () => {
    // printf 'en.example.org/a' | sha256sum
    expect(entryId("https://en.example.org/a/")).toBe("bcd7032698a8a851");
    expect(entryId("http://en.example.org/a")).toBe("bcd7032698a8a851");
  });
});

test.each([
  ["/a?sid=a1b2c3d4&x=%2f&utm_source=y#p?sid=a1b2c3d4", "/a?x=%2f&utm_source=y#p?sid=a1b2c3d4"],
  ["a;jsessionid=1/b?", "a/b?"],
  ["?z=1&Zz=2&q", "?Zz=2&q"],
  ["?z=1", ""],
  ["mailto:a@b.example", "mailto:a@b.example"],
])("withoutSession(%j) leaves all else as it is written", (href, expected) => {
  expect(withoutSession(href, new Set(["z"]))).toBe(expected);
});

test.each([
  ["https://a.example/x", "https://a.example:443/y?z", true],
  ["https://a.example/", "http://a.example/", false],
  ["https://a.example/", "https://b.example/", false],
  ["https://a.example/", "https://a.example:8443/", false],
  ["data:,a", "data:,a", false],
  ["nowhere", "nowhere", false],
])("sameOrigin(%s, %s) is %s", (a, b, expected) => {
  expect(sameOrigin(a, b)).toBe(expected);
});

describe("slugFor", () => {
  const id = "0123456789abcdef";
  const site = "https://en.example.org";

  test.each([
    [`${site}/news/opening-of-the-school`, "opening-of-the-school"],
    [`${site}/news/opening/`, "opening"],
    [`${site}/news/Opening_of.the%20School.HTML`, "opening-of-the-school"],
    [`${site}/news/2021-floods.php`, "2021-floods"],
    [`${site}/ar/%D9%85%D8%AF%D8%B1%D8%B3%D8%A9`, "مدرسة"],
    [`${site}/news/opening?lang=fr`, "opening"],
    [`${site}/news/opening?utm_source=x`, "opening"],
    [`${site}/news/opening;jsessionid=1A`, "opening"],
    // From here on the URL path gives no name.
    [`${site}/node/123`, "the-title"],
    [`${site}/node`, "the-title"],
    [`${site}/index.php`, "the-title"],
    [`${site}/article.php?id=12`, "the-title"],
    [`${site}/reader?story=12`, "the-title"],
    [`${site}/list-of-all#row-1`, "the-title"],
    [`${site}/2021/12/23`, "the-title"],
    [`${site}/2021-12-23`, "the-title"],
    [`${site}/fr`, "the-title"],
    [`${site}/`, "the-title"],
    [`${site}/news/%E9%E8`, "the-title"],
    [`${site}/550e8400-e29b-41d4-a716-446655440000`, "the-title"],
    ["nowhere", "the-title"],
    [null, "the-title"],
  ])("slugFor names %s from its path or else its title", (url, expected) => {
    expect(slugFor(url, "The title", id)).toBe(expected);
  });

  test("slugFor uses the id when the title has no letters, and is never empty", () => {
    expect(slugFor(null, "—", id)).toBe(id);
    expect(slugFor(null, "", "")).toBe("page");
  });
});

describe("slugify", () => {
  test.each([
    ["Opening of the School", "opening-of-the-school"],
    ["  “Curly”… & — dashes!  ", "curly-dashes"],
    ["a\u00a0b\tc\nd", "a-b-c-d"],
    ["L’éducation à l’école", "l-éducation-à-l-école"],
    ["Открытие школы", "открытие-школы"],
    ["افتتاح مدرسة", "افتتاح-مدرسة"],
    ["हिन्दी", "हिन्दी"],
    ["北京的学校", "北京的学校"],
    ["ΟΔΟΣ", "οδος"],
    ["İstanbul I", "i\u0307stanbul-i"],
    [
      "soft\u00adhyphen zero\u200bwidth \u202ertl\u2069 bell\u0007",
      "softhyphen-zerowidth-rtl-bell",
    ],
    ["../../etc/passwd", "etc-passwd"],
    ["9/09/2021", "9-09-2021"],
    ["\ud800half", "half"],
    ["\u0301mark first", "mark-first"],
    ["🎉", ""],
    [".", ""],
    ["..", ""],
    ["", ""],
    ["CON", "con-page"],
    ["com1", "com1-page"],
    ["LPT¹", "lpt¹-page"],
    ["com10", "com10"],
    ["console", "console"],
  ])("slugify turns %j into %j", (text, expected) => {
    expect(slugify(text)).toBe(expected);
  });

  test("slugify cuts a long text at the end of a word", () => {
    const slug = slugify("word ".repeat(40));
    expect(slug).toBe("word-".repeat(16).slice(0, -1));
    expect(slugify(`${"a".repeat(57)} ${"b".repeat(40)}`)).toBe("a".repeat(57));
    expect(slugify(`${"a".repeat(79)} b`)).toBe("a".repeat(79));
    expect(slugify(`ab ${"c".repeat(100)}`)).toBe(`ab-${"c".repeat(77)}`);
  });

  test("slugify limits bytes as well as characters", () => {
    expect(slugify("学".repeat(100))).toBe("学".repeat(40));
    expect(slugify("𠀀".repeat(100))).toBe("𠀀".repeat(30));
  });

  test("slugify never cuts between a letter and its combining mark", () => {
    // The 81st character is the virama of the 80th.
    expect(slugify(`${"a".repeat(79)}क्`)).toBe("a".repeat(79));
  });
});

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.string({
    unit: fc.constantFrom(
      ..."aZ9é%;/?#&=.\\:@- 2e7E\u0301\u0338",
      "%2e",
      "%CC%81",
      "sid=",
      ";jsessionid=",
    ),
  }),
);
const anyUrl = fc.oneof(
  anyText.map((text) => `https://example.org/${text}`),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
);

test("URL functions and slugify handle long runs of one character quickly", () => {
  for (const run of [" ", "\u00a0", "/", "-", "%", "&", "?", ";jsessionid=", "\u0301", "a"]) {
    const text = `x${run.repeat(DEEP ? 200_000 : 60_000)}x`;
    expect(slugify(text).length).toBeLessThan(81);
    expect(slugFor(`https://example.org/${text}`, text, text)).not.toBe("");
    expect(urlKey(`https://example.org/${text}`)).toBe(urlKey(`http://example.org/${text}`));
    expect(canonicalUrl(text, BASE)).not.toBe("");
  }
});

describe("URL properties", () => {
  test("URL functions never throw, whatever the text", () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        canonicalUrl(a, b);
        canonicalUrl(a, BASE);
        listingUrl(a);
        pageIndex(a, b);
        sameOrigin(a, b);
        slugFor(a, b, a);
        expect(entryId(a)).toMatch(/^[0-9a-f]{16}$/);
      }),
    );
  });

  test("canonicalUrl is idempotent and keeps the key of the link", () => {
    fc.assert(
      fc.property(anyUrl, (url) => {
        const canonical = canonicalUrl(url);
        if (canonical === null) return;
        expect(canonicalUrl(canonical)).toBe(canonical);
        expect(canonical).toMatch(/^https?:\/\/[^#]+$/);
        expect(listingUrl(listingUrl(url))).toBe(listingUrl(url));
        expect(urlKey(url).split("#")[0]).toBe(urlKey(canonical));
      }),
      { numRuns: runs(300) },
    );
  });

  test("urlKey is the same for equivalent spellings of a URL", () => {
    const part = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 8 })
      .filter((t) => !/^\.+$/.test(t));
    const pairs = fc.uniqueArray(fc.tuple(part, part), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1 }), pairs, (path, query) => {
        const write = (encode: (text: string) => string, pieces: [string, string][]) =>
          `${path.map(encode).join("/")}?${pieces.map(([k, v]) => `q${encode(k)}=${encode(v)}`).join("&")}`;
        const lower = (text: string) =>
          encodeURIComponent(text.normalize("NFD")).replace(/%../g, (hex) => hex.toLowerCase());
        const one = urlKey(`https://example.org/${write(encodeURIComponent, query)}`);
        const other = `HTTP://Example.ORG:80/${write(lower, query.toReversed()).replace("?", "/?")}&utm_source=x`;
        expect(urlKey(other)).toBe(one);
      }),
    );
  });

  test("slugify of any text is a valid file name on every file system", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const slug = slugify(text);
        expect(slug).toMatch(/^([\p{L}\p{N}][\p{L}\p{M}\p{N}-]*)?$/u);
        expect(slug).not.toMatch(/[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}]|[-. ]$|--/u);
        expect(slug.toLowerCase()).toBe(slug);
        expect(slug).not.toMatch(/^(con|prn|aux|nul|(com|lpt)[0-9¹²³])$/);
        expect([...slug].length).toBeLessThanOrEqual(80);
        expect(Buffer.byteLength(slug)).toBeLessThanOrEqual(120);
        expect(slugify(slug)).toBe(slug);
        expect(slugify(text.normalize("NFD"))).toBe(slug);
        expect(slugify(text.normalize("NFC"))).toBe(slug);
      }),
      { numRuns: runs(400) },
    );
  });

  test("slugify of a long text in any script is short and idempotent", () => {
    const unit = fc.constantFrom(..."aб学क्สิีמ 𠀀-e\u0301\u1100\u1161");
    fc.assert(
      fc.property(fc.string({ unit, minLength: 60, maxLength: 300 }), (text) => {
        const slug = slugify(text);
        expect([...slug].length).toBeLessThanOrEqual(80);
        expect(Buffer.byteLength(slug)).toBeLessThanOrEqual(120);
        expect(Buffer.from(slug).toString()).toBe(slug);
        expect(slugify(slug)).toBe(slug);
        expect(slugify(text.normalize("NFD"))).toBe(slug);
      }),
    );
  });
});
