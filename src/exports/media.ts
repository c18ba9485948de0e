/** Images and attachments of an archive as files of an export. */
import type { ExportFile, Publication } from "./export.js";

/** Every fetched file of `media/`, each once, below a folder of the export. */
export async function* mediaFiles(
  { archive }: Publication,
  folder: string,
): AsyncGenerator<ExportFile, void, undefined> {
  for (const { path } of archive.manifest.files)
    if (path.startsWith("media/"))
      yield { path: folder + path.slice("media".length), content: archive.read(path) };
}
