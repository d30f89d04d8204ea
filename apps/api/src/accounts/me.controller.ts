import { Controller, Get, Headers, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  abilities,
  can,
  CreateOrganization,
  MemberSessions,
  UserSessions,
  type SignedInUser,
} from '#libs/accounts';
import { notFound } from '#libs/errors';
import { Allow, SignedIn } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { meSchema } from './account.schemas.js';

/** Who is signed in, and what they may do: what a dashboard shows. */
@ApiTags('Accounts')
@Allow('user')
@Controller('v1/me')
export class MeController {
  constructor(
    @Inject(MemberSessions) private readonly sessions: MemberSessions,
    @Inject(UserSessions) private readonly userSessions: UserSessions,
    @Inject(CreateOrganization) private readonly createOrganization: CreateOrganization,
  ) {}

  /** About the organization of `x-sesame-organization`, or of the project of `x-sesame-project`; else the first they joined. */
  @Get()
  @Answers(200, meSchema)
  async get(
    @SignedIn() user: SignedInUser,
    @Headers('x-sesame-organization') organization: string | undefined,
    @Headers('x-sesame-project') projectId: string | undefined,
  ) {
    const organizationId =
      organization ??
      (projectId === undefined ? undefined : await this.sessions.organizationOfProject(user.id, projectId));
    const memberships = await this.sessions.membershipsOf(user.id);
    const current =
      organizationId === undefined
        ? memberships[0]
        : memberships.find((membership) => membership.organizationId === organizationId);
    if (current === undefined && organizationId !== undefined) throw notFound('Organization');
    return {
      object: 'me',
      user: {
        id: user.id,
        name: user.name,
        email: user.email,
        two_factor_enabled: user.twoFactorEnabled,
        has_password: await this.userSessions.hasPassword(user),
      },
      may_create_organization: this.createOrganization.isAllowed(memberships),
      organizations: memberships.map((membership) => ({
        id: membership.organizationId,
        name: membership.organizationName,
        role: membership.role,
      })),
      organization_id: current?.organizationId ?? null,
      role: current?.role ?? null,
      may: Object.fromEntries(
        abilities.map((ability) => [ability, current !== undefined && can(current.role, ability)]),
      ),
    };
  }
}
