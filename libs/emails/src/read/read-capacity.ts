import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { notFound } from '#libs/errors';
import { RECOVERY_PER_SECOND } from '../drain/drain.repository.js';
import { CapacityRepository } from './capacity.repository.js';
import { forecast, type Capacity } from './forecast.js';

@Injectable()
export class ReadCapacity {
  constructor(
    @Inject(CapacityRepository) private readonly repository: CapacityRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError not_found */
  async execute(projectId: string, connectionId: string): Promise<Capacity> {
    const row = await this.repository.find(projectId, connectionId, RECOVERY_PER_SECOND);
    if (row === undefined) throw notFound('Connection');
    return forecast(connectionId, row, this.clock.now());
  }
}
