/** `quickTree` gives the tree of parse5, or none. */
import type { AnyNode } from "domhandler";
import fc from "fast-check";
import { parse } from "parse5";
import { expect, test } from "vitest";
import { LISTING_PATHS } from "../../fixtures/office/articles.js";
import { renderPage } from "../../fixtures/office/site.js";
import { boundedTree } from "../../src/extract/bounded-parser.js";
import { quickTree } from "../../src/extract/quick-tree.js";

/** A line for each node: all that is known of it but its neighbours, which are compared on the way. */
function linesOf(root: AnyNode): string[] {
  const lines: string[] = [];
  const todo: [AnyNode, number][] = [[root, 0]];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [node, depth] = next;
    const { parent: _, prev: __, next: ___, ...own } = node as AnyNode & { children?: AnyNode[] };
    const children = own.children ?? [];
    const attributes = "attribs" in own ? Object.entries(own.attribs) : [];
    const isJoined = children.every(
      (child, at) =>
        child.parent === node &&
        child.prev === (children[at - 1] ?? null) &&
        child.next === (children[at + 1] ?? null),
    );
    const said = { ...own, children: children.length, attribs: attributes, isJoined };
    lines.push(`${depth} ${node.constructor.name} ${JSON.stringify(said)}`);
    for (const child of children.toReversed()) todo.push([child, depth + 1]);
  }
  return lines;
}

/** Whether the quick reader took a page; where it did, its tree is that of parse5. */
function isQuick(html: string): boolean {
  const tree = quickTree(html);
  if (tree === null) return false;
  expect(linesOf(tree)).toEqual(linesOf(parse(html, { treeAdapter: boundedTree() })));
  return true;
}

const page = (body: string) =>
  `<!DOCTYPE html>\n<html><head><title>A</title></head>\n<body class="a">${body}</body>\n</html>\n`;

const DEMO = [...Object.values(LISTING_PATHS), "/news/words-of-welcome"].map((path) =>
  Buffer.from(renderPage(path, { theme: {} }).body).toString(),
);

test("the pages of the demonstration are read quickly, and give the tree of parse5", () => {
  expect(DEMO.map(isQuick)).toEqual(DEMO.map(() => true));
});

test.each([
  ["ends that are left out", "<ul><li>1<li>2<p>3</ul><dl><dt>4<dd>5<dt>6</dl><p>7<p>8<div>9</div>"],
  ["a table without a body", "<table>\n<tr><td>1<td>2<tr><th>3</table> 4"],
  [
    "all parts of a table",
    "<table><caption>1</caption><colgroup><col></colgroup><thead><tr><th>2</thead><tbody></table>",
  ],
  ["end tags of nothing", "</div>1</b></p>2</td></li></h2>"],
  [
    "scripts, styles and what has no tags in it",
    "<script>if (a<b) '<p>'</script><style>a > b {}</style><noscript><img></noscript><textarea>\n1 &amp;<b></textarea>",
  ],
  ["a script in a comment", "<script><!--\n1\n//--></script>2"],
  [
    "references",
    '&amp;&ampx&notit;&#128;&nosuch; & &#x41;&copy=1<a href="?a&amp=1&copy&lt;&reg">&AMP</a>',
  ],
  ["a choice", "<select><optgroup><option>1<option selected>2<optgroup><option>3</select>"],
  [
    "a drawing",
    '<svg viewBox="0 0 1 1" xlink:href="#a"><!-- 1 --><title>2</title><path d="M0"/><linearGradient></linearGradient></svg>',
  ],
  [
    "tags as they come",
    "<P\nCLASS = a ID='b' id=c data-x=1/2 hidden>1<br/><IMG src=a.png/></P ><a href=x\"y\">",
  ],
  ["line ends of another system", "<pre>\r\n1\r\n2\r3</pre>\r\n"],
  ["a line end that is not shown", "<pre>\n\n1</pre><textarea>\n2</textarea>"],
  [
    "letters of all kinds",
    "<p title='ﻙلمات 𝒳 and more of them'>كلمات 𝒳 \u00a0 of more than twelve letters</p>",
  ],
  ["what is after the end", "1</body> <!-- 2 --> <script>3</script></html> <!-- 4 -->"],
  ["signs that begin no tag", "1 < 2 <3 a<=b <"],
])("%s: read quickly, as parse5 reads it", (_, body) => {
  const name = /<a href=x/.test(body);
  expect(isQuick(page(body))).toBe(!name);
});

test.each([
  ["misnested formatting", "<b><i>1</b>2</i>"],
  ["a block in a paragraph in formatting", "<p><b>1<div>2</div></b>"],
  ["a link in a link", "<a>1<a>2</a>"],
  ["text in a table", "<table>1<tr><td>2</table>"],
  ["a form in a form", "<form><div><form></form></div></form>"],
  ["a second body", "<div><body id=b>"],
  ["a drawing that breaks out", "<svg><g><p>1</p></svg>"],
  ["what is not shown", "<template><td>1</template>"],
  ["a comment that ends too early", "<!-->1-->"],
  ["a comment that ends in another way", "<!-- 1 --!>2<!-- 3 -->"],
  ["a script in a comment in a script", "<script><!-- <script>1</script>2--></script>"],
  [
    "very many attributes",
    `<p ${"a b c d ".repeat(3)}${Array.from({ length: 300 }, (_, at) => `x${at}`).join(" ")}>`,
  ],
])("%s is left to parse5", (_, body) => {
  expect(isQuick(page(body))).toBe(false);
});

test.each([
  ["formatting before the page", "<i><html><head></head><body>1</body></html>"],
  ["text before its body", "<html><head></head>1<body>2</body></html>"],
  ["a body in a comment", "<html><!-- <body> --><body>1</body></html>"],
  ["a body whose tag has no end", `<html><head></head>${'<body "'.repeat(99)}`],
  ["a body in a script", "<html><script>'<body>'</script><body>1</body></html>"],
  ["no body", "<p>1</p>"],
])("a page with %s is left to parse5", (_, html) => {
  expect(isQuick(html)).toBe(false);
});

/** Every element that HTML has a rule for, some that it has none for, and what is odd besides. */
const ELEMENTS =
  "a address applet area article aside b base basefont bgsound big blockquote body br button caption center code col colgroup datalist dd details dialog dir div dl dt em embed fieldset figure font footer form frame frameset h1 h6 head hgroup hr html i iframe image img input isindex keygen li link listing main marquee math menu menuitem meta nav nobr noembed noframes noscript object ol optgroup option p param picture plaintext pre rb rp rt rtc ruby s script search section select source span strike style summary svg table tbody td template textarea tfoot th thead title tr track tt u ul video wbr xmp x-y".split(
    " ",
  );
const ODD = [
  ...[
    "\r1",
    "\r\n",
    "\f",
    "\0",
    "&#13;",
    "&#0;",
    "&nbsp",
    "&#xD800;",
    "\ud83d",
    "\ufeff",
    "</>",
    "</ x>",
  ],
  ...["<!-->", "<!--->", "<!--a--->", "<!--a--!>", "<!doctype html>", "<?x?>", "<p/>", "<div / >"],
  ...[
    "<a a=1a=2>",
    "<a 'x'>",
    "<a =x>",
    "<a x==y>",
    "<a x=&amp>",
    "<a x='&copy=1&copy;'>",
    "<a İ=1>",
  ],
  ...[
    "<a __proto__=1 constructor=2>",
    "<K>",
    "<a/b/c=d/>",
    "<a\fb>",
    "<input type=hidden>",
    "<A B=1 b=2>",
  ],
  ...["<pre>\r\n\n1", "<listing>\n1", "<textarea>\r\r1</textarea>", "<textarea>&#10;1</textarea>"],
  ...[
    "<svg/>",
    "<svg><a/></svg>",
    "<svg viewbox=1 xlink:href=2 xml:lang=3 xmlns=4/>",
    "<svg d=a/>",
  ],
  ...["<script><!-- 1 </script>", "<script>1</scriptx></script>", "<title>&amp;<b></title>"],
];
const WITHIN = [
  ...["", "<div><p>", "<table>", "<table><tr><td>", "<table><caption>", "<ul><li>", "<b><i>"],
  ...["<select><option>", "<button>", "<a>", "<h1>", "<object>", "</body>", "</html>"],
];
const HEADS = [
  "<!DOCTYPE html><html><head><title>A</title></head><body>",
  "\ufeff<html lang=a><noscript><body></noscript>\r\n<BODY\nid=b id=c>",
];

test("whatever element or sign is within another one, the tree is that of parse5, with quirks too", () => {
  const all = [...ELEMENTS.flatMap((name) => [`<${name}>`, `</${name}>`]), ...ODD];
  let quick = 0;
  for (const head of HEADS)
    for (const within of head === HEADS[0] ? WITHIN : WITHIN.slice(0, 3))
      for (const one of all) if (isQuick(`${head}${within}${one}x`)) quick++;
  expect(quick).toBeGreaterThan(1_000);
});

const RUNS = Number(process.env.RUNS ?? (process.env.DEEP ? 50_000 : 1_000));
const NAMES =
  "a b i p p div div span ul li li dl dd dt h2 h3 table table tr tr td td th tbody thead caption colgroup col select option optgroup form button pre object svg g path title br hr img input textarea script style noscript body html section nobr ruby rt em em custom-x template".split(
    " ",
  );
const piece = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...NAMES).map((name) => `<${name}>`) },
  { weight: 8, arbitrary: fc.constantFrom(...NAMES).map((name) => `</${name}>`) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      "1",
      " ",
      "\n",
      "&amp;",
      "&lt",
      "<",
      "a>b",
      "\r\n",
      "é",
      "<!-- c -->",
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "<p class=a class=b>",
      "<a href='?a&b=1&amp;c'>",
      "<br />",
      "<div/>",
      '<li\nid="x>y">',
      "</div id=x>",
      "<svg><path d='M0'/></svg>",
      "<svg><title>1</title></svg>",
      "<table><tr><td>",
      "</td></tr></table>",
      "<ul><li>",
      "</li></ul>",
      "<p>1</p>",
      "<b>2</b>",
    ),
  },
);

test("whatever the tags, the tree is that of parse5", () => {
  let quick = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      if (isQuick(page(pieces.join("")))) quick++;
    }),
    { numRuns: RUNS },
  );
  expect(quick).toBeGreaterThan(RUNS / 20);
});

test("whatever is changed in a page, the tree is that of parse5", () => {
  const [listing = "", ...more] = DEMO;
  const article = more.at(-1) ?? "";
  const tags = (html: string) => html.split(/(?=<)|(?<=>)/);
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.nat(),
      fc.nat(),
      fc.option(piece),
      (isListing, from, many, put) => {
        const parts = tags(isListing ? listing : article);
        parts.splice(from % parts.length, many % 3, put ?? "");
        isQuick(parts.join(""));
      },
    ),
    { numRuns: RUNS / 10 },
  );
});
