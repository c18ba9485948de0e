import { createHmac } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { endOf } from "../../src/commands/end.js";
import { notify, runCommand } from "../../src/commands/notify.js";
import { CliError } from "../../src/error.js";
import { crawlFrom, crawlHere, hasty } from "./here.js";
import { scratch, sitelift } from "./sitelift.js";
import { serveSite } from "./small-site.js";

afterEach(() => vi.unstubAllEnvs());

const warned: string[] = [];
const terminal = { warn: (line: string) => void warned.push(line) };
const END = { exitCode: 1 } as const;

/** A server that answers with these statuses, one after the other. */
async function hook(...statuses: number[]) {
  const asked: { headers: Record<string, unknown>; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      asked.push({ headers: request.headers, body });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { url, asked, [Symbol.dispose]: () => void server.close() };
}

test("--notify posts the last event once, and signs it where there is a secret", async () => {
  using server = await hook();
  vi.stubEnv("SITELIFT_NOTIFY_SECRET", "tide");
  await notify(server.url, END, terminal, hasty);
  expect(server.asked).toHaveLength(1);
  const [{ headers, body } = { headers: {}, body: "" }] = server.asked;
  expect(JSON.parse(body)).toEqual({ event: "end", exitCode: 1 });
  const signature = createHmac("sha256", "tide").update(body).digest("hex");
  expect(headers["x-sitelift-signature"]).toBe(`sha256=${signature}`);
});

test("--notify asks three times, then warns, and never throws", async () => {
  using server = await hook(500, 500, 200);
  warned.length = 0;
  await notify(server.url, END, terminal, hasty);
  expect(server.asked).toHaveLength(3);
  expect(warned).toEqual([]);
  await notify("http://127.0.0.1:1/x", END, terminal, hasty);
  await notify("no-such-command-here", END, terminal, hasty);
  expect(warned).toEqual([
    expect.stringMatching(/^--notify: 127\.0\.0\.1:1 cannot be reached: .*\(3 attempts\)/),
    expect.stringMatching(/^--notify: the command ended with 127/),
  ]);
});

test("--notify tells of errors too, with their exit code", async () => {
  using server = await hook();
  await notify(server.url, endOf(new CliError("no way", { exitCode: 5 })), terminal);
  expect(JSON.parse(server.asked[0]?.body ?? "")).toMatchObject({ exitCode: 5, error: "no way" });
});

test("crawl --notify tells of a site file that is not valid, on the standard input of a command", async () => {
  const cwd = scratch();
  const args = [
    "crawl",
    "nowhere.json",
    "--notify",
    "cat > notice.json; echo $SITELIFT_EXIT_CODE >> notice.json",
  ];
  const { exitCode } = await sitelift(args, { cwd });
  expect(exitCode).toBe(2);
  const [event = "", code] = readFileSync(join(cwd, "notice.json"), "utf8").trim().split("\n");
  expect(JSON.parse(event)).toMatchObject({ event: "end", exitCode: 2 });
  expect(code).toBe("2");
});

test("build --notify tells of the end, once for all captures, and of an error", async () => {
  const cwd = scratch();
  using site = await serveSite((path) =>
    path === "/list"
      ? '<div class="row"><a href="/a">A story</a></div>'
      : path === "/a"
        ? '<div class="text"><p>The text of a story.</p></div>'
        : 404,
  );
  const fields = { title: { listing: "a" }, body: { article: ".text" } };
  const listing = { rows: ".row", next: [] };
  const text = { name: "small", start: site.start, listing, fields };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(text));
  for (let n = 0; n < 2; n++) await crawlHere(cwd, "out", { witness: false });
  const notice = async (...captures: string[]) => {
    const told = "cat >> notice.json";
    const { exitCode } = await sitelift(
      ["build", ...captures, "--site", "site.json", "--out", "again", "--notify", told],
      { cwd },
    );
    const lines = readFileSync(join(cwd, "notice.json"), "utf8").trim().split("\n");
    return { exitCode, last: JSON.parse(lines.at(-1) ?? ""), told: lines.length };
  };
  expect(await notice("out/captures")).toMatchObject({
    ...{ exitCode: 0, told: 1 },
    last: { event: "end", exitCode: 0, counts: { written: 1 } },
  });
  expect(await notice("nothing.warc")).toMatchObject({
    exitCode: 2,
    told: 2,
    last: { exitCode: 2 },
  });
});

test("a command that ignores SIGTERM ends with what it started when its time is over", async () => {
  const folder = scratch();
  const command = `trap '' TERM; sleep 600 & echo $! > ${join(folder, "pid")}; while :; do sleep 600; done`;
  // Long enough for a shell to begin on a busy machine.
  expect(await runCommand(command, "", 0, 2_500)).toBe("the command took more than 2.5 s");
  const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 60_000 });
});

/** What has ended may be there until its parent asks. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

test("--notify comes when the archive is no longer locked", async () => {
  using served = await serveSite((path) =>
    path === "/list" ? '<ul><li><a href="/a">About a</a></li></ul>' : "<main>Some words.</main>",
  );
  const folder = scratch();
  const site = {
    ...{ name: "small", start: served.start },
    listing: { rows: "li", link: "a", next: [] },
    fields: { title: { listing: "a" }, body: { article: "main" } },
  };
  const out = join(folder, "out");
  const seen = join(folder, "seen");
  const { code } = await crawlFrom(site, out, { notify: `ls -A ${out} > ${seen}` });
  expect(code).toBe(0);
  expect(readFileSync(seen, "utf8").split("\n")).toContain("ledger.jsonl");
  expect(readFileSync(seen, "utf8")).not.toContain(".lock");
});

test("a notify that has no effect is not sent of an error either", async () => {
  const cwd = scratch();
  const sent = join(cwd, "sent");
  const args = ["build", "none", "--site", "demo", "--watch", "--notify", `cat > ${sent}`];
  const { exitCode, stderr } = await sitelift(args, { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("--notify has no effect with --watch");
  expect(existsSync(sent)).toBe(false);
});
