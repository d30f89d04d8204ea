import { randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { Problem } from './problem.mjs';
import { takeLock } from './pid-lock.mjs';

/** Makes SESAME_HOME and takes it for this process. @returns the lock. */
export function openHome({ home, inHome }) {
  try {
    // Others may pass through, which PostgreSQL's user has to; every file in it is for its owner only.
    mkdirSync(home, { recursive: true, mode: 0o755 });
    mkdirSync(inHome('logs'), { recursive: true, mode: 0o700 });
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    accessSync(inHome('logs'), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Problem(
      `${home} cannot be used (${error.code}). Set SESAME_HOME to a folder that you may write to.`,
    );
  }
  const lock = takeLock(inHome('start.pid'));
  if ('release' in lock) return lock;
  throw new Problem(
    `Sesame is already running on ${home} (process ${lock.heldBy}). Stop that one first, or give this one its own: SESAME_HOME=.sesame-2 API_PORT=0 SANDBOX_PORT=0 SMTP_PORT=0 npm start`,
  );
}

export function readJson(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Problem(`${file} is damaged. Remove it and run this again.`);
  }
}

/** Complete or not at all, and for the owner's eyes only. */
export function writePrivate(file, text) {
  const unfinished = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(unfinished, text, { mode: 0o600, flag: 'wx' });
    renameSync(unfinished, file);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

export const writeJson = (file, value) => writePrivate(file, `${JSON.stringify(value, null, 2)}\n`);
