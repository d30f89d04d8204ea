import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { actorOf, Projects, type Principal } from '#libs/accounts';
import { ReadSuppressionSync, SetSuppressionSync } from '#libs/suppression-sync';
import { Allow, Caller } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { setSuppressionSyncSchema, suppressionSyncSchema } from './suppression-sync.schemas.js';

const uuid = z.uuid();

/** The project's suppression list and the account-level suppression list of the connection's SES account. */
@ApiTags('Suppressions')
@ApiBearerAuth()
@Allow('manage')
@Controller('v1/connections/:id/suppression-sync')
export class SuppressionSyncController {
  constructor(
    @Inject(Projects) private readonly projects: Projects,
    @Inject(ReadSuppressionSync) private readonly read: ReadSuppressionSync,
    @Inject(SetSuppressionSync) private readonly setSync: SetSuppressionSync,
  ) {}

  /** How it is set, what was taken over and told, and what to mend. */
  @Get()
  @Answers(200, suppressionSyncSchema)
  async get(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    return this.read.execute(await this.projects.ofConnection(caller, id), id);
  }

  /**
   * `import` takes over what the account's list has (rights of the kit `analytics`); `both` also puts there what the project suppresses and
   * deletes what it allows again (`configure`). The mode that it has already syncs now.
   */
  @Put()
  @Answers(200, suppressionSyncSchema)
  async set(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: setSuppressionSyncSchema }) { mode }: z.infer<typeof setSuppressionSyncSchema>,
  ) {
    return this.setSync.execute(await this.projects.ofConnection(caller, id), id, mode, actorOf(caller));
  }
}
