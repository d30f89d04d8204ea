import { Inject, Injectable } from '@nestjs/common';
import { Broadcast } from '#libs/database';
import { AppError, notFound } from '#libs/errors';
import { AuditRepository } from '../audit.repository.js';
import { KEY_REVOKED } from '../authenticate.js';
import type { Role } from '../policy.js';
import { actorOf, userActor, type Principal } from '../principal.js';
import { MembersRepository, type MemberRecord } from './members.repository.js';
import { checkRoleChange, roleOf } from './role-changes.js';

/**
 * The people of an organization. What they may is asked for each request: a change takes effect at once. The organization keys
 * that somebody made never may more than they, and go with them.
 */
@Injectable()
export class Members {
  constructor(
    @Inject(MembersRepository) private readonly members: MembersRepository,
    @Inject(AuditRepository) private readonly audit: AuditRepository,
    @Inject(Broadcast) private readonly broadcast: Broadcast,
  ) {}

  list(organizationId: string): Promise<MemberRecord[]> {
    return this.members.list(organizationId);
  }

  /** @throws AppError not_found, `members.owners_only`, `members.last_owner` */
  async changeRole(organizationId: string, by: Principal, userId: string, role: Role): Promise<MemberRecord> {
    const before = await this.find(organizationId, userId);
    checkRoleChange(roleOf(by), before.role, role);
    await this.change(organizationId, userId, role);
    await this.audit.append(organizationId, undefined, actorOf(by), 'member.role_changed', userId, {
      from: before.role,
      to: role,
    });
    return { ...before, role };
  }

  /** @throws AppError not_found, `members.owners_only`, `members.last_owner` */
  async remove(organizationId: string, by: Principal, userId: string): Promise<void> {
    const before = await this.find(organizationId, userId);
    checkRoleChange(roleOf(by), before.role, undefined);
    const revokedKeyIds = await this.change(organizationId, userId, 'removed');
    await this.audit.append(organizationId, undefined, actorOf(by), 'member.removed', userId, {
      role: before.role,
      revokedKeyIds,
    });
  }

  /** Away from an organization, by oneself. @throws AppError not_found, `members.last_owner` */
  async leave(organizationId: string, userId: string): Promise<void> {
    const before = await this.find(organizationId, userId);
    const revokedKeyIds = await this.change(organizationId, userId, 'removed');
    await this.audit.append(organizationId, undefined, userActor(userId), 'member.left', userId, {
      role: before.role,
      revokedKeyIds,
    });
  }

  private async find(organizationId: string, userId: string): Promise<MemberRecord> {
    const member = await this.members.find(organizationId, userId);
    if (member === undefined) throw notFound('Member');
    return member;
  }

  /** @returns the organization keys that ended with it */
  private async change(organizationId: string, userId: string, role: Role | 'removed'): Promise<string[]> {
    const change = await this.members.change(organizationId, userId, role);
    if (change.outcome === 'unknown') throw notFound('Member');
    if (change.outcome === 'last_owner')
      throw new AppError({
        code: 'members.last_owner',
        kind: 'conflict',
        message: 'This is the last owner of the organization.',
        remedy: 'Make another member an owner first.',
      });
    // Processes remember for seconds what a key may, and streams for minutes.
    await this.broadcast.send(KEY_REVOKED, userId);
    return change.revokedKeyIds;
  }
}
