/** Sections of report.html on what the archive holds: a picture each, and its table. Pure. */

import type { Account } from "../../schema/run-report.js";
import { count } from "../../text.js";
import { bdi, code, escapeHtml, figure, more, table } from "./html.js";
import { bars, legend } from "./svg.js";
import { linkTargets, pageWords } from "./totals.js";

/** Rows of a table; the rest is in account.json. */
const MOST = 20;

const SOURCES: Readonly<Record<string, string>> = {
  article: "article page",
  listing: "listing",
  override: "overrides.yaml",
  unknown: "not known",
  none: "no value",
};

export function coverage({ archive }: Account): string[] {
  const fields = Object.keys(archive.coverage);
  const used = Object.keys(SOURCES).filter((source) =>
    fields.some((field) => archive.coverage[field]?.[source] !== undefined),
  );
  if (fields.length === 0) return [];
  const at = (field: string, source: string) => archive.coverage[field]?.[source] ?? 0;
  const names = used.map((source) => SOURCES[source] ?? source);
  const series = used.map((source, n) => ({
    name: names[n] ?? "",
    values: fields.map((field) => at(field, source)),
    ...(source === "none" ? { colour: 7 } : {}),
  }));
  const text = `For each field, from where its value came, of ${count(archive.entries, "entry", "entries")}.`;
  return [
    figure(
      bars({ id: "fields-svg", title: "Fields by source", text }, fields, series, archive.entries),
      legend(series),
      table(
        "Entries by field and by the source of its value",
        ["field", ...names],
        fields.map((field) => [escapeHtml(field), ...used.map((source) => at(field, source))]),
      ),
    ),
  ];
}

export function pages({ remains }: Account): string[] {
  const { articles, left } = remains;
  if (articles === 0) return [];
  const parts = pageWords(remains);
  const text = `Words on ${count(articles, "article page")}, by what became of them.`;
  const picture = bars(
    { id: "pages-svg", title: "Words of article pages", text },
    parts.map(([name]) => name),
    [{ name: "words", values: parts.map(([, n]) => n) }],
  );
  const places = left.slice(0, MOST).map((place) => {
    const samples = place.samples.map(bdi).join(" / ");
    return [code(place.place), place.articles, place.words, place.images, place.files, samples];
  });
  return [
    figure(picture, table(text, ["words", "number"], parts)),
    left.length === 0
      ? "<p>Nothing was left behind.</p>"
      : table(
          "Left behind: in no field of the site file, and not ignored by it",
          ["place", "articles", "words", "images", "files", "samples"],
          places,
        ) + more(left.length, MOST, "p"),
  ];
}

export function losses({ archive }: Account): string[] {
  const all = [...archive.losses].sort((a, b) => b.count - a.count);
  if (all.length === 0) return [];
  const shown = all.slice(0, MOST);
  const text = "How often each construct was kept as HTML, flattened to text, or dropped.";
  const picture = bars(
    { id: "losses-svg", title: "Losses by construct", text },
    shown.map(({ construct, kind }) => `${construct} (${kind})`),
    [{ name: "times", values: shown.map((loss) => loss.count) }],
  );
  const rows = shown.map(({ construct, kind, count: n, entries, sample }) => {
    return [bdi(construct), n, entries, kind, bdi(sample)];
  });
  return [
    figure(
      picture,
      table(text, ["construct", "times", "entries", "became", "first words"], rows),
      more(all.length, MOST, "p"),
    ),
  ];
}

export function languages({ archive }: Account): string[] {
  const { translations } = archive;
  const all = Object.entries(archive.languages).sort(([, a], [, b]) => b - a);
  if (all.length === 0) return [];
  const shown = all.slice(0, MOST);
  const names = shown.map(([language]) => language);
  const others = [...new Set(Object.values(translations.pairs).flatMap(Object.keys))].sort();
  const columns = others.slice(0, MOST);
  const picture = bars(
    { id: "languages-svg", title: "Entries by language", text: "Entries in each language." },
    names,
    [{ name: "entries", values: shown.map(([, n]) => n) }],
  );
  return [
    figure(
      picture,
      table(
        columns.length === 0
          ? "Entries by language; none has a translation in the archive"
          : "Entries by language, and how many of them have a translation into which other one",
        ["language", "entries", ...columns.map((one) => `into ${escapeHtml(one)}`)],
        shown.map(([language, n]) => [
          escapeHtml(language),
          n,
          ...columns.map((other) => translations.pairs[language]?.[other] ?? 0),
        ]),
      ),
      more(all.length, MOST, "p"),
    ),
    translations.missing.length === 0
      ? ""
      : `<p>${count(translations.missing.length, "translation is", "translations are")} named by a page and not in the archive.</p>`,
  ];
}

export function links({ archive: { links: all } }: Account): string[] {
  const parts = linkTargets(all);
  if (parts.every(([, n]) => n === 0)) return [];
  const picture = bars(
    { id: "links-svg", title: "Links by target", text: "Where the links of all bodies lead." },
    parts.map(([name]) => name),
    [{ name: "links", values: parts.map(([, n]) => n) }],
  );
  const hosts = Object.entries(all.hosts).sort(([, a], [, b]) => b - a);
  return [
    figure(picture, table("Links by target", ["lead to", "links"], parts)),
    hosts.length === 0
      ? ""
      : table(
          "Other sites by host",
          ["host", "links"],
          hosts.slice(0, MOST).map(([host, n]) => [bdi(host), n]),
        ) + more(hosts.length, MOST, "p"),
  ];
}

export function media({ archive: { media: all } }: Account): string[] {
  if (all.kinds.length + all.failed.length === 0) return [];
  const reasons = new Map<string, { files: number; address: string }>();
  for (const { reason, address } of all.failed) {
    const known = reasons.get(reason) ?? { files: 0, address };
    reasons.set(reason, { ...known, files: known.files + 1 });
  }
  const kinds = [...all.kinds].sort((a, b) => b.files - a.files).slice(0, MOST);
  const failed = [...reasons].sort(([, a], [, b]) => b.files - a.files).slice(0, MOST);
  const names = [
    ...kinds.map(({ mediaType }) => mediaType),
    ...failed.map(([reason]) => `not stored: ${reason}`),
  ];
  const picture = bars(
    { id: "media-svg", title: "Files by type and failure", text: "Stored files and failures." },
    names,
    [
      { name: "stored", values: names.map((_, at) => kinds[at]?.files ?? 0) },
      {
        name: "not stored",
        values: names.map((_, at) => failed[at - kinds.length]?.[1].files ?? 0),
      },
    ],
  );
  return [
    figure(
      picture,
      table(
        "Stored files by type",
        ["type", "files", "bytes"],
        [
          ...kinds.map(({ mediaType, files, bytes }) => [bdi(mediaType), files, bytes]),
          ["all", all.files, all.bytes],
        ],
      ),
      failed.length === 0
        ? ""
        : table(
            "Not stored, by reason",
            ["reason", "files", "such as"],
            failed.map(([reason, { files, address }]) => [bdi(reason), files, code(address)]),
          ),
    ),
  ];
}
