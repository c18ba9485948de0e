/** A replay reads what the crawl read, and fails as it failed: every scenario of the server that misbehaves. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replaySource } from "../../src/capture/read/replay.js";
import { openCaptures } from "../../src/capture/read/runs.js";
import { openCapture } from "../../src/capture/write/writer.js";
import { OrderedFrontier } from "../../src/crawl/frontier.js";
import type { PageResponse } from "../../src/model.js";
import { temporaryFolder } from "../archive/folders.js";
import { SCENARIOS, startFaultServer } from "../fault-server.js";
import { fetchPaths, HOST, QUICK } from "../http/crawl.js";
import { OPTIONS } from "./options.js";

const START = `http://${HOST}/`;

/** What an archive can depend on. */
function plain(response: PageResponse) {
  if (!("page" in response)) return response;
  const { url, requestedUrl, status, headers, body } = response.page;
  const type = headers["content-type"];
  const sha256 = createHash("sha256").update(body).digest("hex");
  return { request: response.request, page: { url, requestedUrl, status, type, sha256 } };
}

async function replay(
  paths: readonly string[],
  requests: readonly string[],
): Promise<PageResponse[]> {
  const { runs, damages, close } = await openCaptures(paths);
  expect(damages).toEqual([]);
  const responses: PageResponse[] = [];
  const frontier = new OrderedFrontier();
  for (const path of requests) frontier.add(new URL(path, START).href, "article");
  const [run] = runs;
  if (run === undefined) throw new Error("no run");
  const site = { start: START, origins: [] };
  await replaySource({ site, responses: run.responses, attempts: 2, limits: QUICK }).run(
    frontier,
    async (response) => {
      for (const due of frontier.inOrder(response)) responses.push(due);
    },
  );
  await close();
  return responses;
}

test("a replay gives the responses and failures that the crawl got, in every scenario", async () => {
  const server = await startFaultServer();
  const root = await temporaryFolder();
  const capture = await openCapture(root, OPTIONS);
  // Scenarios whose response has a URL with their own port cannot be visited under another name.
  const paths = Object.keys(SCENARIOS).filter((path) => path !== "/robots.txt");
  const live = await fetchPaths(server, paths, { recorder: capture, limits: QUICK });
  await capture.finish();
  await server.close();
  expect(live.responses.length).toBe(paths.length);
  const again = await replay([join(root, capture.path)], paths);
  expect(again.map(plain)).toEqual(live.responses.map(plain));
  const pages = again.filter((response) => "page" in response).length;
  expect(pages).toBeGreaterThan(15);
  expect(again.length - pages).toBeGreaterThan(30);
});
