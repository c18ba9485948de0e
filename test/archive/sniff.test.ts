/** SVG and other XML that would run scripts on the site that shows it. */
import { describe, expect, test } from "vitest";
import { sniff } from "../../src/archive/write/media/sniff.js";

const svg = (inner: string, more = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg" ${more}>${inner}</svg>`;
const typeOf = (text: string | Uint8Array, address = "https://a.example/a.svg") =>
  sniff(Buffer.from(text as string), address, address.endsWith("svg") ? "image" : "file");

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
