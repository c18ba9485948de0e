/**
 * Pages as a browser shows them, by the browser crawler of Crawlee. Nothing else knows it, and it is loaded when a list
 * needs it. The browser has no network of its own: every request of a page is made by the crawl, which decides.
 */
import { spawnSync } from "node:child_process";
import process from "node:process";
import type { Page, Route } from "playwright-core";
import { CliError, EXIT } from "../error.js";
import { quietConfiguration } from "./crawlee.js";
import { FetchError, Stopped } from "./fetch-error.js";
import { PageTime } from "./page-time.js";

/** What a page in the browser asks for. */
export interface BrowserRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** False for what only says how the page looks, and for a request that is answered without a body. */
  readonly mayHaveRows: boolean;
}

export interface BrowserAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

interface Rendered {
  /** Where the page was in the end. */
  readonly url: string;
  readonly html: string;
  /** Origins to which requests were refused, each once. */
  readonly refused: readonly string[];
  /** Requests beyond the most that a page may make. */
  readonly unasked: number;
}

export interface Browser {
  /**
   * Opens a page and waits until it shows rows, or for as long as one is given. The time in which a request of the page
   * is open does not count: the crawl makes it wait for its turn, which robots.txt may say is in ten seconds.
   *
   * @param rows selectors, one of which matches when the page is there
   * @param answer makes a request of the page; rejects where it may not be made
   * @throws {FetchError} when there is no page
   * @throws {Stopped} when the browser was closed
   */
  render(
    url: string,
    rows: readonly string[],
    answer: (request: BrowserRequest) => Promise<BrowserAnswer>,
  ): Promise<Rendered>;
  close(): Promise<void>;
}

/** Milliseconds between two looks at a page. */
const STEP = 100;
/** Seconds; Crawlee's own limits know nothing of requests that wait. */
const NO_LIMIT = 24 * 3600;
/** What a page looks like is of no matter. */
const UNSEEN = new Set(["image", "media", "font", "texttrack", "manifest", "ping", "websocket"]);

/** Program names of Chromium and its kin. */
const PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

interface Job {
  readonly rows: readonly string[];
  readonly answer: (request: BrowserRequest) => Promise<BrowserAnswer>;
  readonly done: (rendered: Rendered) => void;
  readonly failed: (error: unknown) => void;
  readonly refused: Set<string>;
  readonly time: PageTime;
  page: Page | null;
}

/** @throws {CliError} exit code 2, when a package or the browser is missing */
export async function openBrowser(): Promise<Browser> {
  const [crawlee, { chromium }] = await packages();
  const { Log, LogLevel, PlaywrightCrawler } = crawlee;
  const program = programOf(chromium.executablePath());
  const jobs = new Map<string, Job>();
  const isRoot = process.getuid?.() === 0;
  const crawler = new PlaywrightCrawler(
    {
      log: new Log({ level: LogLevel.OFF }),
      keepAlive: true,
      maxConcurrency: 1,
      maxRequestRetries: 0,
      navigationTimeoutSecs: NO_LIMIT,
      requestHandlerTimeoutSecs: NO_LIMIT,
      useSessionPool: false,
      persistCookiesPerSession: false,
      statisticsOptions: { persistenceOptions: { enable: false }, saveErrorSnapshots: false },
      autoscaledPoolOptions: { maybeRunIntervalSecs: 0.1, loggingIntervalSecs: null },
      browserPoolOptions: { useFingerprints: false, retireBrowserAfterPageCount: 100 },
      launchContext: {
        launcher: chromium,
        useIncognitoPages: true,
        launchOptions: {
          executablePath: program,
          headless: true,
          // Playwright would end this process, before it has written what it has.
          ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
          // Chromium does not start its sandbox for root.
          chromiumSandbox: !isRoot,
          args: [
            "--js-flags=--max-old-space-size=384",
            "--disable-background-networking",
            "--disable-component-update",
            // What is not asked of the crawl leads nowhere.
            "--proxy-server=127.0.0.1:9",
            "--proxy-bypass-list=<-loopback>",
          ],
        },
      },
      preNavigationHooks: [
        async ({ page, request }, gotoOptions) => {
          dropInterrupts();
          const job = jobs.get(request.uniqueKey);
          if (job === undefined) return;
          gotoOptions.waitUntil = "domcontentloaded";
          job.page = page;
          await page.route("**/*", (route: Route) => answered(route, job));
        },
      ],
      requestHandler: async ({ page, request }) => {
        const job = jobs.get(request.uniqueKey);
        if (job !== undefined) job.done(await shown(page, job));
      },
      failedRequestHandler: async ({ request }, error) =>
        jobs.get(request.uniqueKey)?.failed(error),
    },
    quietConfiguration(crawlee),
  );
  const dropInterrupts = interruptsSince();
  let running: Promise<unknown> | null = null;
  let closing: Promise<unknown> | null = null;
  let count = 0;
  return {
    render(url, rows, answer) {
      running ??= crawler.run().catch((error: unknown) => {
        for (const job of jobs.values()) job.failed(error);
      });
      const uniqueKey = `${++count} ${url}`;
      const rendered = new Promise<Rendered>((done, failed) => {
        const own = { refused: new Set<string>(), time: new PageTime(), page: null };
        jobs.set(uniqueKey, { rows, answer, done, failed, ...own });
      });
      const ticks = setInterval(() => tick(jobs.get(uniqueKey)), STEP);
      crawler
        .addRequests([{ url, uniqueKey }])
        .catch((error: unknown) => jobs.get(uniqueKey)?.failed(error));
      return rendered
        .catch((error: unknown) => {
          if (error instanceof Stopped || error instanceof FetchError) throw error;
          const [reason = ""] = String((error as Error).message).split("\n");
          throw new FetchError(`the browser shows no page: ${reason}`, {
            retry: true,
            cause: error,
          });
        })
        .finally(() => {
          clearInterval(ticks);
          jobs.delete(uniqueKey);
        });
    },
    async close() {
      if (running === null) return;
      for (const job of jobs.values()) job.failed(new Stopped());
      closing ??= crawler.teardown();
      await closing;
      await running;
    },
  };
}

/** Lets time pass for a page, and gives up one that takes too much. */
function tick(job: Job | undefined): void {
  if (job === undefined || job.page === null) return;
  job.time.pass(STEP);
  if (!job.time.isOver) return;
  // What has taken all of its time once would again.
  job.failed(new FetchError("the browser shows no page: it does not come to rest"));
  job.page.close().catch(() => undefined);
}

async function packages() {
  try {
    return await Promise.all([import("@crawlee/playwright"), import("playwright-core")]);
  } catch (error) {
    throw new CliError("listing.render needs a browser, and a package for it is not installed", {
      exitCode: EXIT.usage,
      hint: "Install both beside sitelift: npm install @crawlee/playwright@3.18.1 playwright-core. They use the Chromium or Chrome of this machine.",
      cause: error,
    });
  }
}

/** The browser: one that is installed, else that which Playwright has downloaded. */
function programOf(own: string): string {
  const works = (name: string) => spawnSync(name, ["--version"]).status === 0;
  const found = [...PROGRAMS, own].find(works);
  if (found === undefined)
    throw new CliError("listing.render needs a browser, and none is installed", {
      exitCode: EXIT.usage,
      hint: `Install Chromium or Chrome (one of ${PROGRAMS.join(", ")} in the PATH), or type: npx playwright-core install chromium`,
    });
  if (found === own) return own;
  return (
    spawnSync("/bin/sh", ["-c", `command -v ${found}`])
      .stdout.toString()
      .trim() || found
  );
}

async function answered(route: Route, job: Job): Promise<void> {
  const { answer, refused, time } = job;
  const request = route.request();
  if (UNSEEN.has(request.resourceType()) || !time.begin())
    return route.abort().catch(() => undefined);
  try {
    const [method, url] = [request.method(), request.url()];
    const given = await answer({
      method,
      url,
      headers: request.headers(),
      body: request.postData(),
      mayHaveRows: request.resourceType() !== "stylesheet" && !/^(?:HEAD|OPTIONS)$/.test(method),
    });
    const { status, headers, body } = given;
    await route.fulfill({ status, headers: { ...headers }, body: Buffer.from(body) });
  } catch (error) {
    const { origin } = new URL(request.url());
    if (error instanceof FetchError && error.state === "excluded") refused.add(origin);
    if (error instanceof Stopped) job.failed(error);
    await route.abort().catch(() => undefined);
  } finally {
    time.end();
  }
}

async function shown(page: Page, job: Job): Promise<Rendered> {
  const { refused, rows, time } = job;
  // A selector may be one that browsers do not know: then the page is given its time.
  const hasRows = () => page.$(rows.join(", ")).catch(() => null);
  while (!time.isDone((await hasRows()) !== null)) await page.waitForTimeout(STEP);
  return {
    url: page.url(),
    html: await page.content(),
    refused: [...refused].sort(),
    unasked: time.unasked,
  };
}

/**
 * Crawlee listens for Ctrl-C by itself, and stops without waiting for what is in hand. Whether and
 * how to stop is the caller's decision: by a signal.
 *
 * @returns drops the listeners that Crawlee has added since
 */
function interruptsSince(): () => void {
  const before = new Set(process.listeners("SIGINT"));
  return () => {
    for (const listener of process.listeners("SIGINT"))
      if (!before.has(listener) && listener.name === "sigintHandler")
        process.off("SIGINT", listener);
  };
}
