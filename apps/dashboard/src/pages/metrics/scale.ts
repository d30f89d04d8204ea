/** Round figures from 0 to at least `most`, for the axis of a chart: whole numbers, at most five steps. */
export function ticksTo(most: number): number[] {
  const rough = Math.max(1, most) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const nice = [1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10;
  const step = Math.max(1, Math.round(nice * power));
  const steps = Math.max(1, Math.ceil(Math.max(1, most) / step));
  return Array.from({ length: steps + 1 }, (_, index) => index * step);
}

/** Which of `count` places get a label when only `fit` have room: evenly spaced, the first one always. */
export function labelled(count: number, fit: number): number[] {
  const every = Math.max(1, Math.ceil(count / Math.max(1, fit)));
  return Array.from({ length: Math.ceil(count / every) }, (_, index) => index * every);
}
