/** JSON Lines: one entry a line, with its address on the new site, its body as Markdown and as HTML. */
import type { Export, Publication } from "./export.js";

export const jsonl: Export = {
  description: "articles.jsonl: one entry a line, Markdown and HTML, and media",
  media: { folder: "media", address: "/media" },
  async *files(publication) {
    yield { path: "articles.jsonl", content: linesOf(publication) };
  },
};

async function* linesOf(publication: Publication) {
  for await (const { data, href, slug, translations, media, body, html } of publication.entries()) {
    const line = {
      ...data,
      address: href,
      slug,
      translations: Object.fromEntries(
        translations.map(({ language, id, href: address }) => [language, { id, address }]),
      ),
      media: media.map(({ path, href: address, sourceUrl, alt, mediaType, bytes, sha256 }) => ({
        path,
        address,
        sourceUrl,
        alt,
        mediaType,
        bytes,
        sha256,
      })),
      body,
      html: html(),
    };
    yield Buffer.from(`${JSON.stringify(line)}\n`);
  }
}
