/** A site file that is changed key by key, and the reason for each change. */
import { PRESETS } from "../../site/presets.js";
import { resolveSite } from "../../site/resolve.js";
import { REST } from "../../site/rest.js";
import { wayWords } from "../../site/selector-words.js";
import type { Alternative, FieldRules, Site, SiteInput } from "../../site/site.js";

/** A key of the site file that gets another value. */
export interface Change {
  /** Keys from the outermost object of the site file. */
  readonly path: readonly string[];
  /** What the site file says there; `...` for what its preset says. */
  readonly from: readonly unknown[];
  readonly to: readonly unknown[];
  /** What is new in it, as a person reads it. */
  readonly adds: string;
  readonly proof: string;
}

/** The site of a file, or of one of its lists. */
export function siteOfInput(input: SiteInput, list: string | null): Site {
  const site = resolveSite(input, PRESETS, "the repaired site file");
  const one = site.lists.find((own) => own.list === list);
  return one === undefined ? site : { ...one, lists: [] };
}

type Path = readonly string[];

export class EditedSite {
  input: SiteInput;
  site: Site;
  readonly changes: Change[] = [];
  readonly #list: string | null;
  /** Of one of several lists, where it is in the site file. */
  readonly #prefix: Path;

  constructor(given: SiteInput, list: string | null) {
    this.input = given;
    this.#list = list;
    this.site = siteOfInput(given, list);
    const at = given.lists?.findIndex(({ name }) => name === list) ?? -1;
    this.#prefix = at === -1 ? [] : ["lists", String(at)];
  }

  /** The site with another value of a key. */
  siteWith(path: Path, value: unknown): Site {
    return siteOfInput(this.#inputWith(path, value), this.#list);
  }

  /** Changes a key, and notes why. */
  change(path: Path, { from, to, ...why }: Omit<Change, "path">): void {
    this.#take(this.#inputWith(path, to));
    this.changes.push({ path: [...this.#prefix, ...path], from, to, ...why });
  }

  /** Takes back all changes since there were so many, and gives the site file that there was then. */
  takeBack(changes: number, input: SiteInput): void {
    this.changes.length = changes;
    this.#take(input);
  }

  /**
   * Adds a value after those that are there, or else before them, and keeps it where that is right; before those of a
   * preset, of which the last are general.
   *
   * @param all what is read there, the preset's words included
   */
  tryOn(
    path: Path,
    all: readonly unknown[],
    value: unknown,
    isRight: (site: Site) => boolean,
    proof: string | ((site: Site) => string),
  ): boolean {
    const from = this.said(path, all);
    const [first, last] = [
      [value, ...from],
      [...from, value],
    ];
    for (const to of from.includes(REST) ? [first, last] : [last, first]) {
      const site = this.siteWith(path, to);
      if (!isRight(site)) continue;
      const adds =
        typeof value === "string"
          ? value
          : wayWords((value as Alternative).select, (value as Alternative).attribute ?? null);
      this.change(path, { from, to, adds, proof: typeof proof === "string" ? proof : proof(site) });
      return true;
    }
    return false;
  }

  /** What the site file itself says at a place: what its preset says stays there. @param all both */
  said(path: Path, all: readonly unknown[]): readonly unknown[] {
    const own = [...this.#prefix, ...path].reduce<unknown>(
      (part, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key],
      this.input,
    );
    if (own === undefined) return all.length === 0 ? [] : [REST];
    if (Array.isArray(own)) return own;
    return typeof own === "string" || (own !== null && "select" in (own as object)) ? [own] : all;
  }

  #inputWith(path: Path, value: unknown): SiteInput {
    return withValue(this.input, [...this.#prefix, ...path], value) as SiteInput;
  }

  #take(input: SiteInput): void {
    if (input === this.input) return;
    this.input = input;
    this.site = siteOfInput(input, this.#list);
  }
}

/** A link as a site file writes it. */
export function linkOf({ select, attribute, read, all }: Alternative): unknown {
  const isPlain = (attribute === null || attribute === "href") && read === "text" && !all;
  return isPlain
    ? select
    : { select, ...(attribute === null ? {} : { attribute }), ...(all ? { all } : {}) };
}

/** A way to read a field, as a site file writes it. */
export function fieldWay(
  { select, attribute, read, all }: Alternative,
  { of }: FieldRules,
): unknown {
  const usual = of === "html" ? "html" : "text";
  if (attribute === null && read === usual && !all) return select;
  return {
    select,
    ...(attribute === null ? {} : { attribute }),
    ...(attribute !== null || read === usual ? {} : { read }),
    ...(all ? { all } : {}),
  };
}

function withValue(base: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(base))
    return base.map((one, at) => (String(at) === key ? withValue(one, rest, value) : one));
  const object = (base ?? {}) as Readonly<Record<string, unknown>>;
  return { ...object, [key]: withValue(object[key], rest, value) };
}
