import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { readQuestion, RESPONSE_CODES, writeResponse, type Answer } from './packet.js';
import type { Zone } from './zone.js';

const PLAIN_UDP_BYTES = 512;
const EXTENDED_UDP_BYTES = 1232;
const LONGEST_CHAIN = 8;
const PORT_TRIES = 20;

export interface RunningDns {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Answers UDP and TCP queries from the zone, on one port. @param port 0 = any free one */
export const startDns = async (zone: Zone, host: string, port: number): Promise<RunningDns> => {
  for (let tries = 1; ; tries++) {
    const tcp = createServer((socket) => serveTcp(zone, socket));
    tcp.listen(port, host);
    await once(tcp, 'listening');
    const found = (tcp.address() as AddressInfo).port;
    try {
      const udp = await bindUdp(zone, host, found);
      return { port: found, close: () => close(tcp, udp) };
    } catch (error) {
      // A port that TCP has free may be taken for UDP.
      await new Promise((resolve) => tcp.close(resolve));
      if (port !== 0 || tries === PORT_TRIES) throw error;
    }
  }
};

const open = new WeakMap<Server, Set<Socket>>();

const close = async (tcp: Server, udp: UdpSocket): Promise<void> => {
  await Promise.all([
    new Promise<void>((resolve) => udp.close(() => resolve())),
    new Promise((resolve) => {
      tcp.close(resolve);
      for (const socket of open.get(tcp) ?? []) socket.destroy();
    }),
  ]);
};

const bindUdp = async (zone: Zone, host: string, port: number): Promise<UdpSocket> => {
  const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  udp.on('message', (packet, peer) => {
    const response = respond(zone, packet, true);
    if (response !== undefined) udp.send(response, peer.port, peer.address);
  });
  udp.bind(port, host);
  await once(udp, 'listening');
  return udp;
};

const serveTcp = (zone: Zone, socket: Socket): void => {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const length = rest.readUInt16BE(0);
      const response = respond(zone, rest.subarray(2, 2 + length), false);
      rest = rest.subarray(2 + length);
      if (response === undefined) return void socket.destroy();
      const prefix = Buffer.alloc(2);
      prefix.writeUInt16BE(response.length);
      socket.write(Buffer.concat([prefix, response]));
    }
  });
};

const respond = (zone: Zone, packet: Buffer, isUdp: boolean): Buffer | undefined => {
  const question = readQuestion(packet);
  if (question === undefined) return undefined;
  const limit = !isUdp ? Infinity : question.hasExtension ? EXTENDED_UDP_BYTES : PLAIN_UDP_BYTES;
  const answers: Answer[] = [];
  let { name } = question;
  for (let link = 0; link < LONGEST_CHAIN; link++) {
    const found = zone.find(name, question.type ?? 'TXT');
    if (found === null && link === 0) return writeResponse(question, RESPONSE_CODES.noSuchName, []);
    const { type } = question;
    if (type === undefined) break;
    for (const value of found ?? []) answers.push({ name, type, value });
    const [target] = type === 'CNAME' ? [] : (zone.find(name, 'CNAME') ?? []);
    if (target === undefined) break;
    answers.push({ name, type: 'CNAME', value: target });
    name = target;
  }
  return writeResponse(question, RESPONSE_CODES.ok, answers, limit);
};
