import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { hostname } from 'node:os';
import { createSecureContext } from 'node:tls';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { Clock } from '#libs/crypto';
import { AppError } from '#libs/errors';
import { Logger } from '#libs/telemetry';
import { selfSigned, type KeyAndCertificate } from './self-signed.js';

/** How often the files are looked at: a renewed certificate need not be there this minute. */
const WATCH_MS = 10_000;

/** Key and certificate of the server: from files, again whenever they change; or made here, for development. */
@Injectable()
export class Certificate implements BeforeApplicationShutdown {
  private stopWatching: () => void = () => undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /**
   * @param onChange gets each later certificate that is fit for use
   * @returns undefined where a proxy terminates TLS
   * @throws AppError `smtp.tls_config` that says which variable to set
   */
  open(onChange: (renewed: KeyAndCertificate) => void): KeyAndCertificate | undefined {
    const { mode, certificateFile, keyFile } = this.config.smtp.tls;
    const isProduction = this.config.environment === 'production';
    if (mode === 'optional' && isProduction)
      throw refusal('SMTP_TLS=optional would send API keys in clear text: it is for development only.');
    if (mode === 'off') {
      if (this.config.smtp.implicitTlsPort === undefined) return undefined;
      throw refusal('SMTP_IMPLICIT_TLS_PORT needs TLS, and SMTP_TLS is off.');
    }
    if ((certificateFile === undefined) !== (keyFile === undefined))
      throw refusal('SMTP_TLS_CERT_FILE and SMTP_TLS_KEY_FILE belong together: set both.');
    if (certificateFile === undefined || keyFile === undefined) {
      if (isProduction)
        throw refusal(
          'Production needs a certificate: set SMTP_TLS_CERT_FILE and SMTP_TLS_KEY_FILE, or SMTP_TLS=off behind a proxy that terminates TLS.',
        );
      this.logger.warn('smtp.self_signed_certificate', {
        remedy: 'For development only. Set SMTP_TLS_CERT_FILE and SMTP_TLS_KEY_FILE.',
      });
      return selfSigned(['localhost', hostname(), '127.0.0.1', '::1'], this.clock.now());
    }
    const files = { certificateFile, keyFile };
    this.watch(files, onChange);
    return read(files);
  }

  /** On SIGHUP and when a file changes. What cannot be used is told and left alone: the one in use is better. */
  private watch(files: Files, onChange: (renewed: KeyAndCertificate) => void): void {
    const reload = () => {
      try {
        onChange(read(files));
        this.logger.info('smtp.certificate_reloaded');
      } catch (error) {
        this.logger.error('smtp.certificate_not_reloaded', { error });
      }
    };
    const names = [files.certificateFile, files.keyFile];
    for (const name of names) watchFile(name, { interval: WATCH_MS, persistent: false }, reload);
    process.on('SIGHUP', reload);
    this.stopWatching = () => {
      for (const name of names) unwatchFile(name, reload);
      process.off('SIGHUP', reload);
    };
  }

  beforeApplicationShutdown(): void {
    this.stopWatching();
  }
}

interface Files {
  certificateFile: string;
  keyFile: string;
}

function read({ certificateFile, keyFile }: Files): KeyAndCertificate {
  try {
    const material = { cert: readFileSync(certificateFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
    // Fails for what is no certificate, no key, or two that do not belong together.
    createSecureContext(material);
    return material;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw refusal(`SMTP_TLS_CERT_FILE and SMTP_TLS_KEY_FILE cannot be used: ${why}.`);
  }
}

function refusal(message: string): AppError {
  return new AppError({ code: 'smtp.tls_config', kind: 'internal', message });
}
