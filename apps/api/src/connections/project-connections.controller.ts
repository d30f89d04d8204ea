import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { actorOf, Projects, type Principal } from '#libs/accounts';
import { CreateConnection, presentConnection, ReadConnections } from '#libs/connections';
import { Allow, Caller } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { connectionListSchema, connectionSchema, createConnectionSchema } from './connection.schemas.js';

const uuid = z.uuid();

@ApiTags('Connections')
@ApiBearerAuth()
@Allow('manage')
@Controller('v1/projects/:id/connections')
export class ProjectConnectionsController {
  constructor(
    @Inject(Projects) private readonly projects: Projects,
    @Inject(CreateConnection) private readonly createConnection: CreateConnection,
    @Inject(ReadConnections) private readonly read: ReadConnections,
  ) {}

  @Post()
  @Answers(201, connectionSchema)
  async create(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: createConnectionSchema }) body: z.infer<typeof createConnectionSchema>,
  ) {
    const project = await this.projects.get(caller, id);
    return presentConnection(
      await this.createConnection.execute(project.id, {
        name: body.name,
        region: body.region,
        actor: actorOf(caller),
      }),
    );
  }

  @Get()
  @Answers(200, connectionListSchema)
  async list(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    const project = await this.projects.get(caller, id);
    return {
      object: 'list',
      has_more: false,
      data: (await this.read.list(project.id)).map(presentConnection),
    };
  }
}
