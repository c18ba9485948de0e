/** How much room zlib is given. */

/**
 * Bytes of the buffer into which zlib puts what it gives, and makes another of the same size where that is more. V8 takes
 * each for garbage of its size: with the usual 16 kB for what has 500 bytes, it collects its whole heap every 60 pages.
 *
 * @param expected bytes that it gives, nearly
 */
export function chunkSizeFor(expected: number): number {
  return Math.min(Math.max(expected, 1024), 64 * 1024);
}
