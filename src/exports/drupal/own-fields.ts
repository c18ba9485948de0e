/** The site's own fields in Drupal: their storage, their vocabularies, and what a migration puts into them. */
import { yamlText } from "../../archive/frontmatter.js";
import type { SingleValue } from "../../model.js";
import { type FieldShape, type SingleKind, singleKind } from "../../schema/fields.js";
import { byCodeUnits } from "../../text.js";
import type { ExportFile, Publication, PublishedEntry, PublishedField } from "../export.js";
import { asHtml, isRange, isTerms, valuesOf } from "../own-fields.js";

/** How a kind is stored: type of field, module that has it, settings of the storage and of the field. */
interface Stored {
  readonly type: string;
  readonly module: string;
  readonly storage?: object;
  readonly settings?: object;
}

const STRING: Stored = { type: "string_long", module: "core" };
const STORED: Readonly<Record<SingleKind, Stored>> = {
  text: STRING,
  choice: STRING,
  date: { type: "datetime", module: "datetime", storage: { datetime_type: "date" } },
  datetime: { type: "datetime", module: "datetime", storage: { datetime_type: "datetime" } },
  range: { type: "daterange", module: "datetime_range", storage: { datetime_type: "date" } },
  url: { type: "link", module: "link", settings: { title: 0, link_type: 16 } },
  // A float is one of single precision in MySQL: 16777217 would become 16777216.
  number: { type: "decimal", module: "core", storage: { precision: 32, scale: 10 } },
  boolean: { type: "boolean", module: "core" },
  html: { type: "text_long", module: "text" },
  file: { type: "file", module: "file", storage: { target_type: "file", uri_scheme: "public" } },
  image: { type: "image", module: "image", storage: { target_type: "file", uri_scheme: "public" } },
  reference: { type: "entity_reference", module: "core", storage: { target_type: "node" } },
};

function storedAs(shape: FieldShape, vocabulary: string): Stored {
  if (!isTerms(shape)) return STORED[singleKind(shape)];
  return {
    type: "entity_reference",
    module: "core",
    storage: { target_type: "taxonomy_term" },
    settings: {
      handler: "default:taxonomy_term",
      handler_settings: { target_bundles: { [vocabulary]: vocabulary } },
    },
  };
}

/** Machine names of a field and of its vocabulary: at most 32 characters. */
function machineName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll("-", "_");
}

/** A machine name for each field: `placeName` and `place_name` are two. */
function numbered(names: readonly string[], prefix: string, taken: readonly string[] = []) {
  const used = new Set(taken);
  return new Map(
    names.map((name) => {
      const whole = `${prefix}${machineName(name)}`;
      let free = whole.slice(0, 32);
      for (let at = 2; used.has(free); at++) free = `${whole.slice(0, 31 - `${at}`.length)}_${at}`;
      used.add(free);
      return [name, free];
    }),
  );
}

type Own = Pick<Publication, "own">;

/** Fields that the module has itself, and that of the standard profile for a main picture. */
const TAKEN = [
  "field_image",
  "field_sitelift_date",
  "field_sitelift_source",
  "field_sitelift_type",
];

/** What the fields and their vocabularies are called in Drupal. */
function namesOf({ own }: Own) {
  const names = Object.keys(own.fields);
  const fields = numbered(names, "field_", TAKEN);
  const vocabularies = numbered(names, VOCABULARY);
  return {
    fieldOf: (name: string) => fields.get(name) ?? name,
    vocabularyOf: (name: string) => vocabularies.get(name) ?? name,
  };
}

type Names = ReturnType<typeof namesOf>;

const VOCABULARY = "sitelift_";

export function fieldModules({ own }: Publication): string[] {
  const fields = Object.values(own.fields);
  const modules = fields.map((shape) => (isTerms(shape) ? "taxonomy" : storedAs(shape, "").module));
  return [...new Set(modules)].filter((name) => name !== "core").map((name) => `drupal:${name}`);
}

/** Configuration of the fields, and the terms of their vocabularies. */
export async function* fieldFiles(publication: Publication): AsyncGenerator<ExportFile> {
  const fields = Object.entries(publication.own.fields);
  const { fieldOf, vocabularyOf } = namesOf(publication);
  const folder = "config/optional";
  for (const [name, shape] of fields) {
    const field = fieldOf(name);
    const {
      type,
      module: needs,
      storage = {},
      settings = {},
    } = storedAs(shape, vocabularyOf(name));
    const id = `node.${field}`;
    const core = { langcode: "en", status: true };
    if (isTerms(shape))
      yield {
        path: `${folder}/taxonomy.vocabulary.${vocabularyOf(name)}.yml`,
        content: yamlText({ ...core, name, vid: vocabularyOf(name), description: "", weight: 0 }),
      };
    yield {
      path: `${folder}/field.storage.${id}.yml`,
      content: yamlText({
        ...core,
        dependencies: { module: [...new Set(["node", needs])].sort() },
        ...{ id, field_name: field, entity_type: "node", type, settings: storage, module: needs },
        ...{ locked: false, cardinality: shape.kind === "list" ? -1 : 1, translatable: true },
        ...{ indexes: {}, persist_with_no_fields: false, custom_storage: false },
      }),
    };
    yield {
      path: `${folder}/field.field.node.article.${field}.yml`,
      content: yamlText({
        ...core,
        dependencies: {
          config: [`field.storage.${id}`, "node.type.article"],
          ...(needs === "core" ? {} : { module: [needs] }),
        },
        ...{ id: `node.article.${field}`, field_name: field, entity_type: "node" },
        ...{ bundle: "article", label: name, description: "", required: false, translatable: true },
        ...{ default_value: [], default_value_callback: "", settings, field_type: type },
      }),
    };
  }
  if (hasTerms(publication)) yield await termsFile(publication);
}

/** True where a vocabulary is needed. */
export function hasTerms({ own }: Own): boolean {
  return Object.values(own.fields).some(isTerms);
}

async function termsFile(publication: Publication): Promise<ExportFile> {
  const names = namesOf(publication);
  const terms = new Map<string, { id: string; vocabulary: string; name: string }>();
  for await (const { fields } of publication.entries())
    for (const field of fields.filter(isTerms))
      for (const value of valuesOf(field)) {
        const id = termId(field, value, names);
        terms.set(id, {
          id,
          vocabulary: names.vocabularyOf(field.name),
          name: String(value).slice(0, 255),
        });
      }
  const all = [...terms].sort(([a], [b]) => byCodeUnits(a, b)).map(([, term]) => term);
  return { path: "data/terms.json", content: `${JSON.stringify({ terms: all }, null, 1)}\n` };
}

function termId(
  { name }: Pick<PublishedField, "name">,
  value: SingleValue,
  { vocabularyOf }: Names,
): string {
  return `${vocabularyOf(name).slice(VOCABULARY.length)}/${String(value)}`.slice(0, 255);
}

/** What the record of an entry has for its fields: an array each, as the migration reads them. */
export function fieldRecord(entry: PublishedEntry, publication: Publication) {
  const names = namesOf(publication);
  const all = entry.fields.map((field): [string, unknown] => {
    const archived = Array.isArray(field.archived) ? field.archived : [field.archived];
    const values = valuesOf(field).flatMap((value, at): unknown[] => {
      if (isTerms(field)) return [termId(field, value, names)];
      if (isRange(value)) return [{ value: value.start, end_value: value.end }];
      if (field.of === "url") return [{ uri: value }];
      if (field.of === "datetime") return [inUtc(String(value))];
      if (field.of === "html") return [{ value: asHtml(field, value), format: "full_html" }];
      if (field.of !== "file" && field.of !== "image" && field.of !== "reference") return [value];
      // Files and nodes that were not exported have no number in Drupal.
      const own = String(archived[at]);
      if (!/^https?:/i.test(own)) return [own];
      const message = `fields.${field.name}: ${own} is not in the archive, and is left out`;
      publication.warn({ code: "field-left-out", path: entry.path, message });
      return [];
    });
    return [names.fieldOf(field.name), values];
  });
  return Object.fromEntries(all);
}

/** Drupal stores times in UTC, without a zone. */
function inUtc(value: string): string {
  if (!value.includes("T")) return `${value}T12:00:00`;
  return new Date(value).toISOString().slice(0, 19);
}

/** A migration of articles with the fields. @param text a template */
export function withFields(text: string, publication: Publication, module: string): string {
  const fields = Object.entries(publication.own.fields);
  if (fields.length === 0) return text;
  const { fieldOf } = namesOf(publication);
  const names = fields.map(([name]) => fieldOf(name));
  const selectors = names
    .map((name) => `    - name: "${name}"\n      label: "${name}"\n      selector: "${name}"\n`)
    .join("");
  const process = fields.map(([name, shape]) => processOf(fieldOf(name), shape, module)).join("");
  const terms = hasTerms(publication) ? `    - "${module}_terms"\n` : "";
  return text
    .replace(/( {6}selector: "source_url"\n)/, `$1${selectors}`)
    .replace(/( {2}field_sitelift_source: "source_url"\n)/, `$1${process}`)
    .replace(/(migration_dependencies:\n {2}required:\n)/, `$1${terms}`);
}

function processOf(name: string, shape: FieldShape, module: string): string {
  const of = singleKind(shape);
  const lookup = (migration: string) =>
    `  ${name}:\n    - plugin: "get"\n      source: "${name}"\n    - plugin: "migration_lookup"\n      migration: "${module}_${migration}"\n`;
  if (isTerms(shape)) return lookup("terms");
  if (of === "file" || of === "image") return lookup("files");
  // A node that comes later is made as a stub.
  if (of === "reference") return lookup("articles");
  const keys = { range: ["value", "end_value"], url: ["uri"], html: ["value", "format"] };
  if (of !== "range" && of !== "url" && of !== "html") return `  ${name}: "${name}"\n`;
  const lines = keys[of].map((key) => `        ${key}: "${key}"\n`).join("");
  return `  ${name}:\n    - plugin: "sub_process"\n      source: "${name}"\n      process:\n${lines}`;
}
