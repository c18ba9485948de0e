/** Pictures and attached files that an article has beside its text, such as a main picture, and how a target shows them. */
import { escapeHtml } from "../archive/report/html.js";
import { destinations } from "../markdown/destinations.js";
import { percentDecode } from "../text.js";
import type { PublishedEntry, PublishedMedia } from "./export.js";
import { valuesOf } from "./own-fields.js";

/** Those of the media of an article that its body does not name, in the order of the page. */
export function mediaBeside(body: string, media: readonly PublishedMedia[]): PublishedMedia[] {
  if (media.length === 0) return [];
  const named = new Set(
    // A player is told where to start by `#t=10`.
    destinations(body).flatMap(({ address }) => [address, address.replace(/#.*$/s, "")]),
  );
  return media.filter(({ href }) => href !== null && !named.has(href));
}

type Beside = Pick<PublishedEntry, "beside" | "fields">;

/** The pictures beside the text; the first is the one that the site's own fields name first, if they name any. */
export function picturesOf({ beside, fields }: Beside): PublishedMedia[] {
  const own = fields.filter(({ of }) => of === "image").flatMap(valuesOf);
  const pictures = once(beside.filter(isPicture));
  const lead = pictures.find(({ href }) => own.includes(href ?? ""));
  return lead === undefined ? pictures : [lead, ...pictures.filter((one) => one !== lead)];
}

/** What is not a picture is a file, to which a link leads. */
function attachmentsOf({ beside }: Beside): PublishedMedia[] {
  return once(beside.filter((one) => !isPicture(one)));
}

/** Two URLs of the old site may have the same bytes, and so be one file. */
function once(media: readonly PublishedMedia[]): PublishedMedia[] {
  const paths = new Set<string>();
  return media.filter(({ path }) => !paths.has(path) && paths.add(path));
}

/** What was shown, and is what a browser can show. A picture that was linked to is a file. */
function isPicture({ kind, mediaType }: PublishedMedia): boolean {
  return kind === "image" && /^image\//.test(mediaType ?? "");
}

/** What the link to an attached file says: its words on the old site, else the name of the file. */
function labelOf({ title, caption, alt, sourceUrl }: PublishedMedia): string {
  const name = sourceUrl.replace(/[?#].*$/s, "").replace(/^.*\//s, "");
  const words = [title, caption, alt, percentDecode(name)].map((one) => one?.trim());
  return words.find((one) => one) ?? sourceUrl;
}

/**
 * Both as front matter has them; a key is left out where there is nothing.
 *
 * @param base path prefix that the templates of a target put before a path themselves
 */
export function besideFront(entry: Beside, base = "") {
  const placed = ({ href }: PublishedMedia) => (href ?? "").slice(base.length);
  const pictures = picturesOf(entry).map((one) => ({
    src: placed(one),
    alt: one.alt ?? undefined,
    title: one.title ?? undefined,
    caption: one.caption ?? undefined,
  }));
  const attachments = attachmentsOf(entry).map((one) => ({
    href: placed(one),
    label: labelOf(one),
    type: one.mediaType ?? undefined,
    bytes: one.bytes ?? undefined,
  }));
  return {
    image: pictures[0]?.src,
    pictures: pictures.length === 0 ? undefined : pictures,
    attachments: attachments.length === 0 ? undefined : attachments,
  };
}

/** Pictures as figures, each an HTML block of its own in Markdown too. */
export function figures(pictures: readonly PublishedMedia[]): string {
  return pictures
    .map(({ href, alt, title, caption }) => {
      const words = title === null ? "" : ` title="${escapeHtml(title)}"`;
      const below = caption && `<figcaption dir="auto">${escapeHtml(caption)}</figcaption>`;
      return `<figure><img src="${escapeHtml(href ?? "")}" alt="${escapeHtml(alt ?? "")}"${words}>${below ?? ""}</figure>\n`;
    })
    .join("\n");
}

/** Attached files as a list of links; "" where there are none. */
export function fileList(entry: Beside): string {
  const items = attachmentsOf(entry).map(
    (one) =>
      `<li dir="auto"><a href="${escapeHtml(one.href ?? "")}">${escapeHtml(labelOf(one))}</a></li>\n`,
  );
  return items.length === 0 ? "" : `<ul>\n${items.join("")}</ul>\n`;
}

/** The body as HTML, and after it what no field of the target holds: further pictures, and files. */
export function articleHtml(entry: PublishedEntry): string {
  const held = new Set(entry.fields.flatMap((field) => valuesOf(field).map(String)));
  const beside = entry.beside.filter(({ href }) => !held.has(href ?? ""));
  const rest = { ...entry, beside };
  const [lead] = picturesOf(entry);
  const further = figures(picturesOf(rest).filter((one) => one !== lead));
  return [entry.html(), further, fileList(rest)].filter((part) => part !== "").join("\n");
}
