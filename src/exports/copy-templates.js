/** Part of the build: copies the templates of the exports, which the compiler leaves, to where `templates.ts` looks for them. */
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";

for (const target of readdirSync("src/exports")) {
  const folder = `src/exports/${target}/templates`;
  if (!existsSync(folder)) continue;
  rmSync(`dist/${folder}`, { recursive: true, force: true });
  cpSync(folder, `dist/${folder}`, { recursive: true });
}
