import { describe, expect, test } from "vitest";
import { FetchError } from "../../src/http/fetch-error.js";
import { createConnector } from "../../src/http/wire/connect.js";
import { isPublicAddress } from "../../src/http/wire/ip-address.js";
import { startFaultServer } from "../fault-server.js";

const PUBLIC =
  "93.184.216.34 8.8.8.8 172.15.9.9 172.32.0.1 100.63.0.1 100.128.0.1 192.167.1.1 223.255.255.254 2606:2800:220:1::1 2a00:1450::8a ::ffff:8.8.8.8 64:ff9b::8.8.8.8 ::FFFF:0808:0808";
const NOT_PUBLIC =
  "0.0.0.0 10.1.2.3 100.64.0.1 100.127.255.254 127.0.0.1 127.255.0.9 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.168.0.1 198.18.0.1 198.51.100.9 203.0.113.9 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:a9fe:a9fe 0:0:0:0:0:ffff:10.0.0.1 64:ff9b::10.0.0.1 64:ff9b:1::8.8.8.8 fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2001::1 2001:db8::1 2002:7f00:1::1 3fff::1 localhost 127.1 999.1.1.1";

describe("IP addresses", () => {
  test.each(PUBLIC.split(" "))("isPublicAddress accepts %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
  test.each(NOT_PUBLIC.split(" "))("isPublicAddress rejects %s", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

type Names = Readonly<Record<string, readonly (readonly string[])[]>>;

function connectorFor(typed: string, names: Names) {
  const asked = new Map<string, number>();
  return createConnector({
    typed: [typed],
    timeout: 60_000,
    // Each time a name is asked for, its next list of addresses; the last one for ever.
    lookup: async (name) => {
      const count = asked.get(name) ?? 0;
      asked.set(name, count + 1);
      const lists = names[name] ?? [];
      const addresses = lists[Math.min(count, lists.length - 1)] ?? [];
      return addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    },
  });
}

/** Tries to open a connection; gives the reason when that is refused. */
function tried(connector: ReturnType<typeof createConnector>, hostname: string, port: number) {
  const target = { hostname, host: hostname, protocol: "http:", port: String(port) };
  return new Promise<string>((resolve) => {
    connector(target, (error, socket) => {
      const address = socket?.remoteAddress;
      socket?.destroy();
      if (error instanceof FetchError) resolve(`${error.state}: ${error.message}`);
      else resolve(error === null ? `connected to ${address}` : "tried");
    });
  });
}

/** Tries a connection of a run that began with what the user typed. */
const connect = (typed: string, hostname: string, names: Names, port = 9) =>
  tried(connectorFor(typed, names), hostname, port);

describe("connections", () => {
  const out = "198.41.0.4";

  test.each([
    ["a name with a private address", "inside.example", { "inside.example": [["127.0.0.1"]] }],
    ["a private address", "127.0.0.1", {}],
    ["a mapped private address", "::ffff:7f00:1", {}],
    ["a name that does not resolve", "inside.example", {}],
  ])("a crawl with a public seed refuses to connect to %s", async (_, hostname, names) => {
    const server = await startFaultServer();
    try {
      const all = { "seed.example": [[out]], ...names };
      expect(await connect("http://seed.example/", hostname, all, server.port)).toMatch(
        /^excluded: scope: .* which is not public$/,
      );
    } finally {
      await server.close();
    }
  });

  test("a host that the user typed may be on a private network, by its address or by its name", async () => {
    const server = await startFaultServer();
    const { port } = server;
    try {
      const names = { "seed.example": [["127.0.0.1"]] };
      const at = (host: string) => `http://${host}:${port}/`;
      for (const host of ["seed.example", "127.0.0.1"])
        expect(await connect(at(host), host, names, port)).toBe("connected to 127.0.0.1");
    } finally {
      await server.close();
    }
  });

  test.each([
    ["another private address", "http://127.0.0.1:7/", "127.0.0.2", {}, 7],
    ["another port of the typed address", "http://127.0.0.1:7/", "127.0.0.1", {}, 8],
    [
      "another name of the typed address",
      "http://127.0.0.1:7/",
      "b.example",
      { "b.example": [["127.0.0.1"]] },
      7,
    ],
    [
      "another name, where the typed one is private",
      "http://a.example:7/",
      "b.example",
      { "a.example": [["10.0.0.1"]], "b.example": [["169.254.169.254"]] },
      7,
    ],
    [
      "a typed name that is link-local",
      "http://a.example:7/",
      "a.example",
      { "a.example": [["169.254.169.254"]] },
      7,
    ],
    [
      "a typed name that is nowhere",
      "http://a.example:7/",
      "a.example",
      { "a.example": [["0.0.0.0"]] },
      7,
    ],
  ])(
    "what the user typed opens nothing else: %s is refused",
    async (_, typed, host, names, port) => {
      const connector = connectorFor(typed, names);
      // The first look-up of a run decides nothing for those after it.
      await tried(connector, new URL(typed).hostname, 7);
      expect(await tried(connector, host, port)).toMatch(/^excluded: scope: .*not public$/);
    },
  );

  test.each([
    ["from one private address to another", ["10.0.0.1"], ["127.0.0.1"]],
    ["from a private address to the metadata of a cloud", ["127.0.0.1"], ["169.254.169.254"]],
    ["from nothing to a private address", [], ["127.0.0.1"]],
    ["from a public to a private address", [out], ["127.0.0.1"]],
    ["from public and private to private addresses", [out, "127.0.0.1"], ["127.0.0.1", "0.0.0.0"]],
  ])("a typed name that changes %s is refused", async (_, first, then) => {
    const connector = connectorFor("http://a.example:7/", { "a.example": [first, then] });
    await tried(connector, "a.example", 7);
    expect(await tried(connector, "a.example", 7)).toMatch(/^excluded: scope: /);
  });
});
