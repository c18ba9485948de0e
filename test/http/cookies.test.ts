/** Which requests carry which cookies. */
import { expect, test } from "vitest";
import { Cookies } from "../../src/http/cookies.js";
import type { WireResponse } from "../../src/http/wire/receive.js";

const setting = (...cookies: string[]): WireResponse => ({
  ...{ status: 200, headers: {}, body: new Uint8Array(), whole: true, cookies },
});

test("a cookie goes to the origin that set it alone, not to another port or scheme of its host", async () => {
  const cookies = new Cookies();
  await cookies.take(new URL("https://a.example/list"), setting("sid=1; path=/"));
  expect(cookies.of(new URL("https://a.example/list?page=2"))).toBe("sid=1");
  for (const other of ["https://a.example:8443/", "http://a.example/", "https://b.example/"])
    expect(cookies.of(new URL(other)), other).toBeNull();
});

test("a cookie for another site is not kept", async () => {
  const cookies = new Cookies();
  const url = new URL("https://a.example/");
  await cookies.take(url, setting("sid=1; domain=b.example", "lang=en"));
  expect(cookies.of(url)).toBe("lang=en");
});
