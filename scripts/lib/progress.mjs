/** Says what begins, runs it, and says how long it took. */
export async function step(label, work) {
  console.log(`  ${label}…`);
  const startedAt = performance.now();
  const result = await work();
  console.log(`✓ ${label} (${seconds(performance.now() - startedAt)})`);
  return result;
}

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
