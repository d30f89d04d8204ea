import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#libs/config';

/** Under which address callers reach this API, for links in answers. */
@Injectable()
export class PublicUrl {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Without a slash at the end: SESAME_PUBLIC_URL, else where this request went to. */
  of(request: FastifyRequest): string {
    return (this.config.http.publicUrl ?? `${request.protocol}://${request.host}`).replace(/\/$/, '');
  }
}
