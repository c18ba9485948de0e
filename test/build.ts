/** Builds the command once before the tests, so that what they run is what the sources say. */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

export default function build(): void {
  execFileSync("npm", ["run", "--silent", "build"], {
    cwd: resolve(import.meta.dirname, ".."),
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}
