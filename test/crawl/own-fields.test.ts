import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CliError } from "../../src/error.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";
import { crawlFrom } from "../commands/here.js";
import { events, scratch, sitelift } from "../commands/sitelift.js";
import { serveSite } from "../commands/small-site.js";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

const EVENTS = ["ferry", "library"];
const PAGES: Readonly<Record<string, string | Buffer>> = {
  "/events": EVENTS.map(
    (name) =>
      `<div class=e><a href="/e/${name}">The ${name}</a><i class=place>Bay ${name}</i></div>`,
  ).join(""),
  "/e/ferry": `<h1>The ferry</h1><div class=b>Words of the ferry.</div>
    <p class=when>22 to 25 October 2013</p><p class=start>22 October 2013, 09:30</p>
    <ul><li class=tag>Sea</li><li class=tag>Boats</li><li class=tag>Sea</li></ul>
    <b class=seats>1,250.5</b><b class=free>Yes</b><b class=topic>Transport</b>
    <a class=more href="https://elsewhere.example/x?y=1#z">More</a>
    <a class=file href="/f/plan.pdf">The plan</a><a class=file href="/f/map.pdf">The map</a>
    <img class=lead src="/f/lead.png" alt="A boat">
    <div class=intro>See <a href="/e/library">the library</a> <b>now</b>.</div>
    <a class=ref href="/e/library">library</a><a class=ref href="/e/none">none</a>`,
  "/e/library": `<h1>The library</h1><div class=b>Words of the library.</div>`,
  "/f/plan.pdf": Buffer.from("%PDF-1.4\n%plan\n"),
  "/f/map.pdf": Buffer.from("%PDF-1.4\n%map\n"),
  "/f/lead.png": PNG,
};

const SITE: Omit<SiteInput, "name" | "start"> = {
  zone: "Asia/Shanghai",
  listing: { rows: ".e", next: [] },
  fields: {
    title: { listing: "a", article: "h1" },
    body: { article: ".b" },
    place: { kind: "text", listing: ".place" },
    when: { kind: "range", article: ".when" },
    begins: { kind: "datetime", article: ".start" },
    tags: { kind: "list", article: ".tag" },
    seats: { kind: "number", article: ".seats" },
    free: { kind: "boolean", article: ".free" },
    topic: { kind: "choice", article: ".topic", values: { Transport: "transport" } },
    more: { kind: "url", article: ".more" },
    files: { kind: "list", of: "file", article: ".file" },
    lead: { kind: "image", article: ".lead" },
    intro: { kind: "html", article: ".intro" },
    related: { kind: "list", of: "reference", article: ".ref" },
  },
};

function entriesOf(folder: string) {
  return readFileSync(join(folder, "entries.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("fields of a site's own", () => {
  test("each kind becomes its value, and stands in the entry and its content file", async () => {
    using site = await serveSite((path) => PAGES[path] ?? 404);
    const start = site.start.replace("/list", "/events");
    const out = join(scratch(), "out");
    const { code, stderr } = await crawlFrom({ ...SITE, name: "bay", start }, out);
    const entries = entriesOf(out);
    const library = entries.find(({ data }) => data.title === "The library");
    const ferry = entries.find(({ data }) => data.title === "The ferry");
    const origin = new URL(start).origin;
    expect(ferry.data.fields, stderr).toEqual({
      place: "Bay ferry",
      when: { start: "2013-10-22", end: "2013-10-25" },
      begins: "2013-10-22T09:30+08:00",
      tags: ["Sea", "Boats", "Sea"],
      seats: 1250.5,
      free: true,
      topic: "transport",
      more: "https://elsewhere.example/x?y=1#z",
      files: [
        expect.stringMatching(/^media\/plan-[0-9a-f]+\.pdf$/),
        expect.stringMatching(/^media\/map-[0-9a-f]+\.pdf$/),
      ],
      lead: expect.stringMatching(/^media\/lead-[0-9a-f]+\.png$/),
      intro: expect.stringMatching(/^See \[the library\]\(.*library.md\) \*\*now\*\*\.$/),
      related: [library.id, `${origin}/e/none`],
    });
    expect(library.data.fields).toMatchObject({ place: "Bay library", when: null, tags: [] });
    expect(ferry.data.media.map(({ path }: { path: string }) => path)).toEqual([
      ...ferry.data.fields.files,
      ferry.data.fields.lead,
    ]);
    const content = readFileSync(join(out, ferry.path), "utf8");
    expect(content).toMatch(/\nfields:\n {2}place: .*\n {2}when:\n {4}start: .*2013-10-22/);
    const manifest = JSON.parse(readFileSync(join(out, "archive.json"), "utf8"));
    expect(manifest.own.fields.files).toEqual({ kind: "list", of: "file" });
    const account = JSON.parse(readFileSync(join(out, "account.json"), "utf8"));
    expect(account.links.notMigrated).toEqual([
      { entry: ferry.id, address: `${origin}/e/none`, state: null },
    ]);
    expect(account.coverage.when).toEqual({ article: 1, none: 1 });
    expect(code).toBe(0);
    const verified = await sitelift(["verify", out]);
    expect(verified.exitCode, verified.stdout).toBe(0);
    // Nothing changed: the second crawl writes the same.
    const again = await crawlFrom({ ...SITE, name: "bay", start }, out);
    expect(again.stderr).toContain("2 unchanged");
    expect(entriesOf(out)).toEqual(entries);
  });

  test("inspect shows them, and a case compares each by itself and is sensitive to its markup", async () => {
    const cwd = scratch();
    const start = "https://bay.example/events";
    writeFileSync(join(cwd, "site.json"), JSON.stringify({ ...SITE, name: "bay", start }));
    writeFileSync(
      join(cwd, "ferry.html"),
      `<html lang=en><body>${PAGES["/e/ferry"]}</body></html>`,
    );
    const url = "https://bay.example/e/ferry";
    const named = ["ferry.html", "--site", "site.json", "--url", url];
    const inspected = await sitelift(["inspect", ...named, "--json"], { cwd });
    const { entry } = JSON.parse(inspected.stdout);
    expect(entry.data.fields).toMatchObject({ seats: 1250.5, tags: ["Sea", "Boats", "Sea"] });
    const recorded = await sitelift(["record", ...named], { cwd });
    expect(recorded.exitCode, recorded.stderr).toBe(0);
    const tested = await sitelift(["test", "--mutate", "--json"], { cwd });
    expect(tested.exitCode, tested.stderr + tested.stdout).toBe(0);
    const [name = ""] = readdirSync(join(cwd, "fixtures/cases/bay")).filter(
      (one) => !one.startsWith("."),
    );
    const text = readFileSync(join(cwd, "fixtures/cases/bay", name, "expected.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject({ "fields.seats": 1250.5, "fields.free": true });
    const { teeth } = events(tested.stdout).at(-1) as { teeth: { total: number; noticed: number } };
    expect(teeth.noticed).toBe(teeth.total);
    expect(teeth.total).toBe(3 * 13);
  });

  test("what cannot be a value sends the entry to quarantine, with its words and what to do", async () => {
    const bad: Readonly<Record<string, string>> = {
      "/events": '<div class=e><a href="/e/1">One</a></div>',
      "/e/1": `<h1>One</h1><div class=b>Words.</div><p class=when>soon</p><b class=seats>1,234</b>
        <b class=free>perhaps</b><b class=topic>Food</b><b class=more>no link</b>`,
    };
    using site = await serveSite((path) => bad[path] ?? 404);
    const out = join(scratch(), "out");
    const start = site.start.replace("/list", "/events");
    await crawlFrom({ ...SITE, name: "bay", start }, out);
    const [folder = ""] = readdirSync(join(out, "quarantine"));
    const text = readFileSync(join(out, "quarantine", folder, "issues.json"), "utf8");
    const issues: { path: string; raw: string; hint: string }[] = JSON.parse(text);
    const found = Object.fromEntries(issues.map(({ path, raw }) => [path, raw]));
    expect(found).toEqual({
      "data.fields.when": "soon",
      "data.fields.seats": "1,234",
      "data.fields.free": "perhaps",
      "data.fields.topic": "Food",
      "data.fields.more": "no link",
    });
    expect(issues.map(({ hint }) => hint).join()).toContain("fields.seats.decimal");
  });

  test("a site file that misuses a field is refused, with the nearest name or what was expected", () => {
    const problem = (fields: object) => {
      try {
        const site = { name: "bay", start: "https://bay.example/", ...SITE };
        resolveSite({ ...site, fields: { ...SITE.fields, ...fields } }, {}, "site.ts");
      } catch (error) {
        return (error as CliError).details.join("\n");
      }
      return "";
    };
    expect(problem({ titel: { article: "h1" } })).toContain('did you mean "title"?');
    expect(problem({ place: { article: "h1" } })).toContain("fields.place.kind: expected a kind");
    expect(problem({ place: { kind: "colour", article: "h1" } })).toContain("boolean, html");
    expect(problem({ place: { kind: "text", split: ",", article: "i" } })).toContain(
      "expected in a field of the kind list alone",
    );
    expect(problem({ id: { kind: "text", article: "i" } })).toContain("expected another name");
    expect(problem({ constructor: { kind: "text", article: "i" } })).toContain("another name");
    expect(problem({ "a b": { kind: "text", article: "i" } })).toContain("expected a name of");
  });

  test("the JSON Schema of a site has its fields, and what its types must have", async () => {
    const cwd = scratch();
    const start = "https://bay.example/events";
    const types = { event: { required: ["when"] } };
    writeFileSync(join(cwd, "site.json"), JSON.stringify({ ...SITE, name: "bay", start, types }));
    const { stdout, stderr } = await sitelift(["schema", "entry", "--site", "site.json"], { cwd });
    const schema = JSON.parse(stdout || stderr);
    expect(schema.properties.fields).toMatchObject({
      additionalProperties: false,
      properties: {
        tags: { type: "array" },
        seats: { type: ["number", "null"] },
      },
    });
    expect(schema.properties.fields.required).toContain("when");
    expect(schema.allOf).toEqual([
      {
        if: { properties: { type: { const: "event" } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: {
          required: ["fields"],
          properties: {
            fields: { required: ["when"], properties: { when: { not: { type: "null" } } } },
          },
        },
      },
    ]);
  });
});

describe("several lists", () => {
  const rows = (...names: string[]) =>
    names.map((name) => `<div class=e><a href="/${name}">About ${name}</a></div>`).join("");
  const lists: Readonly<Record<string, string>> = {
    "/articles": rows("a1", "a2", "both"),
    "/events": rows("e1", "both"),
    "/archive":
      "<select id=y><option value=''>Any</option><option value=2020>2020</option><option value=2021>2021</option><option value=2022>2022</option></select>",
    "/archive?year=2020": rows("p1", "p2"),
    "/archive?year=2021": rows("p3"),
    "/archive?year=2022": "",
  };
  const page = (path: string) =>
    lists[path] ??
    (/^\/[aep]\d$|^\/both$/.test(path)
      ? `<h1>About ${path.slice(1)}</h1><div class=b>Words ${path}</div>${path.startsWith("/e") ? "<i class=when>3 May 2021</i>" : ""}<i class=by>Ann</i>`
      : 404);
  const site = (origin: string): SiteInput => ({
    name: "office",
    listing: { rows: ".e", next: [] },
    fields: {
      title: { article: "h1" },
      body: { article: ".b" },
      author: { kind: "text", article: ".by" },
    },
    lists: [
      { name: "articles", start: `${origin}/articles`, type: "article" },
      {
        name: "events",
        start: `${origin}/events`,
        type: "event",
        fields: { when: { kind: "range", article: ".when" } },
      },
      {
        name: "publications",
        start: `${origin}/archive`,
        starts: { select: "#y option", url: "?year={value}" },
      },
    ],
    types: { event: { required: ["when"] } },
  });

  test("are one archive with one ledger, in which an article of two lists is one entry with both its places", async () => {
    using served = await serveSite(page);
    const origin = new URL(served.start).origin;
    const out = join(scratch(), "out");
    const { code, stderr } = await crawlFrom(site(origin), out);
    expect(code, stderr).toBe(0);
    const entries = entriesOf(out);
    const titles = entries.map(({ data }) => `${data.title} ${data.type}`).sort();
    expect(titles).toEqual([
      "About a1 article",
      "About a2 article",
      "About both article",
      "About e1 event",
      "About p1 null",
      "About p2 null",
      "About p3 null",
    ]);
    const ledger = readFileSync(join(out, "ledger.jsonl"), "utf8").trimEnd().split("\n");
    const both = ledger.map((line) => JSON.parse(line)).find(({ url }) => url.endsWith("/both"));
    expect(both).toMatchObject({
      state: "written",
      lists: ["articles", "events"],
      listedOn: [`${origin}/articles#3`, `${origin}/events#2`],
    });
    const account = JSON.parse(readFileSync(join(out, "account.json"), "utf8"));
    expect(account.lists).toMatchObject({
      articles: { listed: 3, written: 3, alsoInOthers: 1 },
      events: { listed: 2, written: 2, alsoInOthers: 1 },
      publications: { listed: 3, written: 3, alsoInOthers: 0 },
    });
    const words = readFileSync(join(out, "account.md"), "utf8");
    expect(words).toMatch(/^\| with `author` \| \d+ \|$/m);
    expect(words).toMatch(/### events\n\n2 URLs listed: 2 written\. Of them in other lists too/);
    expect((await sitelift(["verify", out])).exitCode).toBe(0);
    const fieldsOf = (title: string) =>
      entries.find(({ data }) => data.title === title).data.fields;
    expect(fieldsOf("About a1")).toEqual({ author: "Ann" });
    expect(fieldsOf("About e1")).toEqual({
      author: "Ann",
      when: { start: "2021-05-03", end: "2021-05-03" },
    });
  });

  test("a list that cannot be read is a gap, and does not hide the others", async () => {
    using served = await serveSite((path) => (path === "/articles" ? 500 : page(path)));
    const origin = new URL(served.start).origin;
    const out = join(scratch(), "out");
    const { code, end } = await crawlFrom(site(origin), out);
    expect(code).toBe(3);
    expect(end?.gaps?.join("\n")).toContain('the list "articles" could not be read');
    // The article of both lists is an event now, and has no day.
    expect(entriesOf(out)).toHaveLength(4);
  });
});

describe("one of several lists", () => {
  const site = {
    name: "office",
    listing: { rows: ".e", next: [] },
    fields: { title: { listing: "a" }, body: { listing: "i" } },
    lists: [
      { name: "news", start: "https://a.example/news" },
      {
        name: "events",
        start: "https://a.example/events",
        fields: { place: { kind: "text", listing: "b" } },
      },
    ],
  };

  test("reads a page by the name after the site file, and a page without one is refused", async () => {
    const cwd = scratch();
    writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
    writeFileSync(
      join(cwd, "page.html"),
      "<div class=e><a href=/1>One</a><i>Words</i><b>Bay</b></div>",
    );
    const named = (target: string) => [
      "inspect",
      "page.html",
      "--site",
      target,
      "--json",
      "--as",
      "listing",
      "--url",
      "https://a.example/events",
    ];
    const { stdout } = await sitelift(named("site.json#events"), { cwd });
    expect(JSON.parse(stdout).rows[0].fields).toEqual({ place: "Bay" });
    const none = await sitelift(named("site.json"), { cwd });
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toContain("Its lists: news, events.");
    expect((await sitelift(named("site.json#new"), { cwd })).exitCode).toBe(2);
    expect((await sitelift(["crawl", "site.json#events"], { cwd })).exitCode).toBe(2);
  });

  test("has its own name, and a field the same kind in all", () => {
    const problem = (more: object) => {
      try {
        resolveSite({ ...site, ...more }, {}, "site.ts");
      } catch (error) {
        return (error as CliError).details.join("\n");
      }
      return "";
    };
    const [news, events] = site.lists;
    expect(problem({ lists: [news, { ...events, name: "news" }] })).toContain(
      "two have the name news",
    );
    expect(problem({ start: "https://a.example/" })).toContain("each of the lists has its own");
    expect(
      problem({
        lists: [{ ...news, fields: { place: { kind: "number", listing: "u" } } }, events],
      }),
    ).toContain("place is number in one list and text in another");
    expect(problem({ types: { event: { required: ["wen"] } } })).toContain("there is no field wen");
  });
});

describe("own fields over time", () => {
  const site: SiteInput = {
    name: "bay",
    start: "https://bay.example/",
    listing: { rows: ".e", next: [] },
    fields: {
      title: { article: "h1" },
      body: { article: ".b" },
      place: { kind: "text", article: ".place" },
      seats: { kind: "number", article: ".seats" },
    },
  };
  const page = (place: string) => (path: string) =>
    path === "/list"
      ? '<div class=e><a href="/a">One</a></div><div class=e><a href="/b">Two</a></div>'
      : `<h1>${path}</h1><div class=b>Words ${path}</div><i class=place>${path === "/a" ? place : "Bay"}</i><b class=seats>3</b>`;

  test("a person may set one, which is held to its kind, and diff names each that changed", async () => {
    const out = join(scratch(), "out");
    let place = "Quay";
    using served = await serveSite((path) => page(place)(path));
    const start = served.start;
    await crawlFrom({ ...site, start }, out);
    const old = join(scratch(), "old");
    cpSync(out, old, { recursive: true });
    writeFileSync(join(out, "overrides.yaml"), "/b:\n  set:\n    fields: { seats: 12 }\n");
    place = "North Sands";
    const { code, stderr } = await crawlFrom({ ...site, start }, out);
    expect(code, stderr).toBe(0);
    const now = entriesOf(out).map(({ data }) => [data.title, data.fields]);
    expect(Object.fromEntries(now)).toEqual({
      "/a": { place: "North Sands", seats: 3 },
      "/b": { place: "Bay", seats: 12 },
    });
    const differ = await sitelift(["diff", old, out, "--json"]);
    expect(differ.stdout).toContain('"field":"fields.place","from":"Quay","to":"North Sands"');
    expect(differ.stdout).toContain('"field":"fields.seats","from":3,"to":12');
    writeFileSync(join(out, "overrides.yaml"), "/b:\n  set:\n    fields: { seats: many }\n");
    expect((await crawlFrom({ ...site, start }, out)).code).toBe(1);
  });
});
