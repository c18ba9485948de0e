/** account.json and account.md against the archive, and the fragments of its links. */
import { join } from "node:path";
import { z } from "zod";
import { readJson, readText } from "../../disk/read.js";
import { readContent } from "../frontmatter.js";
import { FILES } from "../layout.js";
import { anchorsOf } from "../links.js";
import type { Known } from "./entries.js";
import type { Inquiry } from "./findings.js";

const account = z.looseObject({
  counts: z.record(z.string(), z.number()),
  entries: z.number(),
  media: z.looseObject({ files: z.number() }),
  links: z.looseObject({
    fragments: z.array(
      z.looseObject({ entry: z.string(), target: z.string(), fragment: z.string() }),
    ),
  }),
});

/** Checks that the account says what the archive is, and that every fragment is there or told as missing. */
export async function checkAccount(inquiry: Inquiry, known: Known): Promise<void> {
  const { root, disk, files, manifest, report } = inquiry;
  if (!files.has(FILES.accountText))
    report("missing", FILES.accountText, "an archive has this file");
  if (!files.has(FILES.account))
    return report("missing", FILES.account, "an archive has this file");
  const { value, problems } = await readJson(join(root, FILES.account), account, disk);
  if (value === undefined) return report("account", FILES.account, problems.join("; "));
  const { counts, entries, media, links } = value;
  // Entries and ledger are held against archive.json elsewhere: one damage is told once.
  if (manifest !== null) {
    const differs = (what: string, said: number | undefined, found: number | undefined) => {
      if (said !== found)
        report("account", FILES.account, `it says ${said} ${what}, archive.json ${found}`);
    };
    const below = (folder: string) =>
      manifest.files.filter(({ path }) => path.startsWith(folder)).length;
    differs("entries", entries, below("content/"));
    differs("media files", media.files, below("media/"));
    for (const [state, found] of Object.entries(manifest.counts))
      differs(`addresses ${state}`, counts[state], found);
  }
  const told = new Set(
    links.fragments.map(({ entry, target, fragment }) => keyOf(entry, target, fragment)),
  );
  await checkFragments(inquiry, known, told);
}

async function checkFragments(
  { root, disk, report }: Inquiry,
  known: Known,
  told: ReadonlySet<string>,
) {
  const wanted = new Map<string, Known["fragments"][number][]>();
  for (const one of known.fragments) {
    const beside = wanted.get(one.target);
    if (beside === undefined) wanted.set(one.target, [one]);
    else beside.push(one);
  }
  for (const [target, all] of wanted) {
    const id = known.idAt.get(target);
    // A file that is not there has been reported as such.
    if (id === undefined) continue;
    let body: string;
    try {
      body = readContent(await readText(join(root, target), disk)).body;
    } catch {
      continue;
    }
    const names = anchorsOf(body);
    for (const { entry, path, fragment } of all)
      if (!names.has(fragment) && !told.has(keyOf(entry, id, fragment)))
        report(
          "fragment-broken",
          path,
          `${target} has no place "${fragment}", and the account does not say so`,
        );
  }
}

function keyOf(...parts: readonly string[]): string {
  return parts.join("\n");
}
