/** The types of a site's own fields, from what its site file says: `Entry<typeof site>`. Types only. */
import type { Entry as AnyEntry, DateRange, EntryData, FIELD_NAMES } from "../model.js";
import type { OwnFieldInput } from "./field-schema.js";
import type { SiteInput } from "./schema.js";

/** A site file's keys, and no others: a type parameter alone would take any. */
type Known<S, T> = { readonly [Key in keyof S]: Key extends keyof T ? S[Key] : never };

type Reserved = (typeof FIELD_NAMES)[number];

type Choice<F> = F extends { readonly unknownValues: "keep" }
  ? string
  : F extends { readonly values: infer V }
    ? Extract<V[keyof V], string>
    : string;

type Single<Kind, F> = Kind extends "number"
  ? number
  : Kind extends "boolean"
    ? boolean
    : Kind extends "range"
      ? DateRange
      : Kind extends "choice"
        ? Choice<F>
        : string;

type OneOf<F> = F extends { readonly kind: infer Kind } ? Single<Kind, F> : never;

type Value<F> = F extends { readonly kind: "list" }
  ? readonly Single<F extends { readonly of: infer Of } ? Of : "text", F>[]
  : F extends { readonly required: true }
    ? OneOf<F>
    : OneOf<F> | null;

type Own<Fields> = {
  readonly [Name in keyof Fields as Name extends Reserved
    ? never
    : Fields[Name] extends null
      ? never
      : Name]: Value<Fields[Name]>;
};

/** Fields of several lists: an entry has those of its own. */
type OfList<List> = List extends { readonly fields: infer Fields } ? Partial<Own<Fields>> : unknown;

type All<U> = (U extends unknown ? (one: OfList<U>) => void : never) extends (all: infer I) => void
  ? I
  : never;

type FieldsOf<S> = (S extends { readonly fields: infer Fields } ? Own<Fields> : unknown) &
  (S extends { readonly lists: readonly (infer List)[] } ? All<List> : unknown);

/** What an entry of a type must have. */
type NeededBy<S, Type> = S extends { readonly types: infer Types }
  ? Type extends keyof Types
    ? Types[Type] extends { readonly required: readonly (infer Name)[] }
      ? Name
      : never
    : never
  : never;

type With<Fields, Names> = Fields & {
  readonly [Name in keyof Fields as Name extends Names ? Name : never]-?: NonNullable<Fields[Name]>;
};

/**
 * An entry; of one site, with its fields: `Entry<typeof site>`. With the name of a type, as an entry of that type has
 * them: `Entry<typeof site, "event">`.
 */
export type Entry<S = unknown, Type extends string = string> = unknown extends S
  ? AnyEntry
  : Omit<AnyEntry, "data"> & {
      readonly data: Omit<EntryData, "fields" | "type"> & {
        readonly type: string extends Type ? string | null : Type;
        readonly fields: With<FieldsOf<S>, NeededBy<S, Type>>;
      };
    };

/** What `defineSite` takes: a site file whose keys are all known, those of its fields too. */
export type Checked<S extends SiteInput> = S &
  Known<S, SiteInput> &
  (S extends { readonly fields: infer Fields }
    ? { readonly fields: { readonly [Name in keyof Fields]: Options<Fields[Name]> } }
    : unknown);

/** Options of a field: any that a field has, and a kind that there is. */
type Options<F> = {
  readonly [Key in keyof F]: Key extends "kind" | "of"
    ? F[Key] extends OwnFieldInput[Key]
      ? F[Key]
      : OwnFieldInput[Key]
    : Key extends keyof OwnFieldInput
      ? F[Key]
      : never;
};
