import type { DnsType } from './zone.js';

const TYPE_CODES: Readonly<Record<DnsType, number>> = { A: 1, CNAME: 5, MX: 15, TXT: 16 };
const CLASS_IN = 1;
const HEADER_BYTES = 12;
const TTL_SECONDS = 1;
const RESPONSE = 0x8000;
const AUTHORITATIVE = 0x0400;
const TRUNCATED = 0x0200;
const RECURSION_DESIRED = 0x0100;
const RECURSION_AVAILABLE = 0x0080;

export const RESPONSE_CODES = { ok: 0, malformed: 1, noSuchName: 3, notImplemented: 4 } as const;

export interface Question {
  readonly id: number;
  /** As the asker set it, to be echoed. */
  readonly flags: number;
  readonly name: string;
  /** Undefined: a type that this server has no records of. */
  readonly type: DnsType | undefined;
  /** The question section itself, to be echoed. */
  readonly section: Buffer;
  /** EDNS: the asker takes answers over 512 bytes by UDP. */
  readonly hasExtension: boolean;
}

export interface Answer {
  readonly name: string;
  readonly type: DnsType;
  readonly value: string;
}

/** Reads a query with one uncompressed question, as resolvers send it. Undefined for anything else. */
export const readQuestion = (packet: Buffer): Question | undefined => {
  if (packet.length < HEADER_BYTES || packet.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    const length = packet[at];
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(packet.toString('latin1', at, at + length));
    at += length;
  }
  if (at + 4 > packet.length) return undefined;
  const code = packet.readUInt16BE(at);
  return {
    id: packet.readUInt16BE(0),
    flags: packet.readUInt16BE(2),
    name: labels.join('.'),
    type: (Object.keys(TYPE_CODES) as DnsType[]).find((type) => TYPE_CODES[type] === code),
    section: packet.subarray(HEADER_BYTES, at + 4),
    hasExtension: packet.readUInt16BE(10) > 0,
  };
};

/** @param limit bytes; a longer answer is sent empty and marked as cut, so that the asker comes by TCP */
export const writeResponse = (
  question: Question,
  responseCode: number,
  answers: readonly Answer[],
  limit = Infinity,
): Buffer => {
  const body = answers.map(writeAnswer);
  const isCut = HEADER_BYTES + question.section.length + Buffer.concat(body).length > limit;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(question.id, 0);
  header.writeUInt16BE(
    RESPONSE |
      AUTHORITATIVE |
      RECURSION_AVAILABLE |
      (question.flags & RECURSION_DESIRED) |
      (isCut ? TRUNCATED : 0) |
      responseCode,
    2,
  );
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(isCut ? 0 : answers.length, 6);
  return Buffer.concat([header, question.section, ...(isCut ? [] : body)]);
};

const writeAnswer = ({ name, type, value }: Answer): Buffer => {
  const data = writeData(type, value);
  const fields = Buffer.alloc(10);
  fields.writeUInt16BE(TYPE_CODES[type], 0);
  fields.writeUInt16BE(CLASS_IN, 2);
  fields.writeUInt32BE(TTL_SECONDS, 4);
  fields.writeUInt16BE(data.length, 8);
  return Buffer.concat([writeName(name), fields, data]);
};

const writeName = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter((label) => label !== '')
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])),
    Buffer.from([0]),
  ]);

const writeData = (type: DnsType, value: string): Buffer => {
  switch (type) {
    case 'A':
      return Buffer.from(value.split('.').map(Number));
    case 'CNAME':
      return writeName(value);
    case 'MX': {
      const [priority = '0', host = ''] = value.split(' ');
      const bytes = Buffer.alloc(2);
      bytes.writeUInt16BE(Number(priority));
      return Buffer.concat([bytes, writeName(host)]);
    }
    case 'TXT': {
      // Strings of at most 255 bytes; readers join them.
      const text = Buffer.from(value);
      const parts: Buffer[] = [];
      for (let at = 0; at === 0 || at < text.length; at += 255) {
        const part = text.subarray(at, at + 255);
        parts.push(Buffer.from([part.length]), part);
      }
      return Buffer.concat(parts);
    }
  }
};
