/** Which site is crawled when: a few at a time, and of them as few as possible on one host. */

/** Sites of one host at a time: while one writes its archive, another asks. More would only wait in its lane. */
const MOST_A_HOST = 2;

/** Runs something for each site, in their order, spread over the hosts. @param run must not reject */
export async function inTurns<T extends { readonly host: string }>(
  sites: readonly T[],
  options: {
    readonly atOnce: number;
    /** Begins no further one. */
    readonly signal: AbortSignal;
    readonly run: (site: T) => Promise<void>;
  },
): Promise<void> {
  const { atOnce, signal, run } = options;
  /** By host, those to come, and how many are in hand. */
  const hosts = new Map<string, { readonly left: T[]; inHand: number }>();
  for (const site of sites) {
    const host = hosts.get(site.host) ?? { left: [], inHand: 0 };
    host.left.push(site);
    hosts.set(site.host, host);
  }
  const lines = [...hosts.values()];
  const inHand = new Set<Promise<void>>();
  const next = () => {
    const free = lines.filter((host) => host.left.length > 0 && host.inHand < MOST_A_HOST);
    return free.reduce<(typeof lines)[number] | null>(
      (best, host) => (best === null || host.inHand < best.inHand ? host : best),
      null,
    );
  };
  for (;;) {
    const host = signal.aborted || inHand.size >= atOnce ? null : next();
    const site = host?.left.shift();
    if (host == null || site === undefined) {
      if (inHand.size === 0) return;
      await Promise.race(inHand);
      continue;
    }
    host.inHand++;
    const running = run(site).finally(() => {
      host.inHand--;
      inHand.delete(running);
    });
    inHand.add(running);
  }
}
