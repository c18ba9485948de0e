/** SVG and other XML that would run scripts on the site that shows it. */
import { describe, expect, test } from "vitest";
import { sniff } from "../../src/archive/write/media/sniff.js";

const svg = (inner: string, more = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg" ${more}>${inner}</svg>`;
const typeOf = (text: string | Uint8Array, address = "https://a.example/a.svg") =>
  sniff(
    Buffer.from(text as string),
    { url: address, requestedUrl: address, headers: {} },
    address.endsWith("svg") ? "image" : "file",
  );

describe("sniff refuses SVG with scripts", () => {
  test.each([
    ["a script", svg("<script>alert(1)</script>")],
    ["a script with a prefix", `<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script/></s:svg>`],
    ["a script after much else", svg(`<path d="${"M0 0".repeat(5000)}"/><script href="a.js"/>`)],
    ["an event attribute", svg("", 'onload="alert(1)"')],
    ["an event attribute without space", svg("", `id="a"onload = 'alert(1)'`)],
    ["an event attribute after a > in a value", svg("", `id=">" onload="alert(1)"`)],
    ["a javascript: URL", svg('<a href="javascript:alert(1)"><path/></a>')],
    [
      "a javascript: URL in character references",
      svg('<a href="&#106;ava&#x0a;script&#58;alert(1)"/>'),
    ],
    [
      "an animation to a javascript: URL",
      svg('<animate attributeName="href" to=" JavaScript:a()"/>'),
    ],
    ["an embedded page", svg('<foreignObject><iframe srcdoc="&lt;script>"/></foreignObject>')],
    ["an entity with markup", `<!DOCTYPE svg [<!ENTITY a "&#60;script/>">]>${svg("&a;")}`],
    ["an entity of parts", `<!DOCTYPE svg [<!ENTITY a "java">]>${svg('<a href="&a;script:"/>')}`],
    ["an attribute default", `<!DOCTYPE svg [<!ATTLIST svg onload CDATA "a()">]>${svg("")}`],
    [
      "an XSLT style sheet",
      `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="a"?>${svg("")}`,
    ],
    ["a script in UTF-16", Buffer.from(`\ufeff${svg("<script/>")}`, "utf16le")],
  ])("sniff refuses SVG with %s", async (_, text) => {
    expect(await typeOf(text)).toEqual({
      refused: expect.stringMatching(/^the SVG file holds .+, and is not stored$/),
    });
  });

  test("sniff ends soon on long unfinished SVG", async () => {
    const parts = [
      "<!ATTLIST a ",
      "<!ENTITY a 'http:",
      " onload ",
      "<a:",
      "<a:script",
      "j \t",
      "&#",
      " href=",
      " href=' ",
      "url( ",
      "\\6",
      "/*",
    ];
    for (const part of parts) await typeOf(`<svg>${part.repeat(100_000)}`);
  });

  test("sniff refuses other XML with a script", async () => {
    const text = '<?xml version="1.0"?><a><h:script xmlns:h="http://www.w3.org/1999/xhtml"/></a>';
    expect(await typeOf(text, "https://a.example/a.xml")).toHaveProperty("refused");
  });
});

describe("sniff refuses SVG that fetches something from another host", () => {
  test.each([
    ["an image", svg('<image href="https://spy.example/a.png"/>')],
    ["an image by xlink", svg("<image xlink:href = '//spy.example/a.png'/>")],
    ["an image with backslashes", svg('<image href="\\\\spy.example/a.png"/>')],
    ["a used part", svg('<use href="https://spy.example/a.svg#x"/>')],
    ["a filter's image", svg('<feImage href="http://spy.example/a.png"/>')],
    ["a gradient", svg('<linearGradient xlink:href="ftp://spy.example/a.svg#b"/>')],
    ["an image in references", svg('<image href="&#104;ttps:&#x2f;/spy.example"/>')],
    ["a fill", svg('<path fill="url(https://spy.example/a.svg#x)"/>')],
    ["a style", svg("<path style=\"filter: url( 'http://spy.example/#x' )\"/>")],
    ["a style sheet", svg("<style>@font-face{src:url(//spy.example/a.woff)}</style>")],
    ["an import", svg('<style>@import "https://spy.example/a.css";</style>')],
    ["an escaped url()", svg("<style>*{fill:\\75 rl(\\68ttps://spy.example/)}</style>")],
    ["an image set", svg('<style>*{mask:image-set("https://spy.example/a" 1x)}</style>')],
    ["a page's image", svg('<foreignObject><img src="https://spy.example/"/></foreignObject>')],
    ["a page's link", svg('<foreignObject><h:link rel="x" href="a"/></foreignObject>')],
    ["a form", svg('<foreignObject><form action="a"/></foreignObject>')],
    ["a base", svg('<g xml:base="https://spy.example/"><image href="a.png"/></g>')],
    ["an animated href", svg('<image><set attributeName="href" to="//spy.example"/></image>')],
    [
      "an image after a link",
      svg('<a href="https://a.example"/><image href="https://b.example"/>'),
    ],
  ])("sniff refuses SVG with %s", async (_, text) => {
    expect(await typeOf(text)).toEqual({ refused: expect.stringContaining("fetches") });
  });
});

describe("sniff accepts SVG without scripts", () => {
  test.each([
    ["shapes", svg('<style>.on{fill:red}</style><path class="on" d="M0 0h8v8z"/>')],
    [
      "text that looks like an attribute",
      svg("<title>A description of what goes on = all</title><text>once</text>"),
    ],
    ["links", svg('<a href="https://a.example/"><path/></a><use href="#a"/>')],
    ["an animation", svg('<animate attributeName="x" begin="0s" from="0" to="9"/>')],
    [
      "what drawing programs write",
      `<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
	<!ENTITY  ns_svg  "http://www.w3.org/2000/svg">]>${svg("<foreignObject><p>&amp;#169;</p></foreignObject>")}`,
    ],
  ])("sniff accepts SVG with %s", async (_, text) => {
    expect(await typeOf(text)).toEqual({ extension: "svg", mediaType: "image/svg+xml" });
  });
});

describe("bytes without a signature are what they are named or served as, where the bytes allow it", () => {
  const zip = (name: string) =>
    Buffer.concat([
      Buffer.from([80, 75, 3, 4, 20, 0, 0, 0, 0, 0]),
      Buffer.alloc(16),
      Buffer.from([name.length, 0, 0, 0]),
      Buffer.from(name),
      Buffer.alloc(60),
    ]);
  const data = Buffer.from([3, 1, 0, 2, 0, 255, 0, 7, 9, 11, 4]);
  test.each<[string, string, string, string | Buffer, string]>([
    ["a table by its URL", "/a.csv", "application/octet-stream", "a;b\n1;2", "csv text/csv"],
    [
      "a table by how it is served",
      "/get?id=1",
      "text/csv; charset=utf-8",
      "a;b\n1;2",
      "csv text/csv",
    ],
    ["a table with a control character", "/a.csv", "", "a;b\n1;2\n\x1a", "csv text/csv"],
    ["a table that begins as a bitmap does", "/a.csv", "", "BMI;Land\n1;2", "csv text/csv"],
    ["JSON", "/a.json", "", '{"a":1}', "json application/json"],
    ["JSON as it is served", "/get", "application/json", " [1]", "json application/json"],
    ["JSON in name alone", "/a.json", "application/json", "no such file", "txt text/plain"],
    ["a calendar", "/a.ics", "text/plain", "X-A:1\nBEGIN:VCALENDAR", "ics text/calendar"],
    ["a text whose name is not known", "/a.dat", "text/plain", "words", "txt text/plain"],
    ["XML without a declaration", "/a.xml", "", "<records><r/></records>", "xml application/xml"],
    ["a track", "/a.gpx", "", "<?xml version='1.0'?><gpx></gpx>", "gpx application/gpx+xml"],
    ["an SVG with another name", "/a.txt", "text/plain", svg(""), "svg image/svg+xml"],
    [
      "an EPUB whose first file says nothing",
      "/a.epub",
      "",
      zip("META-INF/container.xml"),
      "epub application/epub+zip",
    ],
    [
      "an EPUB by how it is served",
      "/get",
      "application/epub+zip",
      zip("META-INF/container.xml"),
      "epub application/epub+zip",
    ],
    [
      "a ZIP that is called an EPUB",
      "/a.epub",
      "application/epub+zip",
      zip("cat.txt"),
      "zip application/zip",
    ],
    ["a database", "/a.dbf", "", data, "dbf application/vnd.dbf"],
    ["bytes that are called a text", "/a.txt", "text/plain", data, "bin application/octet-stream"],
    [
      "bytes that are called a picture",
      "/a.jpg",
      "image/jpeg",
      data,
      "bin application/octet-stream",
    ],
    ["a script", "/a.js", "text/javascript", "alert(1)", "txt text/plain"],
    ["a style sheet", "/a.css", "text/css", "a{}", "txt text/plain"],
  ])("%s", async (_, path, type, bytes, kind) => {
    const url = `https://a.example${path}`;
    const headers = { "content-type": type };
    const found = await sniff(
      Buffer.from(bytes as string),
      { url, requestedUrl: url, headers },
      "file",
    );
    const { extension, mediaType } = found as { extension: string; mediaType: string };
    expect(`${extension} ${mediaType}`).toBe(kind);
  });

  test("a file is called as the download says, and as the URL that leads to it", async () => {
    const url = "https://a.example/download";
    const named = { "content-disposition": 'attachment; filename="Data 2021.csv"' };
    const plain = { "content-type": "text/plain" };
    for (const page of [
      { url, requestedUrl: url, headers: named },
      { url, requestedUrl: "https://a.example/a.csv", headers: plain },
    ])
      expect(await sniff(Buffer.from("a;b"), page, "file")).toMatchObject({ extension: "csv" });
  });

  test("words are no PDF, and a page is nothing to store, whatever they are served as", async () => {
    const headers = { "content-type": "application/json" };
    const at = (url: string) => ({ url, requestedUrl: url, headers });
    expect(
      await sniff(Buffer.from('{"error":1}'), at("https://a.example/a.pdf"), "file"),
    ).toHaveProperty("refused");
    expect(
      await sniff(Buffer.from("<!DOCTYPE html>"), at("https://a.example/a.csv"), "file"),
    ).toHaveProperty("refused");
  });
});
