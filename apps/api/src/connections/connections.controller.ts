import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { actorOf, Projects, type Principal } from '#libs/accounts';
import {
  presentConnection,
  ReadConnections,
  ReadKit,
  ReadSessions,
  RequestVerification,
  RotateExternalId,
  UpdateConnection,
} from '#libs/connections';
import { ReadCapacity } from '#libs/emails';
import { EndConnection, ReadFeedbackWay } from '#libs/events';
import { Allow, Caller } from '../http/access.js';
import { Answers } from '../http/answers.js';
import {
  capacitySchema,
  connectionSchema,
  kitQuerySchema,
  kitSchema,
  sessionListSchema,
  updateConnectionSchema,
} from './connection.schemas.js';

const uuid = z.uuid();

@ApiTags('Connections')
@ApiBearerAuth()
@Allow('manage')
@Controller('v1/connections/:id')
export class ConnectionsController {
  constructor(
    @Inject(Projects) private readonly projects: Projects,
    @Inject(ReadConnections) private readonly read: ReadConnections,
    @Inject(UpdateConnection) private readonly updateConnection: UpdateConnection,
    @Inject(RequestVerification) private readonly requestVerification: RequestVerification,
    @Inject(RotateExternalId) private readonly rotateExternalId: RotateExternalId,
    @Inject(EndConnection) private readonly endConnection: EndConnection,
    @Inject(ReadKit) private readonly readKit: ReadKit,
    @Inject(ReadSessions) private readonly readSessions: ReadSessions,
    @Inject(ReadCapacity) private readonly readCapacity: ReadCapacity,
    @Inject(ReadFeedbackWay) private readonly readFeedbackWay: ReadFeedbackWay,
  ) {}

  @Get()
  @Answers(200, connectionSchema)
  async get(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    return presentConnection(await this.read.get(await this.projects.ofConnection(caller, id), id));
  }

  @Patch()
  @Answers(200, connectionSchema)
  async update(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: updateConnectionSchema }) body: z.infer<typeof updateConnectionSchema>,
  ) {
    const projectId = await this.projects.ofConnection(caller, id);
    return presentConnection(
      await this.updateConnection.execute(projectId, id, {
        name: body.name,
        roleArn: body.role_arn,
        sessionDurationSeconds: body.session_duration_seconds,
        capacityShare: body.capacity_share,
        paused: body.paused,
        fallbackConnectionId: body.fallback_connection_id,
        actor: actorOf(caller),
      }),
    );
  }

  /** Runs the checks again. */
  @Post('verify')
  @Answers(202, connectionSchema)
  async verify(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    return presentConnection(
      await this.requestVerification.execute(
        await this.projects.ofConnection(caller, id),
        id,
        actorOf(caller),
      ),
    );
  }

  /** Policies, script or template that make the role. */
  @Get('kit')
  @Answers(200, kitSchema)
  async kit(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Query({ schema: kitQuerySchema }) query: z.infer<typeof kitQuerySchema>,
  ) {
    const projectId = await this.projects.ofConnection(caller, id);
    return this.readKit.execute(projectId, id, {
      purpose: query.purpose,
      format: query.format,
      from: query.from,
      sourceIp: query.source_ip,
      templateUrl: query.template_url,
      ...(await this.readFeedbackWay.execute(projectId, id, query.feedback)),
    });
  }

  /** The temporary sessions that exist now; never their credentials. */
  @Get('sessions')
  @Answers(200, sessionListSchema)
  async sessions(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    return this.readSessions.execute(await this.projects.ofConnection(caller, id), id);
  }

  /** Pace, quota, backlog, and when it will be gone. */
  @Get('capacity')
  @Answers(200, capacitySchema)
  async capacity(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    return this.readCapacity.execute(await this.projects.ofConnection(caller, id), id);
  }

  /** Makes a second external ID; it replaces the first one when it is proven. */
  @Post('rotate-external-id')
  @Answers(200, connectionSchema)
  async rotate(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    return presentConnection(
      await this.rotateExternalId.execute(await this.projects.ofConnection(caller, id), id, actorOf(caller)),
    );
  }

  /** Ends the connection: what lies in its queue is taken in, then credentials are gone everywhere at once; its mail stays. */
  @Delete()
  @Answers(200, connectionSchema)
  async remove(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    return presentConnection(
      await this.endConnection.execute(await this.projects.ofConnection(caller, id), id, actorOf(caller)),
    );
  }
}
