import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { actorOf, type Principal } from '#libs/accounts';
import {
  CreateDomain,
  presentDomain,
  presentDomainItem,
  ReadDomains,
  RemoveDomain,
  UpdateDomain,
  VerifyDomain,
} from '#libs/domains';
import { Allow, Caller, ProjectId } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { toPage } from '../http/page.js';
import { deletedSchema } from '../projects/project.schemas.js';
import {
  createdDomainSchema,
  createDomainSchema,
  domainIdSchema,
  domainListSchema,
  domainPageSchema,
  domainSchema,
  updateDomainSchema,
} from './domain.schemas.js';
import { toSettings } from './domain-settings.js';

const uuid = z.uuid();

@ApiTags('Domains')
@ApiBearerAuth()
@Allow('project')
@Controller('domains')
export class DomainsController {
  constructor(
    @Inject(CreateDomain) private readonly createDomain: CreateDomain,
    @Inject(ReadDomains) private readonly read: ReadDomains,
    @Inject(UpdateDomain) private readonly updateDomain: UpdateDomain,
    @Inject(VerifyDomain) private readonly verifyDomain: VerifyDomain,
    @Inject(RemoveDomain) private readonly removeDomain: RemoveDomain,
  ) {}

  /**
   * Adds a domain as an identity of the connection's SES and answers with the DNS records to publish. An identity that is there
   * already is adopted as it is. `region` chooses a connection of the project, `connection_id` names one; by default it is the oldest
   * that is proven. `tls`, tracking and `capabilities` are kept and shown; they take effect with a configuration set.
   */
  @Post()
  @Answers(201, createdDomainSchema)
  async create(
    @Caller() caller: Principal,
    @ProjectId() projectId: string,
    @Body({ schema: createDomainSchema }) body: z.infer<typeof createDomainSchema>,
  ) {
    const settings = toSettings(body);
    return presentDomain(
      await this.createDomain.execute(projectId, {
        name: body.name,
        region: body.region ?? undefined,
        connectionId: body.connection_id ?? undefined,
        returnPath: body.custom_return_path ?? 'send',
        sending: settings.sending ?? true,
        receiving: settings.receiving ?? false,
        openTracking: settings.openTracking ?? false,
        clickTracking: settings.clickTracking ?? false,
        trackingSubdomain: settings.trackingSubdomain ?? null,
        tls: settings.tls ?? 'opportunistic',
        actor: actorOf(caller),
      }),
    );
  }

  @Get()
  @Answers(200, domainListSchema)
  async list(
    @ProjectId() projectId: string,
    @Query({ schema: domainPageSchema }) query: z.infer<typeof domainPageSchema>,
  ) {
    const { domains, hasMore } = await this.read.list(projectId, toPage(query));
    return { object: 'list', has_more: hasMore, data: domains.map(presentDomainItem) };
  }

  @Get(':id')
  @Answers(200, domainSchema)
  async get(@ProjectId() projectId: string, @Param('id', { schema: uuid }) id: string) {
    return { object: 'domain', ...presentDomain(await this.read.get(projectId, id)) };
  }

  @Patch(':id')
  @Answers(200, domainIdSchema)
  async update(
    @Caller() caller: Principal,
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: updateDomainSchema }) body: z.infer<typeof updateDomainSchema>,
  ) {
    await this.updateDomain.execute(projectId, id, toSettings(body), actorOf(caller));
    return { object: 'domain', id };
  }

  /** Looks for the records anew, now; the outcome shows in `status`. */
  @Post(':id/verify')
  @Answers(200, domainIdSchema)
  async verify(
    @Caller() caller: Principal,
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
  ) {
    await this.verifyDomain.execute(projectId, id, actorOf(caller));
    return { object: 'domain', id };
  }

  /** Takes the domain out of the project, and out of SES unless it was there before. */
  @Delete(':id')
  @Answers(200, deletedSchema)
  async remove(
    @Caller() caller: Principal,
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
  ) {
    await this.removeDomain.execute(projectId, id, actorOf(caller));
    return { object: 'domain', id, deleted: true };
  }
}
