import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config } from '#libs/config';
import { AppError } from '#libs/errors';
import { CertificateHttp } from './certificate-http.js';
import { readCertificate, type SigningKey } from './check-certificate.js';

const TIMEOUT_MS = 4_000;
const MAX_BYTES = 16 * 1024;
/** SNS uses one certificate for months, under a name of its own. */
const KEEP_MS = 24 * 3600 * 1000;
/** How long a URL that serves no certificate of SNS is not asked again. */
const REFUSE_MS = 60_000;
/** A certificate for each region, and what an attacker names. */
const MAX_ENTRIES = 200;

type Entry = { key: SigningKey } | { problem: AppError };

/** The certificates of SNS, fetched once each. */
@Injectable()
export class Certificates {
  private readonly entries = new LRUCache<string, Entry>({ max: MAX_ENTRIES });
  private readonly fetching = new Map<string, Promise<Entry>>();

  constructor(
    @Inject(CertificateHttp) private readonly http: CertificateHttp,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @param host and @param path of a URL that certificatePathOf() has accepted
   * @throws AppError sns.certificate_unavailable (try again), sns.bad_certificate (refused)
   */
  async get(host: string, path: string): Promise<SigningKey> {
    const url = `https://${host}${path}`;
    const entry = this.entries.get(url) ?? (await this.fetchOnce(url, host, path));
    if ('problem' in entry) throw entry.problem;
    return entry.key;
  }

  private fetchOnce(url: string, host: string, path: string): Promise<Entry> {
    const running = this.fetching.get(url);
    if (running !== undefined) return running;
    const fetching = this.fetch(url, host, path).finally(() => this.fetching.delete(url));
    this.fetching.set(url, fetching);
    return fetching;
  }

  private async fetch(url: string, host: string, path: string): Promise<Entry> {
    const { certificateEndpoint } = this.config.events;
    const from = certificateEndpoint === undefined ? url : certificateEndpoint.replace(/\/$/, '') + path;
    const entry = await this.ask(from, host);
    const isBad = 'problem' in entry && entry.problem.kind !== 'unavailable';
    if ('key' in entry) this.entries.set(url, entry, { ttl: KEEP_MS });
    else if (isBad) this.entries.set(url, entry, { ttl: REFUSE_MS });
    return entry;
  }

  private async ask(from: string, host: string): Promise<Entry> {
    try {
      const { status, body } = await this.http.request({
        url: from,
        method: 'GET',
        timeoutMs: TIMEOUT_MS,
        maxResponseBytes: MAX_BYTES,
        overflow: 'fail',
      });
      if (status === 403 || status === 404) return { problem: badCertificate() };
      if (status !== 200) return { problem: unavailable() };
      const isSandbox = this.config.events.certificateEndpoint !== undefined;
      const key = readCertificate(body.toString('latin1'), host, isSandbox);
      return key === undefined ? { problem: badCertificate() } : { key };
    } catch (error) {
      return { problem: unavailable(error) };
    }
  }
}

export function badCertificate(): AppError {
  return new AppError({
    code: 'sns.bad_certificate',
    kind: 'forbidden',
    field: 'SigningCertURL',
    message: 'The message is not signed with a valid certificate of Amazon SNS of its own region.',
  });
}

/** SNS sends a message again after a 5xx, and never after a 4xx. */
function unavailable(cause?: unknown): AppError {
  return new AppError({
    code: 'sns.certificate_unavailable',
    kind: 'unavailable',
    message: 'The certificate of Amazon SNS cannot be fetched at the moment.',
    ...(cause !== undefined && { cause }),
  });
}
