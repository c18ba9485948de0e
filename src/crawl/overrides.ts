/**
 * Decisions of people about single articles: a field set by hand, another file name, an article left out.
 * They are applied to what was read before it is judged, in every run, so that they survive each one. Pure.
 */
import { z } from "zod";
import { mediaOf } from "../convert/media.js";
import type { Draft, EntryData } from "../model.js";
import { entryData } from "../schema/entry.js";
import { anyFields } from "../schema/fields.js";
import { isPortableName, optional } from "../schema/words.js";
import type { Site } from "../site/site.js";
import { gather } from "../text.js";
import { canonicalUrl, urlKey } from "../url/url.js";

const { title, date, type, language, summary, direction } = entryData.shape;

const fields = z.strictObject({
  title: title.optional(),
  date: date.optional(),
  type: type.optional(),
  language: language.optional(),
  summary: summary.optional(),
  direction: direction.optional(),
  fields: optional(anyFields, "Fields of the site's own; those not named stay."),
  body: optional(z.string(), "Markdown; links as on the old site."),
});

/** What overrides.yaml says of one article. */
export const override = z
  .strictObject({
    set: optional(fields, "Values that take the place of those that were read."),
    slug: optional(
      z.string().refine(isPortableName, "is not a portable file name"),
      "File name, without extension.",
    ),
    exclude: optional(
      z.union([z.literal(true), z.string().min(1)]),
      "Leaves the article out; a text says why.",
    ),
    why: optional(z.string(), "For people; it is not used."),
  })
  .refine(({ set, slug, exclude }) => set ?? slug ?? exclude, "decides nothing")
  .refine(
    ({ set, slug, exclude }) => exclude === undefined || (set === undefined && slug === undefined),
    "excludes the article and changes it",
  );

/** An override and the article that it is about: an id, a URL, or a path of the site. */
export interface Override extends z.output<typeof override> {
  readonly about: string;
}

/** An article of the archive, by which an id is known. */
interface Known {
  readonly id?: string;
  readonly sourceUrl: string;
  readonly aliases: readonly string[];
}

export class Overrides {
  readonly #all: readonly Override[];
  readonly #site: Pick<Site, "start" | "origins" | "media">;
  /** By keys of URLs and by ids. */
  readonly #byKey = new Map<string, Override[]>();
  readonly #used = new Set<Override>();

  constructor(
    all: readonly Override[],
    site: Pick<Site, "start" | "origins" | "media">,
    known: readonly Known[],
  ) {
    this.#all = all;
    this.#site = site;
    const byId = new Map(known.map((article) => [article.id, article]));
    for (const one of all) {
      const { about } = one;
      const article = byId.get(about);
      const urls = [
        ...(/^(?:https?:\/\/|\/)/i.test(about) ? [new URL(about, site.start).href] : []),
        // An article that was renamed since has another URL, and keeps its id.
        ...(article === undefined ? [] : [article.sourceUrl, ...article.aliases]),
      ];
      for (const key of [about, ...urls.map(urlKey)]) gather(this.#byKey, key, one);
    }
  }

  /** What names nothing that was read. */
  unused(): string[] {
    return this.#all.filter((one) => !this.#used.has(one)).map(({ about }) => about);
  }

  /**
   * Applies what was decided about an article, in the order of the file.
   *
   * @param urls its own, that of its row, and its aliases
   * @returns why it is left out; else what it is now
   */
  decide(read: Draft, urls: readonly string[]): Draft | { readonly excluded: string } {
    const keys = [read.id, ...urls.map(urlKey)];
    const named = new Set(keys.flatMap((key) => this.#byKey.get(key) ?? []));
    if (named.size === 0) return read;
    let draft = read;
    for (const one of this.#all.filter((one) => named.has(one))) {
      this.#used.add(one);
      if (one.exclude !== undefined)
        return {
          excluded: `override: ${one.exclude === true ? "excluded by overrides.yaml" : one.exclude}`,
        };
      draft = this.#changed(draft, one);
    }
    return draft;
  }

  #changed(draft: Draft, { set = {}, slug }: Override): Draft {
    const { body = draft.body, ...values } = set;
    const given = Object.fromEntries(
      Object.entries(values).filter(([name, value]) => value !== undefined && name !== "fields"),
    );
    const keys = [
      ...Object.keys(given),
      ...Object.keys(set.fields ?? {}).map((name) => `fields.${name}`),
      ...(set.body === undefined ? [] : ["body"]),
      ...(slug === undefined ? [] : ["slug"]),
    ];
    const decided = new Set(keys.map((key) => (key === "body" ? key : `data.${key}`)));
    const { sourceUrl } = draft.data;
    const base = typeof sourceUrl === "string" ? (canonicalUrl(sourceUrl) ?? "") : "";
    const media =
      set.body === undefined ? {} : { media: mediaOf(body, base || this.#site.start, this.#site) };
    const read = draft.data.fields as EntryData["fields"];
    const fields = set.fields === undefined ? {} : { fields: { ...read, ...set.fields } };
    const before = draft.provenance.overrides ?? [];
    return {
      ...draft,
      slug: slug ?? draft.slug,
      data: { ...draft.data, ...given, ...media, ...fields },
      body,
      ...(set.body === undefined ? {} : { anchors: [] }),
      // What a person has decided is not an issue any more.
      issues: draft.issues.filter(({ path }) => !decided.has(path)),
      provenance: { ...draft.provenance, overrides: [...new Set([...before, ...keys])] },
    };
  }
}
