import { connect as connectSocket } from 'node:net';
import { connect } from './postgres.mjs';
import { Problem } from './problem.mjs';

/** Tries the PostgreSQL of DATABASE_URL. The URL holds a password and is never shown. */
export async function requireDatabase(url) {
  try {
    await (await connect(url)).end();
  } catch (error) {
    throw new Problem(
      `The PostgreSQL of DATABASE_URL cannot be used: ${error.message || error.code}. Correct DATABASE_URL, or leave it out to use the embedded one.`,
    );
  }
}

/** Is anybody listening at REDIS_URL? */
export async function requireRedis(url) {
  const { hostname, port } = parse(url);
  const error = await new Promise((resolve) => {
    const socket = connectSocket({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 6379),
      timeout: 5_000,
    });
    const end = (result) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end(new Error('no answer within 5 s')));
    socket.once('error', end);
  });
  if (error === undefined) return;
  throw new Problem(
    `The Redis of REDIS_URL cannot be reached: ${error.message || error.code}. Correct REDIS_URL, or leave it out to keep the queue in PostgreSQL.`,
  );
}

function parse(url) {
  if (URL.canParse(url) && /^rediss?:/.test(url)) return new URL(url);
  throw new Problem('REDIS_URL must start with redis:// or rediss://.');
}
