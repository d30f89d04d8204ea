import { setFlagsFromString } from 'node:v8';

/**
 * Where memory is plentiful V8 lets the heap grow to four times of what lives before it collects: after a burst (ten thousand sessions
 * made) a worker would hold hundreds of megabytes of garbage. It may grow by this much instead.
 */
const GROWTH_PERCENT = 60;

/** Read by V8 at each collection, so it works at any time. No limit: a heap that needs more still gets it. */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
