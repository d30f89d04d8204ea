import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/** Nest's own messages, as lines of the same log. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug('nest', { message: String(message), context });
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn('nest', { message: String(message), context });
  }

  error(message: unknown, stack?: string, context?: string): void {
    this.logger.error('nest', {
      message: message instanceof Error ? message.message : String(message),
      stack,
      context,
    });
  }
}
