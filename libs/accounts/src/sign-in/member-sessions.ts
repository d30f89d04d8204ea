import { Inject, Injectable } from '@nestjs/common';
import { isUuid } from '#libs/crypto';
import { AppError, notFound } from '#libs/errors';
import { MembersRepository, type Membership } from '../members/members.repository.js';
import { leastRoleFor, may, type RoleAccess } from '../policy.js';
import type { MemberPrincipal } from '../principal.js';
import { SignIn, type SignedInUser } from './sign-in.js';

/** A thing in the address of a route that belongs to one organization. */
export interface PathTarget {
  kind: 'organization' | 'project' | 'connection';
  id: string;
}

/** What a request with a session asks for. */
export interface MemberRequest {
  access: RoleAccess;
  method: string;
  /** What the address of the route names. It decides about the organization before anything else. */
  path: PathTarget | undefined;
  /** The organization that is meant, for who is in several; else the first they joined. */
  organizationId: string | undefined;
  /** The project that is meant; needed where a key would name it. */
  projectId: string | undefined;
}

/** Turns a session of the dashboard into who is calling. */
@Injectable()
export class MemberSessions {
  constructor(
    @Inject(SignIn) private readonly signIn: SignIn,
    @Inject(MembersRepository) private readonly members: MembersRepository,
  ) {}

  /** @throws AppError `auth.no_session` */
  async user(cookie: string): Promise<SignedInUser> {
    const user = await this.signIn.userOf(cookie);
    if (user !== undefined) return user;
    throw new AppError({
      code: 'auth.no_session',
      kind: 'unauthenticated',
      message: 'Missing API Key, and nobody is signed in (any more).',
      remedy: 'Sign in again.',
    });
  }

  /** The organization of somebody's project. @throws AppError not_found */
  async organizationOfProject(userId: string, projectId: string): Promise<string> {
    const found = isUuid(projectId) ? await this.members.organizationOfProject(userId, projectId) : undefined;
    if (found === undefined) throw notFound('Project');
    return found;
  }

  membershipsOf(userId: string): Promise<Membership[]> {
    return this.members.membershipsOf(userId);
  }

  /** @throws AppError `not_found` for what is not the user's, `auth.role` for what their role may not do */
  async principal(user: SignedInUser, request: MemberRequest): Promise<MemberPrincipal> {
    const { access, method } = request;
    const project = access === 'send' || access === 'project' ? await this.project(user, request) : undefined;
    const membership = await this.membership(
      user,
      project?.organizationId ?? (await this.organizationOf(user, request)),
    );
    if (!may(membership.role, access, method))
      throw new AppError({
        code: 'auth.role',
        kind: 'forbidden',
        message: `Your role in this organization is ${membership.role}; this needs ${leastRoleFor(access, method)} or more.`,
        remedy: 'Ask an owner or admin of the organization for another role.',
      });
    return {
      kind: 'member',
      keyId: undefined,
      userId: user.id,
      role: membership.role,
      organizationId: membership.organizationId,
      projectId: project?.id,
      permission: 'full_access',
      domain: undefined,
    };
  }

  private async project(
    user: SignedInUser,
    { projectId }: MemberRequest,
  ): Promise<{ id: string; organizationId: string }> {
    if (projectId === undefined)
      throw new AppError({
        code: 'auth.no_project_named',
        kind: 'missing_field',
        field: 'x-sesame-project',
        message: 'Missing `x-sesame-project` header: a session must name the project.',
      });
    return { id: projectId, organizationId: await this.organizationOfProject(user.id, projectId) };
  }

  /**
   * The organization that is meant: by the address of the route, by its header, by that of a project, so that links into any project
   * of theirs open for who is in several organizations.
   */
  private async organizationOf(
    user: SignedInUser,
    { path, organizationId, projectId }: MemberRequest,
  ): Promise<string | undefined> {
    const byPath = path === undefined ? undefined : await this.organizationOfPath(user, path);
    if (byPath !== undefined || organizationId !== undefined) return byPath ?? organizationId;
    return projectId === undefined ? undefined : this.organizationOfProject(user.id, projectId);
  }

  /** @returns undefined for what is not the user's: the route itself says that it is not found */
  private async organizationOfPath(
    user: SignedInUser,
    { kind, id }: PathTarget,
  ): Promise<string | undefined> {
    if (kind === 'organization') return id;
    if (!isUuid(id)) return undefined;
    return kind === 'project'
      ? this.members.organizationOfProject(user.id, id)
      : this.members.organizationOfConnection(user.id, id);
  }

  private async membership(user: SignedInUser, organizationId: string | undefined): Promise<Membership> {
    const memberships = await this.members.membershipsOf(user.id);
    const membership =
      organizationId === undefined
        ? memberships[0]
        : memberships.find((candidate) => candidate.organizationId === organizationId);
    if (membership !== undefined) return membership;
    if (organizationId !== undefined) throw notFound('Organization');
    throw new AppError({
      code: 'auth.no_organization',
      kind: 'forbidden',
      message: 'You are not a member of any organization.',
      remedy: 'Ask for an invitation.',
    });
  }
}
