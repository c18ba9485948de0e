/** The site's own fields on the new site: what each target writes in its own way. */
import { type Places, placedValue } from "../archive/own-fields.js";
import type { FieldValue, SingleValue } from "../model.js";
import { type FieldShape, type OwnShape, singleKind } from "../schema/fields.js";
import type { Publication, PublishedEntry, PublishedField } from "./export.js";
import { renderMarkdown } from "./markdown.js";

/** @param values as the archive has them @param places on the new site @returns those of the archive's fields that the entry has, in their order */
export function publishedFields(
  values: Readonly<Record<string, FieldValue>> | undefined,
  { fields }: OwnShape,
  places: Places,
): PublishedField[] {
  return Object.entries(fields).flatMap(([name, shape]): PublishedField[] => {
    const archived = values?.[name];
    if (archived === undefined) return [];
    const value = placedValue(archived, shape, places);
    return [{ name, kind: shape.kind, of: singleKind(shape), value, archived }];
  });
}

/** Values of a field as an array: none where it is null. */
export function valuesOf({ value }: PublishedField): readonly SingleValue[] {
  if (value === null) return [];
  return Array.isArray(value) ? (value as readonly SingleValue[]) : [value as SingleValue];
}

/** True for a field whose values are terms: a choice, or a list of words. */
export function isTerms({ kind, of = "text" }: Pick<FieldShape, "kind" | "of">): boolean {
  return kind === "choice" || (kind === "list" && (of === "text" || of === "choice"));
}

/** True for a field that names who wrote an article. */
function isByline(name: string): boolean {
  return /^(?:authors?|bylines?|by|writers?)$/i.test(name);
}

/** True for a field of the categories of an article, which some targets have beside tags. */
export function isCategories(name: string): boolean {
  return /^categor(?:y|ies)$/i.test(name);
}

/** Terms of an entry, those who wrote it left out. */
export function termsOf({ fields }: Pick<PublishedEntry, "fields">): string[] {
  return fields
    .filter((field) => isTerms(field) && !isByline(field.name))
    .flatMap((field) => valuesOf(field).map(String));
}

/** Terms of an entry that are not its categories. */
export function tagsOf({ fields }: PublishedEntry): string[] {
  return termsOf({ fields: fields.filter(({ name }) => !isCategories(name)) });
}

/** Categories of an entry, as its field of them has them. */
export function categoriesOf({ fields }: PublishedEntry): string[] {
  return termsOf({ fields: fields.filter(({ name }) => isCategories(name)) });
}

/** Categories of an entry: those of its field; its type where it has none. */
export function categoriesFront(entry: PublishedEntry): string[] | undefined {
  const { type } = entry.data;
  const own = categoriesOf(entry);
  if (own.length > 0) return own;
  return type === null ? undefined : [type];
}

export function authorsOf({ fields }: PublishedEntry): string[] {
  return fields
    .filter(({ name, of }) => isByline(name) && (of === "text" || of === "choice"))
    .flatMap((field) => valuesOf(field).map(String));
}

/** The fields as front matter has them, under one key; undefined for a site that has none. */
export function fieldsFront({ fields }: PublishedEntry): Record<string, FieldValue> | undefined {
  if (fields.length === 0) return undefined;
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}

/**
 * A name of its own for each field: `field_place` where `place` is taken, then `field_place_2`. Targets do not tell `A`
 * from `a`, and a range takes two names more.
 *
 * @param taken names that the target has already, in lower case
 */
export function freeNames({ fields }: OwnShape, taken: ReadonlySet<string>): Map<string, string> {
  const used = new Set(taken);
  return new Map(
    Object.entries(fields).map(([field, { kind }]) => {
      const all = (name: string) =>
        (kind === "range" ? ["", "_start", "_end"] : [""]).map((end) =>
          `${name}${end}`.toLowerCase(),
        );
      let name = field;
      for (let at = 1; all(name).some((one) => used.has(one)); at++)
        name = at === 1 ? `field_${field}` : `field_${field}_${at}`;
      for (const one of all(name)) used.add(one);
      return [field, name];
    }),
  );
}

/** A column for each scalar of a field: a range has two. Lists are one, with their values. */
export interface Column {
  readonly name: string;
  readonly field: string;
  readonly shape: FieldShape;
  read(field: PublishedField): string | number | boolean | null;
}

/** Columns of the fields of an archive. @param taken names that the target has already, in lower case */
export function columnsOf(
  { own }: Pick<Publication, "own">,
  taken: ReadonlySet<string>,
  only: (shape: FieldShape) => boolean = () => true,
): Column[] {
  const fields = Object.fromEntries(Object.entries(own.fields).filter(([, shape]) => only(shape)));
  return [...freeNames({ fields }, taken)].flatMap(([field, name]): Column[] => {
    const shape = fields[field] ?? { kind: "text" };
    const end = (key: "start" | "end"): Column => ({
      ...{ name: `${name}_${key}`, field, shape },
      read: ({ value }) => (isRange(value) ? value[key] : null),
    });
    if (shape.kind === "range") return [end("start"), end("end")];
    return [{ name, field, shape, read: (one) => scalarOf(one) }];
  });
}

function scalarOf(field: PublishedField): string | number | boolean | null {
  const { kind, value } = field;
  if (kind === "list") return valuesOf(field).map(textOf).join("\n");
  return value === null || typeof value === "object" ? null : value;
}

/** A value in one text. */
export function textOf(value: SingleValue): string {
  if (typeof value !== "object") return String(value);
  return value.start === value.end ? value.start : `${value.start}/${value.end}`;
}

export function isRange(value: unknown): value is { readonly start: string; readonly end: string } {
  return typeof value === "object" && value !== null && "start" in value;
}

/** A value of Markdown as HTML; any other as it is. */
export function asHtml({ of }: Pick<PublishedField, "of">, value: SingleValue): SingleValue {
  return of === "html" && typeof value === "string" ? renderMarkdown(value) : value;
}
