/** The article pages of the project's own cases, each with its site. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { demo } from "../../src/site/presets/demo.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { Site } from "../../src/site/site.js";

const ROOT = resolve(import.meta.dirname, "../../fixtures/cases");

export function savedArticles(): [name: string, html: Buffer, site: Site][] {
  return readdirSync(ROOT).flatMap((folder) => {
    const site = resolveSite(demo(/-(..)$/.exec(folder)?.[1] ?? "en"), { drupal7 }, folder);
    return readdirSync(join(ROOT, folder)).flatMap((name): [string, Buffer, Site][] => {
      const path = join(ROOT, folder, name, "page.html");
      return existsSync(path) ? [[`${folder}/${name}`, readFileSync(path), site]] : [];
    });
  });
}
