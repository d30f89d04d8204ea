import { freePort, listenError } from './free-port.mjs';
import { Problem } from './problem.mjs';

/**
 * Settles every port before anything is started, so that a taken one costs nothing to report.
 *
 * @param {Record<string, number>} wanted by the name of the variable; 0 takes a free one.
 * @param {(name: string) => string} hostOf
 */
export async function settlePorts(wanted, hostOf) {
  const settled = {};
  for (const [name, port] of Object.entries(wanted)) {
    const twin = Object.keys(settled).find((other) => settled[other] === port);
    if (twin !== undefined)
      throw new Problem(`${name} and ${twin} are both ${port}. Give each its own port.`);
    if (port !== 0) await requireFree(name, port, hostOf(name));
    settled[name] = port === 0 ? await freePort(hostOf(name)) : port;
  }
  return settled;
}

async function requireFree(name, port, host) {
  const error = await listenError(port, host);
  if (error === undefined) return;
  const another = port < 65_000 ? port + 10 : port - 10;
  const advice = `choose another one: ${name}=${another} npm start`;
  if (error.code === 'EADDRINUSE')
    throw new Problem(`Port ${port} is in use by another program. Stop that program, or ${advice}`);
  if (error.code === 'EACCES') throw new Problem(`Port ${port} may not be used by this user. ${advice}`);
  throw new Problem(`Port ${port} on ${host} cannot be used (${error.code}). ${advice}`);
}
