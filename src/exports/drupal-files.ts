/** Migrations, fields and instructions of the Drupal export. */

type Config = Readonly<Record<string, unknown>>;

/** Migration configuration by file name. */
export function migrations(module: string, translated: boolean): Record<string, Config> {
  const named = (what: string) => `${module}_${what}`;
  const plus = "migrate_plus";
  return {
    [`${plus}.migration_group.${module}.yml`]: {
      id: module,
      label: "Articles",
      description: "Articles, their translations and files, as sitelift exported them.",
      source_type: "JSON files",
    },
    [`${plus}.migration.${named("files")}.yml`]: filesMigration(module, named("files")),
    [`${plus}.migration.${named("articles")}.yml`]: {
      ...articlesMigration(module, named("articles"), "articles"),
      destination: { plugin: "entity:node", default_bundle: "article" },
      migration_dependencies: { required: [named("files")] },
    },
    ...(translated
      ? {
          [`${plus}.migration.${named("translations")}.yml`]: translationsMigration(module, named),
        }
      : {}),
  };
}

function source(module: string, name: string, fields: readonly string[], id: string): Config {
  return {
    plugin: "url",
    data_fetcher_plugin: "file",
    data_parser_plugin: "json",
    urls: [`modules/custom/${module}/data/${name}.json`],
    item_selector: name,
    track_changes: true,
    constants: { folder: `modules/custom/${module}/data`, format: "full_html" },
    fields: fields.map((field) => ({ name: field, label: field, selector: field })),
    ids: { [id]: { type: "string", max_length: 255 } },
  };
}

function filesMigration(module: string, id: string): Config {
  return {
    id,
    label: "Files",
    migration_group: module,
    migration_tags: ["sitelift"],
    source: source(
      module,
      "files",
      ["path", "filename", "uri", "media_type", "source_url"],
      "path",
    ),
    process: {
      filename: "filename",
      filemime: "media_type",
      status: { plugin: "default_value", default_value: 1 },
      source_path: { plugin: "concat", source: ["constants/folder", "path"], delimiter: "/" },
      uri: { plugin: "file_copy", source: ["@source_path", "uri"], file_exists: "replace" },
    },
    destination: { plugin: "entity:file" },
  };
}

const ARTICLE_FIELDS = [
  "id",
  "title",
  "date",
  "created",
  "published",
  "type",
  "langcode",
  "summary",
  "body",
  "alias",
  "source_url",
];

function articlesMigration(module: string, id: string, name: string, more: string[] = []): Config {
  return {
    id,
    label: name === "articles" ? "Articles" : "Translations of articles",
    migration_group: module,
    migration_tags: ["sitelift"],
    source: source(module, name, [...ARTICLE_FIELDS, ...more], "id"),
    process: {
      title: "title",
      langcode: "langcode",
      type: { plugin: "default_value", default_value: "article" },
      uid: { plugin: "default_value", default_value: 1 },
      status: "published",
      // Without a value Drupal takes the time of the import. 0 stands on articles that are not published.
      created: { plugin: "default_value", source: "created", default_value: 0 },
      "body/value": "body",
      "body/summary": "summary",
      "body/format": "constants/format",
      "path/alias": "alias",
      "path/langcode": "langcode",
      "path/pathauto": { plugin: "default_value", default_value: 0 },
      field_sitelift_date: [{ plugin: "skip_on_empty", method: "process", source: "date" }],
      field_sitelift_type: [{ plugin: "skip_on_empty", method: "process", source: "type" }],
      field_sitelift_source: "source_url",
    },
  };
}

function translationsMigration(module: string, named: (what: string) => string): Config {
  const own = ["original", "original_langcode"];
  const migration = articlesMigration(module, named("translations"), "translations", own);
  return {
    ...migration,
    process: {
      nid: [
        {
          plugin: "migration_lookup",
          migration: named("articles"),
          source: "original",
          no_stub: true,
        },
        {
          plugin: "skip_on_empty",
          method: "row",
          message: "The article that this one translates was not imported.",
        },
      ],
      content_translation_source: "original_langcode",
      ...(migration.process as Config),
    },
    destination: { plugin: "entity:node", default_bundle: "article", translations: true },
    migration_dependencies: { required: [named("articles")] },
  };
}

function field(name: string, type: string, module: string, label: string, settings: Config) {
  return {
    [`field.storage.node.${name}.yml`]: {
      langcode: "en",
      status: true,
      dependencies: { module: [...new Set([module, "node"])].sort() },
      id: `node.${name}`,
      field_name: name,
      entity_type: "node",
      type,
      settings,
      module,
      locked: false,
      cardinality: 1,
      translatable: true,
      indexes: {},
      persist_with_no_fields: false,
      custom_storage: false,
    },
    [`field.field.node.article.${name}.yml`]: {
      langcode: "en",
      status: true,
      dependencies: {
        config: [`field.storage.node.${name}`, "node.type.article"],
        ...(module === "core" ? {} : { module: [module] }),
      },
      id: `node.article.${name}`,
      field_name: name,
      entity_type: "node",
      bundle: "article",
      label,
      description: "",
      required: false,
      translatable: true,
      default_value: [],
      default_value_callback: "",
      settings: {},
      field_type: type,
    },
  };
}

/** Fields of the content type `article` that hold what a node has no place for. */
export const DRUPAL_FIELDS: Readonly<Record<string, Config>> = {
  ...field("field_sitelift_date", "datetime", "datetime", "Date", { datetime_type: "date" }),
  ...field("field_sitelift_type", "string", "core", "Kind of article", text(255)),
  ...field("field_sitelift_source", "string", "core", "Address on the old site", text(2048)),
};

function text(length: number): Config {
  return { max_length: length, case_sensitive: false, is_ascii: false };
}

/** NAME stands for the module. */
export const DRUPAL_README = `# Migration of the articles

1. Copy this folder to \`modules/custom/NAME\` of a Drupal 10 or 11 site that has the content type \`article\` and
   the text format \`full_html\` (the standard profile has both), and the module \`migrate_plus\`.
2. \`drush pm:install NAME\`
3. \`drush migrate:import --group=NAME\`, and again after a new export: only changed articles are imported.
4. Import \`redirects.csv\` with the module \`path_redirect_import\`.

\`drush migrate:rollback --group=NAME\` takes everything back.

Articles without a date come in unpublished, with \`created\` 0 and an empty \`field_sitelift_date\`: give them a date,
then publish them. Where the site has several languages, detection by path prefix is expected, without a prefix for
the language of the site, and the content type \`article\` made translatable.
`;
