import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database, HeartbeatsRepository } from '#libs/database';
import { JobProducer } from '#libs/queue';

const part = z.object({ status: z.enum(['ok', 'missing']), detail: z.string() });
export const readinessSchema = z
  .object({
    status: z.enum(['ok', 'not_ready']),
    missing: z.array(z.string()),
    database: part,
    queue: part,
    worker: part,
  })
  .meta({ id: 'Readiness' });

type Part = z.infer<typeof part>;

const CHECK_MS = 2_000;

/** Database, queue, and at least one worker that gave a sign of life lately. */
@Injectable()
export class Readiness {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(JobProducer) private readonly jobs: JobProducer,
    @Inject(HeartbeatsRepository) private readonly heartbeats: HeartbeatsRepository,
  ) {}

  async check(): Promise<z.infer<typeof readinessSchema>> {
    const [database, queue, worker] = await Promise.all([
      probe('answers', 'PostgreSQL does not answer', () => this.database.ping()),
      probe('answers', 'the queue does not answer', () => this.jobs.ping()),
      this.worker(),
    ]);
    const parts = { database, queue, worker };
    const missing = Object.entries(parts).flatMap(([name, { status }]) => (status === 'ok' ? [] : [name]));
    return { status: missing.length === 0 ? 'ok' : 'not_ready', missing, ...parts };
  }

  private async worker(): Promise<Part> {
    let count = 0;
    const answered = await probe('', 'unknown, because PostgreSQL does not answer', async () => {
      count = await this.heartbeats.count('worker');
    });
    if (answered.status === 'missing') return answered;
    return count > 0
      ? { status: 'ok', detail: `${count} seen` }
      : { status: 'missing', detail: 'no worker was seen in the last 15 seconds: start apps/worker' };
  }
}

async function probe(good: string, bad: string, ask: () => Promise<unknown>): Promise<Part> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), CHECK_MS);
  });
  try {
    await Promise.race([ask(), late]);
    return { status: 'ok', detail: good };
  } catch {
    return { status: 'missing', detail: bad };
  } finally {
    clearTimeout(timer);
  }
}
