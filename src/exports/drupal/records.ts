/** Articles as the migrations read them. */
import type { Publication, PublishedEntry } from "../export.js";

/** The node that an article translates. */
export interface Original {
  readonly id: string;
  readonly language: string;
}

/** Its keys are the fields that the migrations name. */
export function recordOf(entry: PublishedEntry, publication: Publication) {
  const { data } = entry;
  if (data.date === null)
    publication.warn({
      code: "undated-unpublished",
      path: entry.path,
      message: "it has no date, so it is imported unpublished: give it one, then publish it",
    });
  return {
    id: entry.id,
    title: shortTitle(entry, publication),
    date: data.date,
    // Seconds since 1970. Noon in UTC is the same calendar day nearly everywhere, midnight is not.
    created: data.date === null ? null : Date.parse(`${data.date}T12:00:00Z`) / 1000,
    published: data.date === null ? 0 : 1,
    type: data.type,
    langcode: langcode(data.language),
    summary: data.summary,
    body: entry.html(),
    alias: aliasOf(entry, publication),
    source_url: data.sourceUrl,
  };
}

/** The title of a node has at most 255 characters. */
function shortTitle({ path, data }: PublishedEntry, publication: Publication): string {
  const characters = [...data.title];
  if (characters.length <= 255) return data.title;
  const message = "its title was cut: Drupal allows 255 characters";
  publication.warn({ code: "title-cut", path, message });
  return `${characters.slice(0, 254).join("")}…`;
}

export function langcode(language: string): string {
  return language.toLowerCase();
}

/** Drupal puts the language before the alias, but for the language of the site. */
function aliasOf({ path, address, data }: PublishedEntry, publication: Publication): string {
  if (publication.languages[0]?.tag === data.language) return address;
  const prefix = `/${data.language}/`;
  if (address.startsWith(prefix)) return address.slice(prefix.length - 1);
  publication.warn({
    code: "address-prefixed",
    path,
    message: `Drupal will put /${langcode(data.language)} before ${address}; let --permalink begin with /:language/`,
  });
  return address;
}
