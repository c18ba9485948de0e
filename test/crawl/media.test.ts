import { expect, test } from "vitest";
import { fetchMedia } from "../../src/crawl/media.js";
import type { MediaResponse, Page, Source } from "../../src/model.js";

const SMALL = "https://example.org/small/chart.png";
const LARGE = "https://example.org/large/chart.png";
const WHOLE = "https://example.org/chart.png";
const page = (url: string) => ({ url }) as Page;

async function fetched(requests: readonly { candidates: readonly string[] }[], lost = "") {
  const asked: string[] = [];
  const taken: string[] = [];
  const reported: number[] = [];
  const source = {
    async media(url: string): Promise<MediaResponse> {
      asked.push(url);
      if (url !== lost) return { page: page(url) };
      return { failure: { stage: "fetch", url, reason: "answered 404" } as never };
    },
  } as unknown as Source;
  await fetchMedia({
    requests,
    source,
    concurrency: 4,
    take: async (request, url) => {
      taken.push(`${request.candidates.at(-1)} from ${url}`);
      return null;
    },
    fail: (_, reason) => taken.push(reason),
    onEvent: ({ done }) => reported.push(done),
  });
  return { asked, taken, reported };
}

test("the original of several sizes of an image is asked for once, and each size gets it", async () => {
  const { asked, taken, reported } = await fetched([
    { candidates: [WHOLE, SMALL] },
    { candidates: [WHOLE, LARGE] },
    { candidates: [WHOLE] },
  ]);
  expect(asked).toEqual([WHOLE]);
  expect(taken).toEqual([
    `${SMALL} from ${WHOLE}`,
    `${LARGE} from ${WHOLE}`,
    `${WHOLE} from ${WHOLE}`,
  ]);
  expect(reported).toEqual([1, 2, 3]);
});

test("where the original does not come, each size is asked for by itself", async () => {
  const requests = [{ candidates: [WHOLE, SMALL] }, { candidates: [WHOLE, LARGE] }];
  const { asked, taken } = await fetched(requests, WHOLE);
  expect(asked).toEqual([WHOLE, SMALL, LARGE]);
  expect(taken).toEqual([`${SMALL} from ${SMALL}`, `${LARGE} from ${LARGE}`]);
});
