/** JSON Lines: one entry a line, with its address on the new site, its body as Markdown and as HTML. */
import type { Export, Publication, PublishedField } from "./export.js";
import { asHtml, valuesOf } from "./own-fields.js";

export const jsonl: Export = {
  media: { folder: "media", address: "/media" },
  async *files(publication) {
    yield { path: "articles.jsonl", content: linesOf(publication) };
  },
};

async function* linesOf(publication: Publication) {
  for await (const entry of publication.entries()) {
    const { data, href, slug, translations, media, beside, fields, body } = entry;
    const line = {
      ...data,
      address: href,
      slug,
      translations: Object.fromEntries(
        translations.map(({ language, id, href: address }) => [language, { id, address }]),
      ),
      media: media.map((one) => {
        const { path, href: address, sourceUrl, alt, title, caption } = one;
        const { kind, mediaType, bytes, sha256 } = one;
        const kept = { path, address, sourceUrl, alt, title, caption, kind, mediaType };
        return { ...kept, bytes, sha256, inText: !beside.includes(one) };
      }),
      ...(fields.length === 0 ? {} : { fields: Object.fromEntries(fields.map(fieldOf)) }),
      body,
      html: entry.html(),
    };
    yield Buffer.from(`${JSON.stringify(line)}\n`);
  }
}

/** Another entry is named as a translation is; Markdown has its HTML beside it, as the body has. */
function fieldOf(field: PublishedField): [string, unknown] {
  const { name, of, value, archived } = field;
  const ids = Array.isArray(archived) ? archived : [archived];
  const shown = valuesOf(field).map((one, at) => {
    if (of === "reference") return { id: ids[at] === one ? null : ids[at], address: one };
    return of === "html" ? { markdown: one, html: asHtml(field, one) } : one;
  });
  return [name, Array.isArray(value) ? shown : (shown[0] ?? null)];
}
