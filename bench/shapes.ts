/** Bodies to measure: ordinary articles of three sizes, and shapes that break converters. */

const SENTENCE =
  'The workshop brought together teachers, ministries and young people from twelve countries, and its “Beijing statement” (2021) is <a href="/en/node/1138?a=1&amp;b=2">open for comments</a>. ';

/** One section: what editors write between two headings. */
function section(number: number): string {
  return [
    `<h2>Section ${number}</h2>`,
    `<p>${SENTENCE}<strong>Note:</strong> ${SENTENCE}It costs 5&nbsp;USD, <em>not more</em>.</p>`,
    `<p><span style="font-size:11pt"><b>Bold</b> ${SENTENCE}</span><br>Second line</p>`,
    `<ul><li>First item</li><li>Second <b>item</b><ul><li>Nested</li></ul></li></ul>`,
    `<p><img src="/sites/default/files/p${number}.jpg" alt="Photo ${number}" width="300"></p>`,
    `<blockquote><p>${SENTENCE}</p></blockquote>`,
    number % 4 === 0
      ? "<table><thead><tr><th>Year</th><th>Number</th></tr></thead><tbody><tr><td>2020</td><td>12</td></tr><tr><td>2021</td><td>15</td></tr></tbody></table>"
      : `<p>${SENTENCE}</p>`,
  ].join("\n");
}

/** An ordinary article of at least so many bytes. */
function article(bytes: number): string {
  const parts: string[] = [];
  for (let size = 0, number = 1; size < bytes; number++) {
    const part = section(number);
    parts.push(part);
    size += part.length + 1;
  }
  return parts.join("\n");
}

const times = (count: number, make: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => make(at)).join("");
const nested = (count: number, open: (at: number) => string, close: (at: number) => string) =>
  `${times(count, open)}deep${times(count, (at) => close(count - 1 - at))}`;

export const ARTICLES: Readonly<Record<string, () => string>> = {
  "article 3 KB": () => article(3_000),
  "article 50 KB": () => article(50_000),
  "article 200 KB": () => article(200_000),
};

const INLINE = ["b", "i", "u", "sup", "span", "font", "code", "mark"];

export const SHAPES: Readonly<Record<string, () => string>> = {
  "800 nested div": () =>
    nested(
      800,
      () => "<div>",
      () => "</div>",
    ),
  "3,000 nested div": () =>
    nested(
      3_000,
      () => "<div>",
      () => "</div>",
    ),
  "3,000 nested quotations": () =>
    nested(
      3_000,
      () => "<blockquote>",
      () => "</blockquote>",
    ),
  "3,000 nested lists": () =>
    nested(
      3_000,
      () => "<ul><li>",
      () => "</li></ul>",
    ),
  "3,000 nested tables": () =>
    nested(
      3_000,
      () => "<table><tr><td>",
      () => "</td></tr></table>",
    ),
  "20,000 nested inline": () =>
    nested(
      20_000,
      (at) => `<${INLINE[at % INLINE.length]}>`,
      (at) => `</${INLINE[at % INLINE.length]}>`,
    ),
  "120,000 no-break spaces": () => `<p>a<b>b${"&nbsp;".repeat(120_000)}</b>c</p>`,
  "80,000 newlines": () => `<p>a${"\n".repeat(80_000)}b</p><pre>a${"\n".repeat(80_000)}b</pre>`,
  "80,000 breaks": () => `<p>a${"<br>".repeat(80_000)}b</p>`,
  "1 MB in one paragraph": () => `<p>${"word and *star* [x] &lt;b&gt; ".repeat(36_000)}</p>`,
  "5 MB in one paragraph": () => `<p>${"word and *star* [x] &lt;b&gt; ".repeat(180_000)}</p>`,
  "5 MB of articles": () => article(5_000_000),
  "table of 2,000 rows": () =>
    `<table><tr><th>A</th><th>B</th><th>C</th></tr>${times(2_000, (at) => `<tr><td>${at}</td><td>b|c</td><td><b>x</b></td></tr>`)}</table>`,
  "list of 10,000 items": () => `<ol>${times(10_000, (at) => `<li>item ${at}</li>`)}</ol>`,
  "10,000 brackets": () => `<p>${"[".repeat(10_000)}${"](".repeat(10_000)}</p>`,
  "20,000 emphases side by side": () => `<p>${times(20_000, () => "<b>a.</b>b")}</p>`,
};
