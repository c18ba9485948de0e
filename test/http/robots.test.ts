import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { forbiddingRule, parseRobots, ROBOTS_BYTES } from "../../src/http/polite/robots.js";
import { isWebPage } from "../../src/text.js";
import { answer, type FaultServer, type Scenario, startFaultServer } from "../fault-server.js";
import { fetchPaths, HOST } from "./crawl.js";

const bytes = (text: string) => new TextEncoder().encode(text);
const forbids = (robots: string, path: string, token = "sitelift") =>
  forbiddingRule(parseRobots(bytes(robots), token), new URL(`http://a.example${path}`))?.path ??
  null;

const all = (...rules: string[]) => ["User-agent: *", ...rules].join("\n");

/** Case, robots.txt, path, rule that forbids it. After RFC 9309 and what Google publishes of its parser. */
const CASES: readonly (readonly [string, string, string, string | null])[] = [
  ["an empty file allows everything", "", "/", null],
  ["a single slash forbids everything", all("Disallow: /"), "/x", "/"],
  ["an empty path forbids nothing", all("Disallow:"), "/x", null],
  ["a rule before any group is ignored", "Disallow: /\nUser-agent: x\nAllow: /", "/x", null],
  ["robots.txt itself is always allowed", all("Disallow: /"), "/robots.txt", null],
  ["a path matches as a prefix", all("Disallow: /fish"), "/fish/salmon.html", "/fish"],
  ["a prefix need not end at a path segment", all("Disallow: /fish"), "/fishheads", "/fish"],
  ["paths are case-sensitive", all("Disallow: /fish"), "/Fish.asp", null],
  ["a trailing slash is significant", all("Disallow: /fish/"), "/fish", null],
  ["the query belongs to the path", all("Disallow: /fish?id"), "/fish?id=1", "/fish?id"],
  ["the fragment does not belong to the path", all("Disallow: /a#b"), "/a#c", "/a"],
  ["a star at the end changes nothing", all("Disallow: /fish*"), "/fishheads", "/fish*"],
  ["a star matches anything", all("Disallow: /*.php"), "/index.php?x=1", "/*.php"],
  ["a star matches nothing too", all("Disallow: /a*b"), "/ab", "/a*b"],
  ["several stars match", all("Disallow: /*a*b*c"), "/xxaxxbxxc", "/*a*b*c"],
  ["several stars match only in order", all("Disallow: /*a*b*c"), "/xxcxxbxxa", null],
  [
    "a dollar at the end matches the end of the path",
    all("Disallow: /*.php$"),
    "/index.php",
    "/*.php$",
  ],
  [
    "a dollar at the end matches only the end of the path",
    all("Disallow: /*.php$"),
    "/index.php?x",
    null,
  ],
  ["a dollar inside a path matches a dollar", all("Disallow: /a$b"), "/a$b", "/a$b"],
  ["an encoded star matches a star", all("Disallow: /a%2Ab"), "/a*b", "/a%2Ab"],
  ["an encoded star matches nothing else", all("Disallow: /a%2Ab"), "/axb", null],
  ["an encoded dollar matches a dollar", all("Disallow: /a%24"), "/a$x", "/a%24"],
  ["a path without a slash matches nothing", all("Disallow: fish"), "/fish", null],
  ["a path may start with a star", all("Disallow: *.gif$"), "/a/b.gif", "*.gif$"],
  ["the longest path wins", all("Allow: /p", "Disallow: /"), "/page", null],
  [
    "the longest path wins whatever the order",
    all("Disallow: /folder/secret", "Allow: /folder"),
    "/folder/secret/x",
    "/folder/secret",
  ],
  [
    "Allow wins over a Disallow of the same length",
    all("Disallow: /folder", "Allow: /folder"),
    "/folder/page",
    null,
  ],
  [
    "wildcards count towards the length",
    all("Allow: /page", "Disallow: /*.htm"),
    "/page.htm",
    "/*.htm",
  ],
  ["the end mark counts towards the length", all("Allow: /$", "Disallow: /"), "/", null],
  ["the end mark allows the front page alone", all("Allow: /$", "Disallow: /"), "/page.htm", "/"],
  [
    "a group for the user agent replaces the group for all",
    "User-agent: *\nDisallow: /\nUser-agent: sitelift\nDisallow: /x",
    "/y",
    null,
  ],
  [
    "an empty group for the user agent replaces the group for all",
    "User-agent: *\nDisallow: /\nUser-agent: sitelift",
    "/y",
    null,
  ],
  ["names are case-insensitive", "user-AGENT: SiteLift\ndisALLOW: /x", "/x", "/x"],
  ["a version after the name is ignored", "User-agent: sitelift/2.0\nDisallow: /x", "/x", "/x"],
  ["a longer name does not match", "User-agent: sitelift-images\nDisallow: /", "/x", null],
  ["a shorter name does not match", "User-agent: site\nDisallow: /", "/x", null],
  [
    "groups of one name are merged",
    "User-agent: sitelift\nDisallow: /a\nUser-agent: b\nDisallow: /b\nUser-agent: sitelift\nDisallow: /c",
    "/c",
    "/c",
  ],
  [
    "a group between two merged groups is not merged",
    "User-agent: sitelift\nDisallow: /a\nUser-agent: b\nDisallow: /b\nUser-agent: sitelift\nDisallow: /c",
    "/b",
    null,
  ],
  [
    "one group may have several names",
    "User-agent: a\nUser-agent: sitelift\nDisallow: /x",
    "/x",
    "/x",
  ],
  [
    "a rule ends the list of names",
    "User-agent: sitelift\nDisallow: /x\nUser-agent: a\nDisallow: /y",
    "/y",
    null,
  ],
  [
    "other lines do not end the list of names",
    "User-agent: sitelift\nSitemap: http://a.example/s\nUser-agent: a\nDisallow: /y",
    "/y",
    "/y",
  ],
  [
    "empty lines do not end the list of names",
    "User-agent: sitelift\n\n\nDisallow: /x",
    "/x",
    "/x",
  ],
  ["comments are ignored", "User-agent: sitelift # us\nDisallow: /x # not this", "/x", "/x"],
  ["white space is ignored", "  User-agent :  sitelift \n\tDisallow\t:\t/x\t", "/x", "/x"],
  ["carriage returns end lines", "User-agent: *\rDisallow: /x\rDisallow: /y", "/y", "/y"],
  [
    "mixed line ends are accepted",
    "User-agent: *\r\nDisallow: /x\rDisallow: /y\nDisallow: /z",
    "/z",
    "/z",
  ],
  ["a byte order mark is ignored", "\uFEFFUser-agent: *\nDisallow: /x", "/x", "/x"],
  ["a missing colon is accepted", "User-agent *\nDisallow /x", "/x", "/x"],
  ["common misspellings are accepted", "Useragent: *\nDissallow: /x", "/x", "/x"],
  [
    "meaningless lines are ignored",
    "<b>\n:\nUser-agent: *\n=====\nDisallow: /x\n__proto__: /",
    "/x",
    "/x",
  ],
  [
    "unreserved octets match when the rule encodes them",
    all("Disallow: /foo/%62%61%7A"),
    "/foo/baz",
    "/foo/%62%61%7A",
  ],
  [
    "unreserved octets match when the path encodes them",
    all("Disallow: /foo/~b"),
    "/foo/%7Eb",
    "/foo/~b",
  ],
  ["percent-encoding is case-insensitive", all("Disallow: /a%3cd"), "/a%3Cd.html", "/a%3cd"],
  ["reserved octets do not match their encoding", all("Disallow: /a/b"), "/a%2Fb", null],
  [
    "letters beyond ASCII match when the path encodes them",
    all("Disallow: /foo/bar/ツ"),
    "/foo/bar/%E3%83%84",
    "/foo/bar/ツ",
  ],
  [
    "letters beyond ASCII match when the rule encodes them",
    all("Disallow: /foo/bar/%E3%83%84"),
    "/foo/bar/ツ",
    "/foo/bar/%E3%83%84",
  ],
];

describe("robots.txt rules", () => {
  test.each(CASES)("in robots.txt, %s", (_, robots, path, rule) => {
    expect(forbids(robots, path)).toBe(rule);
  });

  test("robots.txt is read up to 500 KiB, and a line cut there is ignored", () => {
    const filler = `${"#".repeat(99)}\n`.repeat(ROBOTS_BYTES / 100 - 1);
    const near = `User-agent: *\nDisallow: /near\n${filler}`;
    const padded = `${near}${"#".repeat(ROBOTS_BYTES - near.length - 14)}\n`;
    expect(forbids(`${padded}Disallow: /private-part`, "/near")).toBe("/near");
    expect(forbids(`${padded}Disallow: /private-part`, "/private-part")).toBeNull();
    expect(forbids(`${padded}Disallow: /private-part`, "/pr")).toBeNull();
    expect(forbids(`${padded}\nDisallow: /far`, "/far")).toBeNull();
  });

  test.each([
    ["Crawl-delay: 2.5", 2500],
    ["crawl-delay:10", 10_000],
    ["Crawl-delay: soon", null],
    ["Crawl-delay: -1", null],
    ["", null],
  ])("the robots.txt line %j gives a delay of %s ms", (line, delay) => {
    expect(parseRobots(bytes(all(line)), "sitelift").crawlDelay).toBe(delay);
  });

  test("robots.txt parsing and matching never throw, whatever the bytes and path", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.webPath(), (body, path) => {
        const robots = parseRobots(body, "sitelift");
        expect(robots.rules.length).toBeLessThanOrEqual(body.length);
        forbiddingRule(robots, new URL(`http://a.example${path}`));
      }),
    );
  });

  test("a robots.txt path without wildcards matches as a prefix", () => {
    const path = fc.stringMatching(/^\/[a-z/]{0,6}$/);
    fc.assert(
      fc.property(path, path, (rule, asked) => {
        const { pathname } = new URL(`http://a.example${asked}`);
        expect(forbids(all(`Disallow: ${rule}`), pathname) !== null).toBe(
          pathname.startsWith(rule),
        );
      }),
    );
  });

  test("a robots.txt pattern with thousands of stars is matched quickly", () => {
    const rule = `/${"*a".repeat(2000)}$`;
    expect(forbids(all(`Disallow: ${rule}`), `/${"a".repeat(1999)}`)).toBeNull();
  });

  test("a robots.txt of long words that almost match is matched quickly", () => {
    const long = `/${"a".repeat(8000)}`;
    const words = [
      `${"a".repeat(4000)}b`,
      `b${"a".repeat(4000)}`,
      `${"a".repeat(2000)}b${"a".repeat(2000)}`,
    ];
    const rules = Array.from({ length: 372 }, (_, at) => `Disallow: /*${words[at % 3]}`);
    expect(forbids(all(...rules), long)).toBeNull();
    const found = `Disallow: /*${"a".repeat(300)}b*c$`;
    expect(forbids(all(found), `${long}bac`)).toBe(found.slice(10));
  });

  test("a robots.txt pattern matches what the regular expression that it stands for matches", () => {
    const word = fc.stringMatching(/^[ab*]{0,6}(?:[ab]{33,40}\*?)?[ab]{0,3}\$?$/);
    fc.assert(
      fc.property(word, fc.stringMatching(/^[ab]{0,90}$/), (rule, path) => {
        expect(forbids(all(`Disallow: /${rule}`), `/${path}`) !== null).toBe(
          new RegExp(`^/${rule.replaceAll("*", ".*")}`).test(`/${path}`),
        );
      }),
    );
  });

  test.each([
    ["<!DOCTYPE html><p>Not found", true],
    ["\n <HTML>", true],
    ["User-agent: *\nDisallow: /<html>", false],
    ["# <html>", false],
    ["", false],
  ])("isWebPage of %j is %s", (text, expected) => {
    expect(isWebPage(text)).toBe(expected);
  });
});

const text =
  (body: string | Uint8Array, status = 200, type = "text/plain"): Scenario =>
  (ask) =>
    answer(ask, status, { "content-type": type }, body);
const to =
  (location: string): Scenario =>
  (ask) =>
    answer(ask, 301, { location }, "");
const forbid = "User-agent: *\nDisallow: /page\n";

/** Response to robots.txt, outcome of /page, number of requests for robots.txt. */
const SERVED: readonly (readonly [string, Scenario, RegExp | null, number])[] = [
  ["a rule", text(forbid), /^excluded: robots\.txt: Disallow: \/page$/, 1],
  ["401", text(forbid, 401), null, 1],
  ["403", text(forbid, 403), null, 1],
  ["404", text(forbid, 404), null, 1],
  ["410", text(forbid, 410), null, 1],
  ["429", text(forbid, 429), /^excluded: robots\.txt: .*HTTP 429/, 2],
  ["500", text(forbid, 500), /^excluded: robots\.txt: .*HTTP 500/, 2],
  ["501", text(forbid, 501), /^excluded: robots\.txt: .*HTTP 501/, 1],
  ["503", text(forbid, 503), /^excluded: robots\.txt: .*HTTP 503/, 2],
  [
    "503, then a rule",
    (ask) => text(forbid, ask.times > 1 ? 200 : 503)(ask),
    /Disallow: \/page/,
    2,
  ],
  [
    "missing",
    () => {},
    /^failed: cannot reach the site: no response.*robots\.txt is fetched first/,
    2,
  ],
  [
    "a closed connection",
    ({ socket }) => socket.destroy(),
    /^failed: cannot reach the site: .*closed/,
    2,
  ],
  ["an HTML page for a missing file", text("<!DOCTYPE html><p>Nothing", 200, "text/html"), null, 1],
  [
    "an HTML page after a byte order mark",
    text("\ufeff<!DOCTYPE html><pre>User-agent: *\nDisallow: /page\n", 200, "text/html"),
    null,
    1,
  ],
  ["rules served as HTML", text(forbid, 200, "text/html"), /Disallow: \/page/, 1],
  ["empty", text(""), null, 1],
  [
    "longer than the part that is read",
    text(`${forbid}${"#\n".repeat(400_000)}`),
    /Disallow: \/page/,
    1,
  ],
  ["a redirect to rules", to("/real-robots"), /Disallow: \/page/, 1],
  ["an endless redirect", to("/robots.txt"), null, 6],
  [
    "a redirect to another origin",
    to("http://127.0.0.1/robots.txt"),
    /^excluded: robots\.txt: .*scope/,
    1,
  ],
  ["a redirect to a file URL", to("file:///etc/passwd"), /^excluded: robots\.txt: .*scope/, 1],
];

describe("robots.txt responses", () => {
  let server: FaultServer;
  afterEach(() => server.close());

  test.each(SERVED)(
    "a crawl whose robots.txt response is %s follows the robots policy",
    async (_, robots, expected, asked) => {
      server = await startFaultServer({ "/robots.txt": robots, "/real-robots": text(forbid) });
      const { responses } = await fetchPaths(server, ["/page", "/page?again"]);
      const said = responses.map((one) =>
        "page" in one ? "page" : `${one.state}: ${one.failure.reason}`,
      );
      if (expected === null) expect(said[0]).toBe("page");
      else expect(said[0]).toMatch(expected);
      expect(server.asked.filter(({ path }) => path === "/robots.txt")).toHaveLength(asked);
      expect(server.asked.filter(({ path }) => path === "/page")).toHaveLength(expected ? 0 : 1);
    },
  );

  test("a redirect to a path that robots.txt disallows is not requested", async () => {
    server = await startFaultServer({ "/robots.txt": text("User-agent: *\nDisallow: /private/") });
    const { responses } = await fetchPaths(server, ["/to-private"]);
    expect(responses).toMatchObject([
      {
        state: "excluded",
        failure: {
          reason: `robots.txt: Disallow: /private/ (redirected to http://${HOST}/private/page)`,
        },
      },
    ]);
    expect(server.asked.map(({ path }) => path)).toEqual(["/robots.txt", "/to-private"]);
  });

  test("robots.txt is not requested when it is to be ignored", async () => {
    server = await startFaultServer({ "/robots.txt": text("User-agent: *\nDisallow: /") });
    const { responses } = await fetchPaths(server, ["/page"], { ignoreRobots: true });
    expect(responses).toMatchObject([{ page: { status: 200 } }]);
    expect(server.asked).toHaveLength(1);
  });

  test("Crawl-delay sets the time between requests, within bounds", async () => {
    server = await startFaultServer({ "/robots.txt": text(all("Crawl-delay: 7")) });
    const seven = await fetchPaths(server, ["/page", "/page", "/page"]);
    expect(seven.waited).toBeGreaterThanOrEqual(20_000);
    expect(seven.waited).toBeLessThan(22_000);
    expect(seven.events.filter(({ event }) => event === "warning")).toEqual([]);
    await server.close();
    server = await startFaultServer({ "/robots.txt": text(all("Crawl-delay: 86400")) });
    const day = await fetchPaths(server, ["/page", "/page"]);
    expect(day.waited).toBeLessThan(121_000);
    expect(day.events).toContainEqual({
      event: "warning",
      message: `${HOST}: robots.txt asks for a Crawl-delay of 86400 s; using the maximum of 60 s`,
    });
  });
});
