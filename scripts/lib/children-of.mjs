import { execFileSync } from 'node:child_process';

/** Running processes, without those that have ended and only wait to be noticed. */
function processes() {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , stat]) => !stat.startsWith('Z'))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}

/** All descendants of a process. */
export function childrenOf(ancestor) {
  const all = processes();
  const below = (parent) =>
    all.filter((one) => one.parent === parent).flatMap(({ pid }) => [pid, ...below(pid)]);
  return below(ancestor);
}

export const isAlive = (pid) => processes().some((one) => one.pid === pid);
