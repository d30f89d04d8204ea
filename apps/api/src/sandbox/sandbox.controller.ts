import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { z } from 'zod';
import { actorOf, Projects, type Principal } from '#libs/accounts';
import { Allow, Caller } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { BreakSetUp } from './break-set-up.js';
import { changeSandboxSchema, sandboxChangeSchema } from './sandbox.schemas.js';

/** Breaks and mends the simulated AWS account behind a connection. Exists in development only: see sandboxControllers. */
@ApiExcludeController()
@Allow('manage')
@Controller('v1/connections/:id/sandbox')
export class SandboxController {
  constructor(
    @Inject(Projects) private readonly projects: Projects,
    @Inject(BreakSetUp) private readonly breakSetUp: BreakSetUp,
  ) {}

  @Post()
  @Answers(202, sandboxChangeSchema)
  async change(
    @Caller() caller: Principal,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: changeSandboxSchema }) { scenario }: z.infer<typeof changeSandboxSchema>,
  ) {
    const projectId = await this.projects.ofConnection(caller, id);
    const change = await this.breakSetUp.execute(projectId, id, scenario, actorOf(caller));
    return {
      object: 'sandbox_change',
      connection_id: id,
      scenario,
      aws_account_id: change.accountId,
      region: change.region,
      changed_at: change.changedAt.toISOString(),
      test_mail: change.testMail,
    };
  }
}
