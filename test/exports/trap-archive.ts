/** An archive whose every entry holds something that a target is known to fail on. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { openArchive } from "../../src/archive/write/archive.js";
import type { Entry, EntryData } from "../../src/model.js";
import type { OwnShape } from "../../src/schema/fields.js";
import { entry, OPTIONS, runOf } from "../archive/samples.js";
import { scratch } from "../commands/sitelift.js";

const OLD = "https://old.example";

/** A picture of one black dot. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==",
  "base64",
);
const DOT = `${OLD}/files/dot.png`;
const LOST = `${OLD}/files/lost.pdf`;
/** Beside the text of an article: a main picture, a further one, and a file. */
const LEAD = `${OLD}/files/main%20picture.png`;
const FURTHER = `${OLD}/files/further.png`;
const PAPER = `${OLD}/files/paper.pdf`;
const FILES = new Map<string, readonly [mediaType: string, body: Buffer]>([
  [DOT, ["image/png", PNG]],
  [LEAD, ["image/png", Buffer.concat([PNG, Buffer.from("1")])]],
  [FURTHER, ["image/png", Buffer.concat([PNG, Buffer.from("2")])]],
  [PAPER, ["application/pdf", Buffer.from("%PDF-1.4\n%%EOF\n")]],
]);
/** Words that a template would run, or take for a tag or for the end of an attribute. */
export const LEAD_ALT = 'صورة "<b>" {{ x }} & {{< y >}} {% raw %}';
export const PAPER_TITLE = "تقرير <i>2021</i> {{ x }}";
const SUM = createHash("sha256").update(PNG).digest("hex").slice(0, 16);
export const TRAP_MEDIA = `media/dot-${SUM}.png`;

const notFetched = { path: null, sha256: null, bytes: null, mediaType: null };
const media: EntryData["media"] = [
  { sourceUrl: DOT, ...notFetched, alt: "a dot" },
  { sourceUrl: LOST, ...notFetched, alt: null },
];

const beside: EntryData["media"] = [
  { sourceUrl: LEAD, ...notFetched, alt: LEAD_ALT, title: "a 'title'", kind: "image" },
  { sourceUrl: FURTHER, ...notFetched, alt: null, caption: "شرح & <c>", kind: "image" },
  { sourceUrl: PAPER, ...notFetched, alt: null, title: PAPER_TITLE, kind: "file" },
];

/** Text that the template languages of the targets would run or choke on, and how a reader sees it. */
const TEMPLATES = [
  "{{ page.title }}",
  "{% include x %}",
  "{{< youtube abc >}}",
  "{{% notice %}}",
  "{{</* note */>}}",
  "{ braces }",
  "$" + "{expression}",
  ":::tip Note:text",
  "{{< unclosed",
];

const templates = `Text: ${TEMPLATES.map((text) => text.replace(/</g, "\\<")).join(" ")}

Raw {{< shortcode >}} and \`code {{< in >}} span {% raw %} {{ x }}\` and [a link](https://e.example/{{x}} "{{< title >}}").

\`\`\`liquid
{% raw %}{{ x }}{% endraw %} {{< figure src="a" >}}

  second &amp; <b>line</b>
\`\`\`

> \`\`\`
> quoted {{% block %}}
> \`\`\`

1. item

   ~~~
   {{< listed >}}
   ~~~
`;

const links = `See [the other](${OLD}/news/other#part), [undated](https://office.example/news/undated),
[the old address](${OLD}/news/other), [a node](${OLD}/node/7#f), and [elsewhere](https://e.example/x).

![a dot](${DOT}) [a file](${LOST})

<figure><a href="${OLD}/news/other"><img src="${DOT}" alt="a &quot;dot&quot;"></a><figcaption>In HTML</figcaption></figure>

| head | link |
| --- | --- |
| a \\| b | [cell](${OLD}/news/other) |

A line with a | bar, <sup>raw</sup> HTML, "quotes" -- dashes... and \\{: .class}

: not a definition

Price $$5$$ and *[x]: y
`;

/** Old paths that a server, a format or a file system takes for something else. */
export const ODD_PATHS = [
  ..."/*,/:splat,/news/:id,/a/:b/*,/q%22uote,/r%22 [R=302]%0Ax,/back%5Cslash,/d$1%25{HTTP_HOST}".split(
    ",",
  ),
  ..."/nul%00,/up%2F%2E%2E%2Fx,/b%FFyte,/{a};b|c^d~e,/?a,/?b=:b,/?c=%22&d=*,/?e=f%22g".split(","),
  `/${"long".repeat(70)}`,
];

/** Fields of the site's own, of every kind, with words that a target would take for something else. */
const OWN: OwnShape = {
  fields: {
    place: { kind: "text" },
    topic: { kind: "choice", choices: ["sea", "land"] },
    day: { kind: "date" },
    begins: { kind: "datetime" },
    when: { kind: "range" },
    more: { kind: "url" },
    seats: { kind: "number" },
    free: { kind: "boolean" },
    intro: { kind: "html" },
    lead: { kind: "image" },
    files: { kind: "list", of: "file" },
    related: { kind: "list", of: "reference" },
    tags: { kind: "list", of: "text" },
    authors: { kind: "list", of: "text" },
    address: { kind: "text" },
  },
};
const NONE = Object.fromEntries(
  Object.entries(OWN.fields).map(([name, { kind }]) => [name, kind === "list" ? [] : null]),
);
const FULL = {
  place: 'Bay: "west" {{ x }}',
  topic: "sea",
  day: "2013-10-22",
  begins: "2013-10-22T09:30+08:00",
  when: { start: "2013-10-22", end: "2013-10-25" },
  more: "https://e.example/x?y=1#z",
  seats: 1250.5,
  free: true,
  intro: `See [the other](${OLD}/news/other).`,
  lead: DOT,
  files: [DOT, LOST],
  related: [`${OLD}/news/other`, `${OLD}/news/none`],
  tags: ["=Sea", "Small boats", "yes"],
  authors: ["Ann O’Hara", "Bo"],
  address: "12: Quay",
};

const PLAIN_ENTRIES = [
  entry(
    "links",
    { title: `Links: "quotes", \\ backslash & <b> # 'ends'`, media, summary: "A — summary: #1" },
    { body: links },
  ),
  entry("templates", { title: "{{ title }} {% raw %} {{< x >}}" }, { body: templates }),
  entry(
    "other",
    {
      date: "2020-02-29",
      aliases: [
        ...[`${OLD}/node/7`, `${OLD}/a b/(x)+'y'.html`, `${OLD}/?q=node/7`, `${OLD}/Case`],
        ...ODD_PATHS.map((path) => OLD + path),
      ],
      sourceUrl: `${OLD}/news/other`,
      translations: { ar: `${OLD}/ar/أخبار`, fr: `https://fr.old.example/nouvelles/autre` },
    },
    { body: '## Part\n\n<h2 id="part">Part</h2>\n\nA fence: ]]> ends' },
  ),
  entry(
    "arabic",
    {
      title: "النص العربي",
      language: "ar",
      direction: "rtl",
      sourceUrl: `${OLD}/ar/أخبار`,
      aliases: [`${OLD}/case`, `https://ar.old.example/shared`],
      translations: { en: `${OLD}/news/other` },
      media: beside,
    },
    { body: `نص عربي [رابط](${OLD}/news/other).` },
  ),
  entry(
    "french",
    {
      title: "L’autre",
      language: "fr",
      sourceUrl: `https://fr.old.example/nouvelles/autre`,
      aliases: [`https://fr.old.example/shared`],
    },
    { body: "Texte." },
  ),
  entry("undated", { date: null, dateText: null, title: "Undated", type: null }),
  entry("future", { date: "2999-12-31", title: "=1+1" }, { slug: "2021-12-25-slug-like-a-date" }),
  entry("twice", { title: "About future", date: "2021-12-15" }, { slug: "index" }),
  entry("again", { title: "About future", date: "2021-12-15" }, { slug: "con-page" }),
];

const ENTRIES = PLAIN_ENTRIES.map((one, at) => ({
  ...one,
  data: { ...one.data, fields: at === 0 ? FULL : NONE },
}));

/** Writes it to a folder of its own; one of its two files cannot be fetched. */
export function trapArchive(): Promise<string> {
  return archiveOf(ENTRIES, OWN);
}

export async function archiveOf(entries: readonly Entry[], own: OwnShape): Promise<string> {
  const folder = join(scratch(), "traps");
  const archive = await openArchive(folder, { ...OPTIONS, own });
  for (const one of entries) await archive.entry(one);
  for (const request of await archive.mediaRequests()) {
    const { url } = request;
    const [mediaType, body] = FILES.get(url) ?? [];
    if (mediaType === undefined || body === undefined) {
      archive.mediaFailed(request, "status 404");
      continue;
    }
    const headers = { "content-type": mediaType };
    await archive.media(request, url, { url, requestedUrl: url, status: 200, headers, body });
  }
  await archive.commit(runOf(entries));
  await archive.close();
  return folder;
}
