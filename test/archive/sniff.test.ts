/** SVG and other XML that would run scripts on the site that shows it. */
import { describe, expect, test } from "vitest";
import { sniff } from "../../src/archive/write/media/sniff.js";

const svg = (inner: string, more = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg" ${more}>${inner}</svg>`;
const typeOf = (text: string | Uint8Array, address = "https://a.example/a.svg") =>
  sniff(Buffer.from(text as string), address, address.endsWith("svg") ? "image" : "file");

describe("is not stored", () => {
  test.each([
    ["a script", svg("<script>alert(1)</script>")],
    ["a script with a prefix", `<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script/></s:svg>`],
    ["a script behind much else", svg(`<path d="${"M0 0".repeat(5000)}"/><script href="a.js"/>`)],
    ["an event attribute", svg("", 'onload="alert(1)"')],
    ["an event attribute without space", svg("", `id="a"onload = 'alert(1)'`)],
    ["an event attribute behind a > in a value", svg("", `id=">" onload="alert(1)"`)],
    ["an address", svg('<a href="javascript:alert(1)"><path/></a>')],
    ["an address in references", svg('<a href="&#106;ava&#x0a;script&#58;alert(1)"/>')],
    ["an address that is animated to", svg('<animate attributeName="href" to=" JavaScript:a()"/>')],
    ["a page", svg('<foreignObject><iframe srcdoc="&lt;script>"/></foreignObject>')],
    ["an entity with markup", `<!DOCTYPE svg [<!ENTITY a "&#60;script/>">]>${svg("&a;")}`],
    ["an entity of parts", `<!DOCTYPE svg [<!ENTITY a "java">]>${svg('<a href="&a;script:"/>')}`],
    ["a default", `<!DOCTYPE svg [<!ATTLIST svg onload CDATA "a()">]>${svg("")}`],
    [
      "a program of style",
      `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="a"?>${svg("")}`,
    ],
    ["a script in UTF-16", Buffer.from(`\ufeff${svg("<script/>")}`, "utf16le")],
  ])("%s", async (_, text) => {
    expect(await typeOf(text)).toEqual({
      refused: expect.stringMatching(/^the SVG file holds .+, and is not stored$/),
    });
  });

  test("soon, however long and unfinished", async () => {
    const parts = [
      "<!ATTLIST a ",
      "<!ENTITY a 'http:",
      " onload ",
      "<a:",
      "<a:script",
      "j \t",
      "&#",
    ];
    for (const part of parts) await typeOf(`<svg>${part.repeat(100_000)}`);
  });

  test("other XML with a script", async () => {
    const text = '<?xml version="1.0"?><a><h:script xmlns:h="http://www.w3.org/1999/xhtml"/></a>';
    expect(await typeOf(text, "https://a.example/a.xml")).toHaveProperty("refused");
  });
});

describe("is stored as it came", () => {
  test.each([
    ["shapes", svg('<style>.on{fill:red}</style><path class="on" d="M0 0h8v8z"/>')],
    ["words", svg("<title>A description of what goes on = all</title><text>once</text>")],
    ["links", svg('<a href="https://a.example/"><path/></a><use href="#a"/>')],
    ["an animation", svg('<animate attributeName="x" begin="0s" from="0" to="9"/>')],
    [
      "what drawing programs write",
      `<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
	<!ENTITY  ns_svg  "http://www.w3.org/2000/svg">]>${svg("<foreignObject><p>&amp;#169;</p></foreignObject>")}`,
    ],
  ])("%s", async (_, text) => {
    expect(await typeOf(text)).toEqual({ extension: "svg", mediaType: "image/svg+xml" });
  });
});
