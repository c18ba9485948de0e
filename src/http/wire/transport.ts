/** One request and its response on the wire: lengths, deadlines and caps; no redirects, no decoding. */
import type { Socket } from "node:net";
import { type buildConnector, Client } from "undici";
import type { Post } from "../../model.js";
import type { Recorded } from "../../warc/exchange.js";
import type { Clock } from "../clock.js";
import { FetchError, networkError } from "../fetch-error.js";
import { CollectedBytes } from "./collected-bytes.js";
import { type ConnectOptions, createConnector } from "./connect.js";
import type { Limits } from "./limits.js";
import { receive, type WireResponse } from "./receive.js";

/** What went over the wire for one response. */
export interface WireTraffic {
  /** Milliseconds since 1970, when the request was sent. */
  readonly startedAt: number;
  /** IP address of the server; null when the socket no longer knew it. */
  readonly address: string | null;
  /** As they were sent, framing and all; of the response as much as holds its head. */
  readonly request: Uint8Array;
  readonly response: Uint8Array;
}

/** What a request may ask of the transport. */
export interface GetOptions {
  /** Reading of the body stops after so many bytes, and what came is the response. */
  readonly enough?: number;
  /** The response before this one could not be used: a complete new one is needed. */
  readonly again?: boolean;
  /** In place of the usual ones. */
  readonly limits?: Limits;
  /** Takes what is recorded of the request, for other sites: then a complete response is needed. */
  readonly records?: Recorded[] | undefined;
  /** Sent by a POST in the place of a GET. */
  readonly post?: Post | undefined;
}

/** Gives responses: over the network, or what takes its place. */
export interface Wire {
  /**
   * Sends a GET, or a POST.
   *
   * @throws {FetchError} when no complete response came within the limits
   */
  get(
    url: URL,
    headers: Readonly<Record<string, string>>,
    options?: GetOptions,
  ): Promise<WireResponse>;
  /** Records what another site has asked; left out where nothing is recorded. */
  readonly store?: (records: readonly Recorded[]) => Promise<void>;
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly connect: buildConnector.connector;
  readonly limits: Limits;
  readonly clock: Clock;
  /** True when the bytes of every exchange are recorded. */
  readonly tapped: boolean;
}

/** Opens connections to the addresses that are allowed. */
export function openTransport({
  typed,
  hosts,
  lookup,
  ...options
}: Omit<TransportOptions, "connect"> & Omit<ConnectOptions, "timeout">): Transport {
  const timeout = options.limits.connect;
  return new Transport({ ...options, connect: createConnector({ typed, timeout, hosts, lookup }) });
}

/** A client with its only socket, which serves one request at a time. */
interface Connection {
  readonly client: Client;
  socket: Socket | null;
  /** Responses that the present socket has given. */
  responses: number;
  readonly sent: CollectedBytes;
  /** What the present response began with. */
  readonly received: CollectedBytes;
  /** How many bytes the present response may still have on the wire. */
  bytesLeft: number;
}

/** Bytes of a response beside its body: head and chunk sizes. A body in chunks of one byte has six times its length. */
const MOST_FRAMING = 4 * 1024 * 1024;

/** Connections by origin. One that failed is never used again. */
export class Transport implements Wire {
  readonly #options: TransportOptions;
  readonly #idle = new Map<string, Connection[]>();
  readonly #busy = new Set<Connection>();
  #closed = false;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /**
   * Sends a GET, or a POST that asks for a page of a list. A kept connection that the server closed before the first
   * byte of a response came is replaced in silence (RFC 9110, section 9.2.2).
   */
  async get(
    url: URL,
    headers: Readonly<Record<string, string>>,
    { enough, limits = this.#options.limits, post }: GetOptions = {},
  ): Promise<WireResponse & { readonly traffic: WireTraffic }> {
    for (;;) {
      const connection = this.#idle.get(url.origin)?.pop() ?? this.#open(url.origin);
      const kept = connection.responses > 0;
      const before = connection.socket?.bytesRead ?? 0;
      const startedAt = this.#options.clock.now();
      connection.sent.clear();
      connection.received.clear();
      connection.bytesLeft = limits.wireBytes + MOST_FRAMING;
      this.#busy.add(connection);
      let response: WireResponse;
      try {
        response = await receive(connection.client, url, headers, limits, { enough, post });
      } catch (error) {
        connection.client.destroy().catch(() => {});
        const closed = kept && !(error instanceof FetchError);
        if (closed && !this.#closed && connection.socket?.bytesRead === before) continue;
        throw networkError(error);
      } finally {
        this.#busy.delete(connection);
      }
      connection.responses++;
      const { client, socket, sent, received } = connection;
      const traffic = {
        startedAt,
        address: socket?.remoteAddress ?? null,
        request: sent.take(),
        response: received.take(),
      };
      if (!response.whole) client.destroy().catch(() => {});
      else this.#idle.set(url.origin, [...(this.#idle.get(url.origin) ?? []), connection]);
      return { ...response, traffic };
    }
  }

  /** Ends every connection, also those that wait for a response. */
  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#idle.values()].flat().concat(...this.#busy);
    this.#idle.clear();
    await Promise.all(all.map(({ client }) => client.destroy()));
  }

  #open(origin: string): Connection {
    const { connect, limits, tapped } = this.#options;
    const client = new Client(origin, {
      // Deadlines are kept in `receive`, by timers that are finer than undici's.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: limits.headerBytes,
      connect: (target, callback) =>
        connect(target, (...result) => {
          const [, socket] = result;
          connection.socket = socket;
          connection.responses = 0;
          // Without a connection, undici gives no socket at all, whatever its types say.
          if (socket) tap(socket, connection, tapped ? 16 * limits.headerBytes : 0);
          callback(...result);
        }),
    });
    const connection: Connection = {
      client,
      socket: null,
      responses: 0,
      sent: new CollectedBytes(),
      received: new CollectedBytes(),
      bytesLeft: limits.wireBytes + MOST_FRAMING,
    };
    return connection;
  }
}

/**
 * Counts what comes over a socket, and copies its beginning. undici takes bytes by `read` and, unless a body is
 * paused, which never happens here, gives none back; it writes a request without a body as one string. The body of
 * a response is kept once, without its framing: not here.
 *
 * @param most bytes of a response that are kept: more than its head, and interim ones before it, can have; 0 for none
 */
function tap(socket: Socket, connection: Connection, most: number): void {
  const read = socket.read.bind(socket);
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  socket.read = (size) => {
    const chunk: Buffer | null = read(size);
    if (chunk === null) return null;
    connection.bytesLeft -= chunk.length;
    if (connection.bytesLeft < 0)
      socket.destroy(new FetchError("the chunks of the body are larger than a body may be"));
    const { received } = connection;
    if (received.length < most) received.add(chunk);
    return chunk;
  };
  if (most === 0) return;
  socket.write = (...given: unknown[]) => {
    const [chunk] = given;
    connection.sent.add(
      typeof chunk === "string" ? Buffer.from(chunk, "latin1") : (chunk as Uint8Array),
    );
    return write(...given);
  };
}
