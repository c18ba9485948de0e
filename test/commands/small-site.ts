/** A site of a few pages on a loopback port. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** @param page the HTML at a path, or the bytes of a file; a number is a status without a page */
export async function serveSite(page: (path: string) => string | number | Uint8Array) {
  const server = createServer(({ url = "/" }, response) => {
    const answer = page(url);
    response.statusCode = typeof answer === "number" ? answer : 200;
    response.setHeader("content-type", "text/html");
    if (answer instanceof Uint8Array) {
      response.setHeader("content-type", "application/octet-stream");
      response.end(answer);
      return;
    }
    response.end(`<!DOCTYPE html><html lang="en"><body>${answer}</body></html>`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { start: `http://127.0.0.1:${port}/list`, [Symbol.dispose]: () => void server.close() };
}
