import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

const EVERY_MS = 500;
const MOST_LINES_PER_MINUTE = 10;

/** Shows errors from the logs of running programs as they come: a few, because the log has them all. */
export function watchLogs(children, show) {
  const watched = children.map((child) => ({ child, offset: 0, rest: '' }));
  let shown = 0;
  const refill = setInterval(() => (shown = 0), 60_000);
  const look = () => {
    for (const state of watched) {
      for (const line of newLines(state)) {
        const text = asError(line);
        if (text === undefined || shown > MOST_LINES_PER_MINUTE) continue;
        shown++;
        show(
          shown > MOST_LINES_PER_MINUTE ? 'More errors follow in the logs.' : `${state.child.name}: ${text}`,
        );
      }
    }
  };
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  refill.unref();
  return () => {
    clearInterval(timer);
    clearInterval(refill);
  };
}

function newLines(state) {
  const { logFile } = state.child;
  const size = existsSync(logFile) ? statSync(logFile).size : 0;
  if (size <= state.offset) return [];
  // After a flood only the newest part is of interest.
  const from = Math.max(state.offset, size - 1_000_000);
  const buffer = Buffer.alloc(size - from);
  const file = openSync(logFile, 'r');
  const length = readSync(file, buffer, 0, buffer.length, from);
  closeSync(file);
  state.offset = from + length;
  const lines = (state.rest + buffer.toString('utf8', 0, length)).split('\n');
  state.rest = lines.pop() ?? '';
  return lines;
}

/** One short line for an error record; `undefined` for everything else. */
function asError(line) {
  if (!line.startsWith('{')) return undefined;
  try {
    const { level, event, message, error } = JSON.parse(line);
    if (level !== 'error' && level !== 'fatal') return undefined;
    return [event ?? message, error?.message]
      .filter((part) => typeof part === 'string')
      .join(' – ')
      .slice(0, 300);
  } catch {
    return undefined;
  }
}
