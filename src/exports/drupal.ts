/**
 * Drupal 10 and 11: a module with migrate_plus migrations and their JSON. It is put below
 * `modules/custom`, enabled, and imported with `drush migrate:import --group`.
 *
 * Known failures that this avoids: a node without `created` gets the time of the import, and `format_date`
 * adds the time of day of the import to a date; a text format that does not allow HTML drops it.
 */
import { DRUPAL_FIELDS, DRUPAL_README, migrations } from "./drupal-files.js";
import type { Export, ExportFile, Publication, PublishedEntry } from "./export.js";
import { yamlText } from "./front-matter.js";
import { isForDrupal, REDIRECT_FORMATS } from "./redirects.js";

export const drupal: Export = {
  description: "Drupal module: migrate_plus migrations, JSON with HTML bodies, files, redirects",
  media: { folder: "data/media", address: "/sites/default/files/sitelift" },
  trailingSlash: false,
  async *files(publication) {
    const name = moduleName(publication.name);
    const { originals, translations } = await sortedByRole(publication);
    const several = publication.languages.length > 1;
    yield { path: `${name}.info.yml`, content: yamlText(moduleInfo(publication.name, several)) };
    for (const [path, config] of Object.entries(migrations(name, translations.size > 0)))
      yield { path: `config/install/${path}`, content: yamlText(config) };
    for (const [path, config] of Object.entries(DRUPAL_FIELDS))
      yield { path: `config/optional/${path}`, content: yamlText(config) };
    yield articlesFile("articles", publication, (id) => originals.has(id));
    if (translations.size > 0)
      yield articlesFile("translations", publication, (id) => translations.has(id), translations);
    yield await filesFile(publication);
    const left = publication.redirects.filter((redirect) => !isForDrupal(redirect));
    if (left.length > 0)
      publication.warn({
        code: "redirect-left-out",
        path: null,
        message: `${left.length} old addresses have a host or a query, and Drupal's redirects know neither; first ${left[0]?.origin ?? ""}${left[0]?.from}`,
      });
    yield {
      path: "redirects.csv",
      content: REDIRECT_FORMATS.drupal?.(publication.redirects) ?? "",
    };
    yield { path: "README.md", content: DRUPAL_README.replaceAll("NAME", name) };
  },
};

/** Machine name of the module and of everything in it. */
function moduleName(site: string): string {
  return `sitelift_${site.toLowerCase().replace(/[^a-z0-9]+/g, "_")}`.slice(0, 40);
}

function moduleInfo(site: string, several: boolean) {
  return {
    name: `Articles of ${site}`,
    type: "module",
    description: "Migrates the articles that sitelift exported. Uninstall it when they are in.",
    package: "Migration",
    core_version_requirement: "^10 || ^11",
    dependencies: [
      "drupal:datetime",
      "drupal:file",
      "drupal:node",
      "drupal:path",
      "drupal:text",
      ...(several ? ["drupal:language", "drupal:content_translation"] : []),
      "drupal:migrate",
      "migrate_plus:migrate_plus",
    ],
  };
}

/**
 * Of an article and its translations one is the node that the others translate: the one in the language
 * with most entries. `translations` leads from the id of each other to its id and language.
 */
async function sortedByRole(publication: Publication) {
  const rank = new Map(publication.languages.map(({ tag }, at) => [tag, at]));
  const originals = new Set<string>();
  const translations = new Map<string, { id: string; language: string }>();
  for await (const { id, data, translations: others } of publication.entries()) {
    const group = [{ id, language: data.language }, ...others];
    const [first] = group.sort((a, b) => (rank.get(a.language) ?? 0) - (rank.get(b.language) ?? 0));
    if (first === undefined || first.id === id) originals.add(id);
    else translations.set(id, first);
  }
  return { originals, translations };
}

function articlesFile(
  name: "articles" | "translations",
  publication: Publication,
  belongs: (id: string) => boolean,
  originals?: ReadonlyMap<string, { readonly id: string; readonly language: string }>,
): ExportFile {
  async function* pieces() {
    let separator = `{"${name}":[\n`;
    for await (const entry of publication.entries()) {
      if (!belongs(entry.id)) continue;
      const original = originals?.get(entry.id);
      const record = {
        ...recordOf(entry, publication),
        ...(original === undefined
          ? {}
          : { original: original.id, original_langcode: langcode(original.language) }),
      };
      yield Buffer.from(separator + JSON.stringify(record));
      separator = ",\n";
    }
    yield Buffer.from(separator.startsWith("{") ? `{"${name}":[]}\n` : "\n]}\n");
  }
  return { path: `data/${name}.json`, content: pieces() };
}

function recordOf(entry: PublishedEntry, publication: Publication) {
  const { data } = entry;
  if (data.date === null)
    publication.warn({
      code: "undated-unpublished",
      path: entry.path,
      message: "it has no date; Drupal wants one, so it comes in unpublished, for a person to date",
    });
  return {
    id: entry.id,
    title: shortTitle(entry, publication),
    date: data.date,
    created: data.date === null ? null : noonOf(data.date),
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
  const message = "its title has more than the 255 characters that Drupal holds, and was cut";
  publication.warn({ code: "title-cut", path, message });
  return `${characters.slice(0, 254).join("")}…`;
}

/** Seconds since 1970. Noon in UTC is the same calendar day nearly everywhere, midnight is not. */
function noonOf(date: string): number {
  return Date.parse(`${date}T12:00:00Z`) / 1000;
}

function langcode(language: string): string {
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
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
  return { path: "data/files.json", content: `${JSON.stringify({ files: sorted }, null, 1)}\n` };
}
