import { expect, test, vi } from "vitest";
import { openBrowser } from "../../src/http/browser.js";

vi.mock("playwright-core", () => {
  throw new Error("Cannot find package 'playwright-core'");
});

test("without its packages, a crawl that needs a browser says what to install", async () => {
  await expect(openBrowser()).rejects.toMatchObject({
    exitCode: 2,
    hint: expect.stringContaining("npm install @crawlee/playwright@3.18.1 playwright-core"),
  });
});
