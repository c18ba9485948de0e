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

/** Case, robots.txt, address, rule that forbids it. After RFC 9309 and what Google publishes of its parser. */
const CASES: readonly (readonly [string, string, string, string | null])[] = [
  ["nothing is said", "", "/", null],
  ["all is forbidden", all("Disallow: /"), "/x", "/"],
  ["an empty path forbids nothing", all("Disallow:"), "/x", null],
  ["a rule before any group counts for nobody", "Disallow: /\nUser-agent: x\nAllow: /", "/x", null],
  ["robots.txt itself is always allowed", all("Disallow: /"), "/robots.txt", null],
  ["a path is a beginning", all("Disallow: /fish"), "/fish/salmon.html", "/fish"],
  ["a beginning need not end a segment", all("Disallow: /fish"), "/fishheads", "/fish"],
  ["case of paths counts", all("Disallow: /fish"), "/Fish.asp", null],
  ["a slash at the end counts", all("Disallow: /fish/"), "/fish", null],
  ["the query belongs to the path", all("Disallow: /fish?id"), "/fish?id=1", "/fish?id"],
  ["the fragment does not", all("Disallow: /a#b"), "/a#c", "/a"],
  ["a star at the end changes nothing", all("Disallow: /fish*"), "/fishheads", "/fish*"],
  ["a star stands for anything", all("Disallow: /*.php"), "/index.php?x=1", "/*.php"],
  ["a star stands for nothing too", all("Disallow: /a*b"), "/ab", "/a*b"],
  ["several stars", all("Disallow: /*a*b*c"), "/xxaxxbxxc", "/*a*b*c"],
  ["several stars, in order", all("Disallow: /*a*b*c"), "/xxcxxbxxa", null],
  ["a dollar is the end", all("Disallow: /*.php$"), "/index.php", "/*.php$"],
  ["and only the end", all("Disallow: /*.php$"), "/index.php?x", null],
  ["a dollar within is a dollar", all("Disallow: /a$b"), "/a$b", "/a$b"],
  ["a star that is meant is written encoded", all("Disallow: /a%2Ab"), "/a*b", "/a%2Ab"],
  ["and then stands for itself alone", all("Disallow: /a%2Ab"), "/axb", null],
  ["a dollar that is meant, encoded", all("Disallow: /a%24"), "/a$x", "/a%24"],
  ["a path without a slash matches nothing", all("Disallow: fish"), "/fish", null],
  ["a star may be the first", all("Disallow: *.gif$"), "/a/b.gif", "*.gif$"],
  ["the longest path decides", all("Allow: /p", "Disallow: /"), "/page", null],
  [
    "whatever the order",
    all("Disallow: /folder/secret", "Allow: /folder"),
    "/folder/secret/x",
    "/folder/secret",
  ],
  [
    "of two as long, allow decides",
    all("Disallow: /folder", "Allow: /folder"),
    "/folder/page",
    null,
  ],
  ["wildcards count by length too", all("Allow: /page", "Disallow: /*.htm"), "/page.htm", "/*.htm"],
  ["the end mark counts too", all("Allow: /$", "Disallow: /"), "/", null],
  ["the end mark allows the front page alone", all("Allow: /$", "Disallow: /"), "/page.htm", "/"],
  [
    "an own group hides the one for all",
    "User-agent: *\nDisallow: /\nUser-agent: sitelift\nDisallow: /x",
    "/y",
    null,
  ],
  ["even when it is empty", "User-agent: *\nDisallow: /\nUser-agent: sitelift", "/y", null],
  ["case of names does not count", "user-AGENT: SiteLift\ndisALLOW: /x", "/x", "/x"],
  [
    "a version behind the name does not count",
    "User-agent: sitelift/2.0\nDisallow: /x",
    "/x",
    "/x",
  ],
  ["a longer name is another", "User-agent: sitelift-images\nDisallow: /", "/x", null],
  ["a shorter name is another", "User-agent: site\nDisallow: /", "/x", null],
  [
    "groups of one name are joined",
    "User-agent: sitelift\nDisallow: /a\nUser-agent: b\nDisallow: /b\nUser-agent: sitelift\nDisallow: /c",
    "/c",
    "/c",
  ],
  [
    "and the group between is not",
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
    "a rule ends the names",
    "User-agent: sitelift\nDisallow: /x\nUser-agent: a\nDisallow: /y",
    "/y",
    null,
  ],
  [
    "other lines do not end them",
    "User-agent: sitelift\nSitemap: http://a.example/s\nUser-agent: a\nDisallow: /y",
    "/y",
    "/y",
  ],
  ["nor do empty lines", "User-agent: sitelift\n\n\nDisallow: /x", "/x", "/x"],
  ["comments are left out", "User-agent: sitelift # us\nDisallow: /x # not this", "/x", "/x"],
  ["white space is left out", "  User-agent :  sitelift \n\tDisallow\t:\t/x\t", "/x", "/x"],
  ["old Macintosh line ends", "User-agent: *\rDisallow: /x\rDisallow: /y", "/y", "/y"],
  ["mixed line ends", "User-agent: *\r\nDisallow: /x\rDisallow: /y\nDisallow: /z", "/z", "/z"],
  ["a byte order mark", "\uFEFFUser-agent: *\nDisallow: /x", "/x", "/x"],
  ["a colon left out", "User-agent *\nDisallow /x", "/x", "/x"],
  ["a misspelling", "Useragent: *\nDissallow: /x", "/x", "/x"],
  ["lines without sense", "<b>\n:\nUser-agent: *\n=====\nDisallow: /x\n__proto__: /", "/x", "/x"],
  [
    "unreserved octets are one with their codes",
    all("Disallow: /foo/%62%61%7A"),
    "/foo/baz",
    "/foo/%62%61%7A",
  ],
  ["the other way too", all("Disallow: /foo/~b"), "/foo/%7Eb", "/foo/~b"],
  ["case of codes does not count", all("Disallow: /a%3cd"), "/a%3Cd.html", "/a%3cd"],
  ["reserved octets are not one with theirs", all("Disallow: /a/b"), "/a%2Fb", null],
  [
    "letters beyond ASCII are one with their codes",
    all("Disallow: /foo/bar/ツ"),
    "/foo/bar/%E3%83%84",
    "/foo/bar/ツ",
  ],
  ["and the other way", all("Disallow: /foo/bar/%E3%83%84"), "/foo/bar/ツ", "/foo/bar/%E3%83%84"],
];

describe("rules", () => {
  test.each(CASES)("%s", (_, robots, path, rule) => {
    expect(forbids(robots, path)).toBe(rule);
  });

  test("500 KiB are read, and a line that was cut there counts for nothing", () => {
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
  ])("%j is a delay of %s ms", (line, delay) => {
    expect(parseRobots(bytes(all(line)), "sitelift").crawlDelay).toBe(delay);
  });

  test("any bytes are read, and any path is judged", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.webPath(), (body, path) => {
        const robots = parseRobots(body, "sitelift");
        expect(robots.rules.length).toBeLessThanOrEqual(body.length);
        forbiddingRule(robots, new URL(`http://a.example${path}`));
      }),
    );
  });

  test("a path without signs of its own matches as a beginning does", () => {
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

  test("a pattern of stars takes no time to speak of", () => {
    const rule = `/${"*a".repeat(2000)}$`;
    expect(forbids(all(`Disallow: ${rule}`), `/${"a".repeat(1999)}`)).toBeNull();
  });

  test.each([
    ["<!DOCTYPE html><p>Not found", true],
    ["\n <HTML>", true],
    ["User-agent: *\nDisallow: /<html>", false],
    ["# <html>", false],
    ["", false],
  ])("%j looks like a web page: %s", (text, expected) => {
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

/** What is answered for robots.txt, what becomes of /page, how often robots.txt is asked. */
const SERVED: readonly (readonly [string, Scenario, RegExp | null, number])[] = [
  ["a rule", text(forbid), /^excluded: robots\.txt: Disallow: \/page$/, 1],
  ["401", text(forbid, 401), null, 1],
  ["403", text(forbid, 403), null, 1],
  ["404", text(forbid, 404), null, 1],
  ["410", text(forbid, 410), null, 1],
  ["429", text(forbid, 429), null, 2],
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
    "no answer",
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
  ["a page for what is not there", text("<!DOCTYPE html><p>Nothing", 200, "text/html"), null, 1],
  ["rules that are called HTML", text(forbid, 200, "text/html"), /Disallow: \/page/, 1],
  ["nothing", text(""), null, 1],
  ["more than is read", text(`${forbid}${"#\n".repeat(400_000)}`), /Disallow: \/page/, 1],
  ["a redirect to rules", to("/real-robots"), /Disallow: \/page/, 1],
  ["redirects without end", to("/robots.txt"), null, 6],
  ["a redirect out", to("http://127.0.0.1/robots.txt"), /^excluded: robots\.txt: .*scope/, 1],
  ["a redirect to a file", to("file:///etc/passwd"), /^excluded: robots\.txt: .*scope/, 1],
];

describe("robots.txt as it is served", () => {
  let server: FaultServer;
  afterEach(() => server.close());

  test.each(SERVED)("%s", async (_, robots, expected, asked) => {
    server = await startFaultServer({ "/robots.txt": robots, "/real-robots": text(forbid) });
    const { responses } = await fetchPaths(server, ["/page", "/page?again"]);
    const said = responses.map((one) =>
      "page" in one ? "page" : `${one.state}: ${one.failure.reason}`,
    );
    if (expected === null) expect(said[0]).toBe("page");
    else expect(said[0]).toMatch(expected);
    expect(server.asked.filter(({ path }) => path === "/robots.txt")).toHaveLength(asked);
    expect(server.asked.filter(({ path }) => path === "/page")).toHaveLength(expected ? 0 : 1);
  });

  test("forbids where a redirect leads, before it is asked", async () => {
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

  test("is not asked for when it is to be ignored", async () => {
    server = await startFaultServer({ "/robots.txt": text("User-agent: *\nDisallow: /") });
    const { responses } = await fetchPaths(server, ["/page"], { ignoreRobots: true });
    expect(responses).toMatchObject([{ page: { status: 200 } }]);
    expect(server.asked).toHaveLength(1);
  });

  test("sets the time between requests, within bounds", async () => {
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
