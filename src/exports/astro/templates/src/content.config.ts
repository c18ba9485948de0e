import { defineCollection, z } from "astro:content";
import { glob } from "astro/loaders";

const day = z
  .union([z.date(), z.string().regex(/^\d{4}-\d{2}-\d{2}$/)])
  .transform((value) => (typeof value === "string" ? value : value.toISOString().slice(0, 10)));

const articles = defineCollection({
  loader: glob({
    base: "./src/content/articles",
    pattern: "**/*.md",
    generateId: ({ data }) => String(data.articleId),
  }),
  schema: z.object({
    title: z.string(),
    /** YYYY-MM-DD, or null: the old site had none. */
    date: day.nullable(),
    address: z.string(),
    description: z.string().nullable(),
    lang: z.string(),
    direction: z.enum(["ltr", "rtl"]),
    articleId: z.string(),
    articleType: z.string().nullable(),
    dateText: z.string().nullable(),
    sourceUrl: z.string().url(),
    translationKey: z.string(),
    translations: z.array(z.object({ lang: z.string(), address: z.string() })),
  }),
});

export const collections = { articles };
