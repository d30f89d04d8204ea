import { connect } from 'node:net';

/** Asks /health/ready; remembers the last answer for the case that it never says yes. */
export function readiness(apiUrl) {
  let last = 'the API does not answer';
  return {
    probe: async () => {
      const response = await fetch(`${apiUrl}/health/ready`, { signal: AbortSignal.timeout(5_000) });
      const body = await response.text();
      last = `/health/ready says ${response.status} ${body.slice(0, 500)}`;
      return response.ok;
    },
    describe: () => last,
  };
}

/** Does anybody answer at this address at all? */
export const answers = (url) => async () => (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;

/** Does an SMTP server greet on this port? */
export const greets = (port) => () =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (isGreeted) => {
      socket.destroy();
      resolve(isGreeted);
    };
    socket.setTimeout(5_000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('data', (data) => end(data.toString().startsWith('220 ')));
  });
