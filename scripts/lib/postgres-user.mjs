import { chownSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * PostgreSQL refuses to run as root. As root we lend it the user `postgres`, or `nobody` where there is none: both
 * exist without changing the machine. Everybody else runs it as themselves.
 *
 * @returns {{ uid: number, gid: number } | undefined}
 */
export function postgresUser() {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (found === undefined)
    throw new Error(
      'Neither the user "postgres" nor "nobody" exists, and PostgreSQL refuses to run as root.',
    );
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/** May this user get to the files in a folder? A clone under /root (mode 0700) is where the answer is no. */
export function canReach(user, folder) {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const { mode, uid, gid } = statSync(path);
    const isAllowed = uid === user.uid ? mode & 0o100 : gid === user.gid ? mode & 0o010 : mode & 0o001;
    if (!isAllowed) return false;
    if (dirname(path) === path) return true;
  }
}

/** Hands a folder to the user. */
export function giveTo(user, folder) {
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
}
