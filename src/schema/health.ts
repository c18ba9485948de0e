/** Selector health: what each selector of a site did in a run, and the schema of health.json, which keeps it for the next one. */
import { z } from "zod";

/** What one selector did for one field. */
const way = z.object({
  /** Selector as written in the site file, with the attribute that it reads in parentheses. */
  way: z.string(),
  /** In how many rows or pages it gave the field. */
  won: z.int(),
  /** Fewest and most nodes that it matched there; 0 when it gave nothing. */
  nodes: z.tuple([z.int(), z.int()]),
  /** In how many of them further nodes say something else. */
  ambiguous: z.int(),
});

/** One field in rows or on pages: of how many it was found in how many. */
const side = z.object({
  of: z.int(),
  found: z.int(),
  /** In the order of the site file: one that never won was never used. */
  ways: z.array(way),
});

const field = z.object({
  /** Articles, rows and pages merged, and those that have the field. */
  of: z.int(),
  present: z.int(),
  listing: side,
  article: side,
});

export const health = z.record(z.string(), field);

export type WayHealth = z.output<typeof way>;
export type SideHealth = z.output<typeof side>;
export type FieldHealth = z.output<typeof field>;
export type Health = z.output<typeof health>;
