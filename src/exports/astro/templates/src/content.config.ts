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
    /** Main picture: the first of those below. */
    image: z.string().optional(),
    /** Pictures and files that the old site showed beside the text. */
    pictures: z
      .array(
        z.object({
          src: z.string(),
          alt: z.string().optional(),
          title: z.string().optional(),
          caption: z.string().optional(),
        }),
      )
      .default([]),
    attachments: z
      .array(
        z.object({
          href: z.string(),
          label: z.string(),
          type: z.string().optional(),
          bytes: z.number().optional(),
        }),
      )
      .default([]),
  }),
});

export const collections = { articles };
