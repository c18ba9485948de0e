/**
 * Drupal 10 and 11: a module with migrate_plus migrations and their JSON. It is put below
 * `modules/custom`, enabled, and imported with `drush migrate:import --group`.
 *
 * Known failures that this avoids: a node without `created` gets the time of the import, and `format_date`
 * adds the time of day of the import to a date; a text format that does not allow HTML drops it.
 */
import { yamlText } from "../../archive/frontmatter.js";
import { byCodeUnits, cut } from "../../text.js";
import { articleHtml, picturesOf } from "../beside.js";
import type { Export, ExportFile, Publication, PublishedEntry } from "../export.js";
import { templates } from "../generator.js";
import { redirectsOf } from "../redirects/formats.js";
import { fieldFiles, fieldModules, fieldRecord, hasTerms, withFields } from "./own-fields.js";

export const drupal: Export = {
  media: { folder: "data/media", address: "/sites/default/files/sitelift" },
  trailingSlash: false,
  async *files(publication) {
    const name = moduleName(publication.name);
    const { originals, translations } = await sortedByRole(publication);
    yield { path: `${name}.info.yml`, content: yamlText(moduleInfo(publication)) };
    // In the templates, NAME is the machine name of the module.
    const isNeeded = (path: string) =>
      (translations.size > 0 || !path.includes("_translations")) &&
      (hasTerms(publication) || !path.includes("_terms"));
    for await (const { path, content } of templates(import.meta.url))
      if (isNeeded(path))
        yield {
          path: path.replace("NAME", name),
          content: /_(?:articles|translations)\.yml$/.test(path)
            ? withFields(content.replaceAll("NAME", name), publication, name)
            : content.replaceAll("NAME", name),
        };
    yield* fieldFiles(publication);
    yield articlesFile("articles", publication, originals);
    if (translations.size > 0) yield articlesFile("translations", publication, translations);
    yield await filesFile(publication);
    yield redirectsOf("drupal", "redirects.csv", publication);
  },
};

/** Machine name of the module and of everything in it. */
function moduleName(site: string): string {
  return `sitelift_${site.toLowerCase().replace(/[^a-z0-9]+/g, "_")}`.slice(0, 40);
}

function moduleInfo(publication: Publication) {
  const { name, languages } = publication;
  const own = fieldModules(publication);
  const needed = ["drupal:datetime", "drupal:file", "drupal:node", "drupal:path", "drupal:text"];
  return {
    name: `Articles of ${name}`,
    type: "module",
    description: "Migrates the articles that sitelift exported. Uninstall it when they are in.",
    package: "Migration",
    core_version_requirement: "^10 || ^11",
    dependencies: [
      ...needed,
      ...own.filter((module) => !needed.includes(module)),
      ...(languages.length > 1 ? ["drupal:language", "drupal:content_translation"] : []),
      "drupal:migrate",
      "migrate_plus:migrate_plus",
    ],
  };
}

/**
 * Of an article and its translations, the node in the language with most entries is the original.
 *
 * @returns by id: null for an original, its original for a translation
 */
async function sortedByRole({ entries, languages }: Publication) {
  const rank = new Map(languages.map(({ tag }, at) => [tag, at]));
  const originals = new Map<string, null>();
  const translations = new Map<string, Original>();
  for await (const { id, data, translations: others } of entries()) {
    const group = [{ id, language: data.language }, ...others];
    const [first] = group.sort((a, b) => (rank.get(a.language) ?? 0) - (rank.get(b.language) ?? 0));
    if (first === undefined || first.id === id) originals.set(id, null);
    else translations.set(id, first);
  }
  return { originals, translations };
}

function articlesFile(
  name: "articles" | "translations",
  publication: Publication,
  originals: ReadonlyMap<string, Original | null>,
): ExportFile {
  async function* pieces() {
    let separator = `{"${name}":[\n`;
    for await (const entry of publication.entries()) {
      const original = originals.get(entry.id);
      if (original === undefined) continue;
      const record = {
        ...recordOf(entry, publication),
        ...(original && { original: original.id, original_langcode: langcode(original.language) }),
      };
      yield Buffer.from(separator + JSON.stringify(record));
      separator = ",\n";
    }
    yield Buffer.from(separator.startsWith("{") ? `{"${name}":[]}\n` : "\n]}\n");
  }
  return { path: `data/${name}.json`, content: pieces() };
}

async function filesFile(publication: Publication): Promise<ExportFile> {
  const files = new Map<string, object>();
  for await (const { media } of publication.entries())
    for (const { path, mediaType, sourceUrl } of media)
      files.set(path, {
        path,
        filename: path.slice(path.lastIndexOf("/") + 1),
        uri: `public://sitelift${path.slice("media".length)}`,
        media_type: mediaType,
        source_url: sourceUrl,
      });
  const sorted = [...files].sort(([a], [b]) => byCodeUnits(a, b)).map(([, file]) => file);
  return { path: "data/files.json", content: `${JSON.stringify({ files: sorted }, null, 1)}\n` };
}

/** The node that an article translates. */
export interface Original {
  readonly id: string;
  readonly language: string;
}

/** Its keys are the fields that the migrations name. */
export function recordOf(entry: PublishedEntry, publication: Publication) {
  const { data } = entry;
  const [lead] = picturesOf(entry);
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
    body: articleHtml(entry),
    picture: lead?.path ?? null,
    picture_alt: lead?.alt ?? null,
    picture_title: lead?.title ?? null,
    alias: aliasOf(entry, publication),
    source_url: data.sourceUrl,
    ...fieldRecord(entry, publication),
  };
}

/** The title of a node has at most 255 characters. */
function shortTitle({ path, data }: PublishedEntry, publication: Publication): string {
  const title = cut(data.title, 255);
  const message = "its title was cut: Drupal allows 255 characters";
  if (title !== data.title) publication.warn({ code: "title-cut", path, message });
  return title;
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
