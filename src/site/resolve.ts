/** How a site file becomes a site: it is checked, laid over its preset, and completed. */

import type { z } from "zod";
import { CliError } from "../error.js";
import { FIELD_NAMES } from "../model.js";
import { readWritten } from "../schema/explain.js";
import type { FieldShape, OwnShape } from "../schema/fields.js";
import { nearest } from "../text.js";
import { completeSite } from "./defaults.js";
import { LISTING_KINDS } from "./listing-kinds.js";
import { placeOf } from "./misplaced.js";
import { laidOver, REST, withoutRest } from "./rest.js";
import { type Preset, type SiteInput, siteSchema } from "./schema.js";
import { isReserved, type Site, type Starts } from "./site.js";

/**
 * Checks a site file and fills in presets and defaults.
 *
 * @param input what the file holds, unchecked
 * @param presets the presets that may be named
 * @param from name of the file, for messages
 * @throws {CliError} exit code 2, naming every key that is wrong, what was expected and the nearest known key
 */
export function resolveSite(
  input: unknown,
  presets: Readonly<Record<string, Preset>>,
  from: string,
): Site {
  const read = readWritten(siteSchema, input, placeOf);
  if ("wrong" in read)
    throw new CliError(`${from} is not a valid site file`, {
      details: read.wrong,
      hint: "`sitelift schema site` prints every key and what it means.",
    });
  const own = read.value;
  if (own.preset !== undefined && !Object.hasOwn(presets, own.preset)) {
    const near = nearest(own.preset, Object.keys(presets));
    throw new CliError(`${from}: unknown preset "${own.preset}"`, {
      hint: `${near === null ? "" : `Did you mean "${near}"? `}Known presets: ${Object.keys(presets).join(", ")}.`,
    });
  }
  const preset = own.preset === undefined ? {} : (presets[own.preset] ?? {});
  const { lists: given = [], ...rest } = own;
  const base = mergePreset(preset, rest);
  const parts = given.map((list) => ({ list, merged: overlaid(base, list) }));
  const lacks = [
    ...(parts.length === 0
      ? lacksOf(base, "")
      : parts.flatMap(({ merged }, at) => lacksOf(merged, `lists.${at}.`))),
    ...listProblems(own),
    ...restProblems(rest, preset, ""),
    ...given.flatMap((list, at) => restProblems(list as Preset, base, `lists.${at}.`)),
    ...restOfLanguages(own.languages, parts.length === 0 ? [base] : parts.map((one) => one.merged)),
    ...takenOut(own, preset, ""),
    ...given.flatMap((list, at) => takenOut(list, base, `lists.${at}.`)),
    ...Object.entries(own.languages ?? {}).flatMap(([tag, one]) =>
      takenOut(one, base, `languages.${tag}.`),
    ),
  ];
  if (lacks.length > 0)
    throw new CliError(`${from} is not complete`, {
      details: lacks,
      hint: 'A Drupal 7 site needs only `preset: "drupal7"`, a name and a start; `sitelift init URL` proposes a site file for any.',
    });
  if (parts.length === 0)
    return { ...completeSite(own.name, base), languages: languagesOf(own.name, base), lists: [] };
  return withLists(own.name, base, parts);
}

/** Fields that are taken out and are not there, or have a threshold all the same. */
function takenOut(
  { fields = {}, health = {} }: Pick<Preset, "fields" | "health">,
  below: Preset,
  at: string,
): string[] {
  const out = Object.keys(fields).filter((name) => fields[name] === null);
  return [
    ...out
      .filter((name) => !isReserved(name) && below.fields?.[name] == null)
      .map((name) => `${at}fields.${name}: there is no such field to take out; remove this line`),
    ...out
      .filter((name) => (health as Record<string, unknown>)[name] !== undefined)
      .map((name) => `${at}health.${name}: the field is taken out; remove this line`),
  ];
}

type ListInput = NonNullable<z.output<typeof siteSchema>["lists"]>[number];

function overlaid(base: Preset, list: ListInput): Preset {
  const { name: _, start, starts: __, type: ___, ...own } = list;
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  const merged = mergePreset(base, given as Preset);
  return { ...merged, start };
}

function lacksOf(merged: Preset, at: string): string[] {
  return [
    merged.start === undefined
      ? `${at}start: expected the URL of the first listing page, found nothing`
      : null,
    merged.listing?.rows === undefined
      ? `${at}listing.rows: expected a selector of the rows, found nothing`
      : null,
    merged.fields?.title == null
      ? `${at}fields.title: expected a selector of the title, found nothing`
      : null,
  ].filter((line) => line !== null);
}

/** What names the rest of a list where nothing is below it. */
function restProblems(own: Preset, given: Preset, at: string): string[] {
  const below = belowOf(given, own);
  const parts: [string, object | undefined, object | undefined][] = [
    ["", below, own],
    ["listing.", below.listing, own.listing],
    ["article.", below.article, own.article],
    ...Object.entries(own.fields ?? {}).map(([name, field]): [string, object, object] => [
      `fields.${name}.`,
      below.fields?.[name] ?? {},
      field ?? {},
    ]),
  ];
  return parts.flatMap(([part, under, on]) =>
    withoutRest(under, on).map(
      (key) => `${at}${part}${key}: "${REST}" is for what a preset has there, and there is none`,
    ),
  );
}

/** The same of what differs in a language, which is laid over each of the lists: one of them may have it. */
function restOfLanguages(languages: Preset["languages"] = {}, lists: readonly Preset[]): string[] {
  return Object.entries(languages).flatMap(([tag, one]) => {
    const [first = [], ...others] = lists.map((list) =>
      restProblems(one, list, `languages.${tag}.`),
    );
    return first.filter((problem) => others.every((other) => other.includes(problem)));
  });
}

/** What the schema cannot see: names that are there twice, or not at all. */
function listProblems({ lists = [], fields, types = {}, health = {}, start }: SiteInput): string[] {
  const names = lists.map(({ name }) => name);
  const twice = names.filter((name, at) => names.indexOf(name) < at);
  const kinds = new Map<string, string>();
  const clashes = [fields, ...lists.map((list) => list.fields)].flatMap((some) =>
    Object.entries(some ?? {}).flatMap(([name, field]) => {
      if (field == null || !("kind" in field)) return [];
      const kind = field.kind === "list" ? `list of ${field.of ?? "text"}` : field.kind;
      const other = kinds.get(name) ?? kind;
      kinds.set(name, other);
      return other === kind
        ? []
        : [`lists: ${name} is ${other} in one list and ${kind} in another`];
    }),
  );
  const unknown = Object.entries(types).flatMap(([type, { required }]) =>
    required
      .filter((name) => !kinds.has(name) && !isReserved(name))
      .map((name) => `types.${type}.required: there is no field ${name}`),
  );
  return [
    ...twice.map((name) => `lists: two have the name ${name}`),
    ...clashes,
    ...unknown,
    ...[health, ...lists.map((list) => list.health ?? {})].flatMap((shares) =>
      Object.keys(shares)
        .filter((name) => !kinds.has(name) && !isReserved(name))
        .map((name) => `health.${name}: there is no field ${name}`),
    ),
    ...(lists.length > 0 && start !== undefined
      ? ["start: each of the lists has its own; remove this one, or put it into a list"]
      : []),
  ];
}

/** Each list is a site of its own; what may be visited for one may be for all, since they share links and media. */
function withLists(
  name: string,
  base: Preset,
  parts: readonly { readonly list: ListInput; readonly merged: Preset }[],
): Site {
  const complete = parts.map(({ list, merged }) => ({
    ...completeSite(name, merged, {
      name: list.name,
      starts: startsOf(list.starts),
      type: list.type ?? null,
    }),
    languages: languagesOf(name, merged),
  }));
  const origins = [...new Set(complete.flatMap((list) => list.origins))];
  const names = new Set(complete.flatMap(({ own }) => Object.keys(own.fields)));
  const fields = Object.fromEntries(
    [...names].map((field) => {
      const having = complete.filter(({ own }) => own.fields[field] !== undefined);
      const shapes = having.map(({ own }) => own.fields[field] as FieldShape);
      const in_ =
        having.length === complete.length ? {} : { lists: having.map(({ list }) => list ?? "") };
      return [field, { ...unionOf(shapes), ...in_ }];
    }),
  );
  const own: OwnShape = { fields, ...(base.types && { types: base.types }) };
  const lists = complete.map((list) => ({ ...list, origins, own }));
  const first = lists[0] as (typeof lists)[number];
  const whole = { ...base, start: first.start };
  return {
    ...completeSite(name, whole),
    origins,
    own,
    languages: languagesOf(name, whole),
    lists,
  };
}

function unionOf(shapes: readonly FieldShape[]): FieldShape {
  const { required: _, choices: __, ...first } = shapes[0] as FieldShape;
  const closed = shapes.every(({ choices }) => choices !== undefined);
  const choices = [...new Set(shapes.flatMap(({ choices = [] }) => choices))];
  return {
    ...first,
    ...(closed ? { choices } : {}),
    ...(shapes.every(({ required }) => required) ? { required: true as const } : {}),
  };
}

function startsOf(given: ListInput["starts"]): Starts | null {
  if (given === undefined) return null;
  const { select, attribute = null, url = null } = given;
  return { select: typeof select === "string" ? [select] : select, attribute, url };
}

function languagesOf(name: string, merged: Preset): Site["languages"] {
  return Object.fromEntries(
    Object.entries(merged.languages ?? {}).map(([language, { origins = [], ...own }]) => [
      language,
      completeSite(name, {
        ...mergePreset(merged, { ...own, language }),
        origins: [...(merged.origins ?? []), ...origins],
      }),
    ]),
  );
}

/**
 * A preset with a site's own keys on top: objects are merged key by key, lists are replaced whole but for what `...`
 * keeps of them. Where these name a kind of list, what it is read by goes before what the preset says of pages. A field
 * that is null is taken out, and stays out until a later layer names it again.
 */
export function mergePreset(given: Preset, own: Preset): Preset {
  const preset = belowOf(given, own);
  const fieldsOf = (name: string) => {
    const [below, on] = [given.fields?.[name], own.fields?.[name]];
    if (on === null || (on === undefined && below === null)) return null;
    return laidOver(preset.fields?.[name] ?? {}, on ?? {});
  };
  const others = Object.keys({ ...preset.fields, ...own.fields }).filter(
    (name) => !isReserved(name),
  );
  const named = [...FIELD_NAMES, ...others].filter(
    (name) => preset.fields?.[name] !== undefined || own.fields?.[name] !== undefined,
  );
  return {
    ...laidOver(preset, own),
    listing: laidOver(preset.listing, own.listing),
    article: laidOver(preset.article, own.article),
    media: { ...preset.media, ...own.media },
    languages: { ...preset.languages, ...own.languages },
    politeness: { ...preset.politeness, ...own.politeness },
    health: healthOf(preset, own),
    fields: Object.fromEntries(named.map((name) => [name, fieldsOf(name)])),
    ...(preset.ignore && { ignore: joined(own.ignore ?? [], preset.ignore) }),
  };
}

/** What own keys lie on: where they name a kind of list, its own selectors too. */
function belowOf(given: Preset, own: Preset): Preset {
  const { kind } = own.listing ?? {};
  return kind === undefined ? given : mergePreset(given, LISTING_KINDS[kind]);
}

/** Thresholds, without those of a preset for fields that are taken out. */
function healthOf(preset: Preset, own: Preset): NonNullable<Preset["health"]> {
  const kept = Object.entries(preset.health ?? {}).filter(([name]) => own.fields?.[name] !== null);
  return Object.assign(Object.fromEntries(kept), own.health);
}

type Ignored = NonNullable<Preset["ignore"]>;

/** What a site file ignores, and what its preset does besides. */
function joined(own: Ignored, others: Ignored): Ignored {
  const named = new Set(own.map(({ select }) => select));
  return [...own, ...others.filter(({ select }) => !named.has(select))];
}
