/** A listing page as a browser shows it: the browser is opened when it is first needed, and asks this crawl for everything. */
import type { Post } from "../model.js";
import { parseUrl } from "../text.js";
import { lostMarks, renderedKey } from "../url/post.js";
import type { Browser, BrowserAnswer, BrowserRequest } from "./browser.js";
import type { Clock } from "./clock.js";
import { FetchError } from "./fetch-error.js";
import type { Recorder } from "./recorder.js";
import { decodeBody } from "./wire/decode.js";
import type { WireResponse } from "./wire/receive.js";

export interface RenderOptions {
  readonly clock: Clock;
  /** Most bytes of a body, and of the rendered page. */
  readonly most: number;
  /** Makes a request of the page. @throws {FetchError} where it may not be made, or no response comes */
  readonly ask: (url: URL, accept: string, post?: Post) => Promise<WireResponse>;
  /** Stores what comes of it. */
  readonly recorder: Pick<Recorder, "rendered" | "failure"> | undefined;
  readonly onWarning: (message: string) => void;
}

export class Renderer {
  readonly #options: RenderOptions;
  #browser: Promise<Browser> | null = null;
  /** Origins that were named in a warning. */
  readonly #refused = new Set<string>();

  constructor(options: RenderOptions) {
    this.#options = options;
  }

  /** @throws {FetchError} when there is no page */
  async render(url: URL, rows: readonly string[]): Promise<WireResponse> {
    const { clock, recorder } = this.#options;
    const named = { url: renderedKey(url.href), startedAt: clock.now() };
    try {
      const { shownUrl, body } = await this.#render(url, rows);
      await recorder?.rendered({ ...named, shownUrl, body });
      const headers = { "content-type": "text/html; charset=utf-8", "content-location": shownUrl };
      return { status: 200, headers, body, whole: true };
    } catch (error) {
      if (error instanceof FetchError) await recorder?.failure({ ...named, ...error.recorded });
      throw error;
    }
  }

  async #render(url: URL, rows: readonly string[]): Promise<{ shownUrl: string; body: Buffer }> {
    const { most, onWarning } = this.#options;
    this.#browser ??= import("./browser.js").then(({ openBrowser }) => openBrowser());
    const browser = await this.#browser;
    let status = 0;
    /** What the page asked for and did not get, and may have made rows of. */
    const lost = new Map<string, string>();
    const shown = await browser.render(url.href, rows, async (request) => {
      try {
        const answer = await this.#answer(request);
        if (request.url === url.href) status = answer.status;
        else if (request.mayHaveRows && isRefused(answer.status))
          lost.set(request.url, `HTTP ${answer.status}`);
        else lost.delete(request.url);
        return answer;
      } catch (error) {
        const isAsked = error instanceof FetchError && error.state !== "excluded";
        if (isAsked && request.mayHaveRows) lost.set(request.url, error.message);
        throw error;
      }
    });
    const all = [...lost].map(([of, reason]) => ({ url: of, reason }));
    for (const origin of shown.refused)
      if (!this.#refused.has(origin)) {
        this.#refused.add(origin);
        onWarning(
          `${url.href} asks for something of ${origin} in the browser, which is outside the site or forbidden: it was refused`,
        );
      }
    if (shown.unasked > 0)
      onWarning(
        `${url.href} makes ${shown.unasked} more requests in the browser than it may: they were refused, and rows may be missing`,
      );
    if (status >= 400) throw new FetchError(`HTTP ${status}`, { status });
    const body = Buffer.from(`\ufeff${shown.html}${lostMarks(all)}`);
    if (body.length > most) throw new FetchError(`the rendered page is larger than ${most} bytes`);
    return { shownUrl: shown.url, body };
  }

  async close(): Promise<void> {
    const browser = await this.#browser?.catch(() => null);
    await browser?.close();
  }

  async #answer({ method, url, headers, body }: BrowserRequest): Promise<BrowserAnswer> {
    const target = parseUrl(url);
    if (target === null || !/^(?:GET|POST)$/.test(method))
      throw new FetchError(`the browser asks with ${method}`);
    target.hash = "";
    const type = headers["content-type"] ?? "text/plain;charset=UTF-8";
    const isAjax = headers["x-requested-with"] !== undefined;
    const post =
      method === "POST" ? { url: target.href, body: body ?? "", type, isAjax } : undefined;
    const response = await this.#options.ask(target, headers.accept ?? "*/*", post);
    const { "content-encoding": coding, "content-length": _, ...rest } = response.headers;
    // Each line of Playwright's headers is a cookie of its own.
    const cookies =
      response.cookies === undefined ? {} : { "set-cookie": response.cookies.join("\n") };
    const plain = decodeBody(response.body, coding, this.#options.most);
    return { status: response.status, headers: { ...rest, ...cookies }, body: plain };
  }
}

/** An error, and no answer that there is nothing. */
function isRefused(status: number): boolean {
  return status >= 400 && status !== 404 && status !== 410;
}
