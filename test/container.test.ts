/**
 * The steps of the Dockerfile without Docker: in a root of their own, on the programs of this machine. What is not asked
 * is the base image and what Docker itself does.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "./commands/sitelift.js";
import { DEEP } from "./deep.js";
import { run } from "./exports/generator.js";

const ROOT = resolve(import.meta.dirname, "..");
const mayUnshare = spawnSync("unshare", ["--mount", "true"]).status === 0;

/** What every root has of a base image: the programs of this machine, and the user `node` of node:20-slim. */
const BASE = `
base() {
  mkdir -p "$1/usr" "$1/etc" "$1/dev" "$1/proc" "$1/tmp" "$1/root" "$1/home/node"
  for name in bin sbin lib lib64; do [ -e "/$name" ] && ln -s "usr/$name" "$1/$name"; done
  mount --rbind -o ro /usr "$1/usr"
  mount --rbind /dev "$1/dev"
  mount -t proc proc "$1/proc"
  cp -r /etc/ssl /etc/ca-certificates /etc/hosts /etc/resolv.conf /etc/nsswitch.conf /etc/ld.so.c* "$1/etc" 2>/dev/null || true
  [ -e /etc/npmrc ] && cp /etc/npmrc "$1/etc"
  printf 'root:x:0:0::/root:/bin/sh\\nnode:x:1000:1000::/home/node:/bin/sh\\n' > "$1/etc/passwd"
  printf 'root:x:0:\\nnode:x:1000:\\n' > "$1/etc/group"
}
`;

interface Image {
  readonly script: string;
  /** The last stage: its root, and how it runs. */
  readonly root: string;
  readonly folder: string;
  readonly user: string;
  readonly entry: readonly string[];
}

/** The steps of a Dockerfile as a script of the shell. @param roots folder of a root for each stage */
function imageOf(dockerfile: string, roots: string): Image {
  const stages = new Map<string, string>();
  const lines = [BASE];
  let [root, folder, user, stage] = ["", "/", "root", 0];
  let entry: readonly string[] = [];
  const steps = dockerfile.replace(/^#.*\n/gm, "").replace(/\\\n\s*/g, "");
  for (const step of steps.split("\n").filter((line) => line !== "")) {
    const [, name = "", rest = ""] = /^(\w+) (.*)$/.exec(step) ?? [];
    if (name === "FROM") {
      root = join(roots, String(stage++));
      [folder, user] = ["/", "root"];
      stages.set(/ AS (\w+)$/.exec(rest)?.[1] ?? "", root);
      lines.push(`base '${root}'`);
    } else if (name === "WORKDIR") {
      folder = rest;
      lines.push(`mkdir -p '${root}${folder}'`);
    } else if (name === "COPY") {
      const [, from, paths = ""] = /^(?:--from=(\w+) )?(.*)$/.exec(rest) ?? [];
      const words = paths.split(/\s+/);
      const target = join(folder, words.at(-1) ?? "");
      for (const source of words.slice(0, -1)) {
        const full = join(from === undefined ? ROOT : (stages.get(from) ?? ""), source);
        // A folder is copied as what it holds, a file into the folder that ends in a slash.
        const isFolder = existsSync(full) ? statSync(full).isDirectory() : !/\./.test(source);
        const to = `'${root}${target}${isFolder ? "/" : ""}'`;
        if (isFolder) lines.push(`mkdir -p ${to} && cp -a '${full}/.' ${to}`);
        else lines.push(`cp -a '${full}' ${to}`);
      }
    } else if (name === "RUN") {
      lines.push(`chroot '${root}' /bin/sh -e -c ${quoted(`cd '${folder}' && ${rest}`)}`);
    } else if (name === "USER") user = rest;
    else if (name === "ENTRYPOINT") entry = JSON.parse(rest) as string[];
    else if (!["ARG", "LABEL", "VOLUME", "CMD"].includes(name))
      throw new Error(`unknown step ${step}`);
  }
  return { script: lines.join("\n"), root, folder, user, entry };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

// It installs all packages.
test.skipIf(!DEEP || !mayUnshare)(
  "the steps of the Dockerfile give an image whose user crawls with a root that nobody may write to",
  async () => {
    const roots = scratch();
    const archive = join(roots, "archive");
    mkdirSync(archive);
    const image = imageOf(readFileSync(join(ROOT, "Dockerfile"), "utf8"), roots);
    const { root, folder, user, entry } = image;
    const demo = `cd '${folder}' && ${entry.join(" ")} demo`;
    writeFileSync(
      join(roots, "steps.sh"),
      `set -e
export QUEUE='bullmq@6.7.0 ioredis@5.11.1'
${image.script}
chown 1000:1000 '${archive}'
mount --bind '${root}' '${root}'
mount -o remount,bind,ro '${root}'
mount --bind '${archive}' '${root}/archive'
mount -t tmpfs -o mode=1777 tmpfs '${root}/tmp'
mount --rbind -o ro /usr '${root}/usr'
mount -t proc proc '${root}/proc'
mount --rbind /dev '${root}/dev'
chroot --userspec=${user} '${root}' /bin/sh -c "${demo}"
if chroot --userspec=${user} '${root}' /bin/sh -c 'touch /opt/sitelift/x' 2>/dev/null; then exit 9; fi
`,
    );
    const built = await run("unshare", ["--mount", "sh", join(roots, "steps.sh")], roots);
    expect(built.exitCode, built.output.slice(-2_000)).toBe(0);
    expect(built.output).toContain("complete: everything asked for is done");
    expect(readdirSync(join(archive, "output/demo"))).toContain("archive.json");
    expect(statSync(join(archive, "output/demo/archive.json")).uid).toBe(1000);
    expect(user).toBe("node");
    // Only what is needed to run: no compiler, no tests.
    const packages = readdirSync(join(root, "opt/sitelift/node_modules"));
    for (const name of ["turndown", "bullmq"]) expect(packages).toContain(name);
    expect(packages).not.toContain("typescript");
  },
  900_000,
);
