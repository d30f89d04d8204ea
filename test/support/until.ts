/** Waits until `ask` gives something other than undefined or false; fails with what it last saw after the bound. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  boundMs = 30_000,
): Promise<T> {
  const end = performance.now() + boundMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await ask();
      if (value !== undefined && value !== false) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end)
      throw new Error(
        `not in ${boundMs} ms: ${what} (last: ${last instanceof Error ? last.message : JSON.stringify(last)})`,
      );
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
