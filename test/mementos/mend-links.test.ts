/** `--mend-links`: dead links to other sites lead to the capture nearest to the date of the article. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { createConnector } from "../../src/http/wire/connect.js";
import { DEFAULT_LIMITS } from "../../src/http/wire/limits.js";
import { Transport } from "../../src/http/wire/transport.js";
import { deadLinks } from "../../src/mementos/outside-links.js";
import { buildFrom, crawlFrom } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { type MockCapture, startMock, waitingClock } from "./mock.js";
import { article, listed, siteOf, written } from "./site.js";

const JUNE = "20210603120000";

/** Other sites, each at a name of its own. */
async function startOthers() {
  const log: string[] = [];
  const server = createServer((request, response) => {
    const { host = "" } = request.headers;
    log.push(`${host}${request.url}`);
    if (request.url === "/robots.txt")
      return response
        .writeHead(200, { "content-type": "text/plain" })
        .end("User-agent: *\nDisallow: /private\n");
    const status = Number(/\d{3}/.exec(request.url ?? "")?.[0] ?? "200");
    response.writeHead(status, status === 301 ? { location: "/404" } : {}).end("x".repeat(50_000));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { log, hosts: { "other.example": { address: "127.0.0.1", port } } };
}

const at = (path: string) => `http://other.example${path}`;
const linking = (...hrefs: string[]) =>
  article("a", hrefs.map((href) => ` <a href="${href}">there</a>`).join(""));

async function crawlMock(
  captures: readonly MockCapture[],
  mendLinks = true,
  fault?: (path: string) => { status: number } | null,
) {
  const mock = await startMock(captures, fault === undefined ? {} : { fault });
  const others = await startOthers();
  const site = siteOf([{ name: "mock", kind: "wayback", base: `${mock.origin}/web/` }]);
  const out = join(scratch(), "out");
  const world = { clock: waitingClock(), hosts: others.hosts };
  const ended = await crawlFrom(site, out, { fromArchive: true, mendLinks }, world);
  const account = () => JSON.parse(readFileSync(join(out, "account.json"), "utf8"));
  const body = () =>
    (
      JSON.parse(readFileSync(join(out, "entries.jsonl"), "utf8").split("\n")[0] ?? "") as {
        body: string;
      }
    ).body;
  return { ...ended, mock, others, site, out, account, body };
}

const dead = (path: string, time: string, status = 200): MockCapture => ({
  url: at(path),
  time,
  status,
  body: `at ${time}`,
});
/** The article is of 2021-05-02. */
const LIST = [listed(1, 1, JUNE, ["a"])];

test("a link that is dead leads to the capture nearest to the date of the article, and the account says so", async () => {
  const { code, body, account, mock, others, out, site, stderr } = await crawlMock([
    ...LIST,
    written("a", JUNE, { body: linking(at("/404#part"), at("/fine"), at("/410")) }),
    dead("/404", "20190101000000"),
    dead("/404", "20210401000000"),
    dead("/404", "20210430000000", 404),
    dead("/404", "20220101000000"),
  ]);
  expect(code).toBe(0);
  const capture = `${mock.origin}/web/20210401000000/${at("/404")}`;
  expect(body()).toContain(`[there](${capture}#part)`);
  expect(body()).toContain(`[there](${at("/fine")})`);
  expect(body()).toContain(`[there](${at("/410")})`);
  expect(account().links.dead).toEqual([
    { entry: expect.any(String), address: at("/404#part"), why: "HTTP 404", capture },
    {
      entry: expect.any(String),
      address: at("/410"),
      why: "HTTP 410",
      capture: null,
      without: "no web archive has a capture of it",
    },
  ]);
  expect(stderr).toContain("links to other sites: 2 dead, 1 of them lead to captures now");
  expect(readFileSync(join(out, "account.md"), "utf8")).toContain(
    "### Dead links to other sites (2)",
  );
  // Once each, and robots.txt first.
  expect(others.log.sort()).toEqual(
    ["/404", "/410", "/fine", "/robots.txt"].map((path) => `other.example${path}`),
  );
  const built = join(scratch(), "built");
  expect((await buildFrom(site, [join(out, "captures")], built)).exitCode).toBe(0);
  for (const name of ["entries.jsonl", "account.json", "account.md"])
    expect(readFileSync(join(built, name), "utf8"), name).toBe(
      readFileSync(join(out, name), "utf8"),
    );
  expect((await verifyArchive(out)).findings).toEqual([]);
});

test.each(["/500", "/403", "/301", "/429", "/private/404"])(
  "%s is not known to be dead",
  async (path) => {
    const { body, account, code } = await crawlMock([
      ...LIST,
      written("a", JUNE, { body: linking(at(path)) }),
      dead(path, JUNE),
    ]);
    expect([code, account().links.dead]).toEqual([0, []]);
    expect(body()).toContain(at(path));
  },
);

test("without the option no other site is asked, and it needs --from-archive", async () => {
  const captures = [...LIST, written("a", JUNE, { body: linking(at("/404")) })];
  const { others, account } = await crawlMock(captures, false);
  expect([others.log, account().links.dead]).toEqual([[], undefined]);
  const live = await crawlFrom(siteOf(undefined), join(scratch(), "out"), { mendLinks: true });
  expect(live).toMatchObject({ code: 2, stderr: expect.stringMatching(/--mend-links .*\n?/) });
});

test("an archive that does not answer about a link leaves it as it is, and the next run asks again", async () => {
  const captures = [...LIST, written("a", JUNE, { body: linking(at("/404")) }), dead("/404", JUNE)];
  const { code, body, account, stderr, out } = await crawlMock(captures, true, (path) =>
    path.includes("other.example") ? { status: 400 } : null,
  );
  expect(code).toBe(3);
  expect(body()).toContain(`(${at("/404")})`);
  expect(account().links.dead[0].without).toMatch(/^the archive failed: mock/);
  expect(stderr).toMatch(/keeps what came; the next run goes on/);
  expect(readFileSync(join(out, "account.md"), "utf8")).toContain("the archive failed");
});

test("a host name that nobody knows any more is dead, and one that a resolver does not answer for is not", async () => {
  const clock = waitingClock();
  const lookup = async (hostname: string) => {
    throw Object.assign(new Error("no"), {
      code: hostname === "gone.example" ? "ENOTFOUND" : "EAI_AGAIN",
    });
  };
  const connect = createConnector({ typed: [], timeout: 1_000, lookup });
  const transport = new Transport({ connect, limits: DEFAULT_LIMITS, clock, tapped: false });
  const links = ["gone", "offline"].map((name) => ({ url: `http://${name}.example/`, day: null }));
  const options = {
    clock,
    transport,
    userAgent: "sitelift/1",
    answers: { find: async () => null },
  };
  expect(await deadLinks(links, [], options)).toEqual([
    {
      ...links[0],
      why: "the host name is not known any more",
      capture: null,
      without: "the article has no date",
    },
  ]);
  await transport.close();
});

test("a host is asked as seldom as its robots.txt wants", async () => {
  const clock = waitingClock();
  const times: number[] = [];
  const get = async ({ pathname }: URL) => {
    times.push(clock.now());
    const body = Buffer.from(pathname === "/robots.txt" ? "User-agent: *\nCrawl-delay: 7\n" : "");
    return { status: 200, headers: {}, body, whole: true, traffic: { startedAt: 0 } };
  };
  const transport = { get } as unknown as Transport;
  const answers = { find: async () => null };
  const links = ["/1", "/2", "/3"].map((path) => ({ url: at(path), day: null }));
  await deadLinks(links, [], { clock, transport, userAgent: "sitelift/1", answers });
  expect(times.slice(1).map((time, n) => time - (times[n] ?? 0))).toEqual([7_000, 7_000, 7_000]);
});
