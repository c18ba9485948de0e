/** A SQLite database with full-text search. */
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sqlite3, { type Database } from "node-sqlite3-wasm";
import { temporaryFolder } from "../../disk/folders.js";
import { type FieldShape, singleKind } from "../../schema/fields.js";
import type { Export, Publication, PublishedEntry } from "../export.js";
import { templates } from "../generator.js";
import { columnsOf, textOf, valuesOf } from "../own-fields.js";

export const sqlite: Export = {
  media: { folder: "media", address: "/media" },
  async *files(publication) {
    yield { path: "articles.db", content: await databaseOf(publication) };
  },
};

/** The library writes to files only, so the database is made in a temporary folder. */
async function databaseOf(publication: Publication): Promise<Uint8Array> {
  await using folder = await temporaryFolder(join(tmpdir(), "sitelift-sqlite-"));
  const file = join(folder.path, "articles.db");
  const database = new sqlite3.Database(file);
  try {
    await fill(database, publication);
  } finally {
    database.close();
  }
  return await readFile(file);
}

async function fill(database: Database, publication: Publication): Promise<void> {
  for await (const { content } of templates(import.meta.url)) database.exec(content);
  const own = ownColumns(database, publication);
  database.exec(own.map(({ sql }) => sql).join("\n"));
  database.exec("BEGIN");
  for await (const entry of publication.entries()) {
    insert(database, entry, own);
    insertLists(database, entry, own);
  }
  for (const { origin, from, to, status, entry } of publication.redirects)
    put(database, "redirects", { host: origin, path: from, target: to, status, article: entry });
  database.exec("COMMIT");
  for (const index of ["search", "search_parts"])
    database.exec(`INSERT INTO ${index} (${index}) VALUES ('rebuild')`);
  database.exec("VACUUM");
}

/** A column of `articles` for each of the site's own fields, two for a range; a table for each list. */
function ownColumns(database: Database, publication: Publication) {
  const isList = ({ kind }: FieldShape) => kind === "list";
  const names = (sql: string) => database.all(sql).map(({ name }) => String(name));
  const known = [...names("PRAGMA table_info(articles)"), "rowid", "oid", "_rowid_"];
  const columns = columnsOf(publication, new Set(known), (shape) => !isList(shape));
  // Indexes too, and the tables of the full-text search. SQLite keeps names that begin so for itself.
  const tables = names("SELECT name FROM sqlite_master");
  const kept = Object.keys(publication.own.fields).filter((name) => /^sqlite_/i.test(name));
  const taken = new Set([...tables, ...kept].map((name) => name.toLowerCase()));
  const lists = columnsOf(publication, taken, isList);
  return [
    ...columns.map((one) => ({
      ...one,
      table: null,
      sql: `ALTER TABLE articles ADD COLUMN ${quoted(one.name)} ${typeOf(one.shape)};`,
    })),
    ...lists.map((one) => ({
      ...one,
      table: one.name,
      sql: `CREATE TABLE ${quoted(one.name)} (article TEXT NOT NULL REFERENCES articles (id), position INTEGER NOT NULL, value ${typeOf(one.shape)}, PRIMARY KEY (article, position));`,
    })),
  ];
}

function typeOf(shape: FieldShape): string {
  const kind = singleKind(shape);
  return kind === "number" ? "REAL" : kind === "boolean" ? "INTEGER" : "TEXT";
}

const quoted = (name: string) => `"${name}"`;

function insertLists(database: Database, entry: PublishedEntry, own: OwnColumns): void {
  for (const field of entry.fields) {
    const table = own.find((one) => one.field === field.name)?.table ?? null;
    if (table === null) continue;
    for (const [position, value] of valuesOf(field).entries()) {
      const stored =
        typeof value === "number" ? value : typeof value === "boolean" ? +value : textOf(value);
      put(database, quoted(table), { article: entry.id, position, value: stored });
    }
  }
}

type OwnColumns = ReturnType<typeof ownColumns>;

function ownValues(
  { fields }: PublishedEntry,
  own: OwnColumns,
): Record<string, string | number | null> {
  const all = fields.flatMap((field) =>
    own
      .filter((one) => one.field === field.name && one.table === null)
      .map(({ name, read }) => {
        const value = read(field);
        return [quoted(name), typeof value === "boolean" ? +value : value];
      }),
  );
  return Object.fromEntries(all);
}

function insert(database: Database, entry: PublishedEntry, own: OwnColumns): void {
  const { id, data, body, href } = entry;
  put(database, "articles", {
    id,
    title: data.title,
    date: data.date,
    type: data.type,
    language: data.language,
    direction: data.direction,
    address: href,
    source_url: data.sourceUrl,
    summary: data.summary,
    body,
    html: entry.html(),
    date_text: data.dateText,
    type_text: data.typeText,
    translation_key: entry.translationKey,
    ...ownValues(entry, own),
  });
  for (const address of new Set(data.aliases)) put(database, "aliases", { article: id, address });
  const served = new Map(entry.media.map((media) => [media.path, media.href]));
  const beside = new Set(entry.beside.map((media) => media.path));
  for (const [position, media] of data.media.entries())
    put(database, "media", {
      article: id,
      position,
      path: media.path,
      address: media.path === null ? null : (served.get(media.path) ?? null),
      source_url: media.sourceUrl,
      alt: media.alt,
      title: media.title ?? null,
      caption: media.caption ?? null,
      kind: media.kind ?? null,
      media_type: media.mediaType,
      bytes: media.bytes,
      sha256: media.sha256,
      in_text: media.path === null ? null : +!beside.has(media.path),
    });
}

function put(
  database: Database,
  table: string,
  row: Readonly<Record<string, string | number | null>>,
): void {
  const columns = Object.keys(row);
  database.run(
    `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    Object.values(row),
  );
}
