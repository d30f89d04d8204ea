import { Inject, Injectable } from '@nestjs/common';
import { DisconnectConnection, ReadConnections } from '#libs/connections';
import { Broadcast } from '#libs/database';
import { AppError, notFound } from '#libs/errors';
import { AuditRepository } from './audit.repository.js';
import { KEY_REVOKED } from './authenticate.js';
import { actorOf, type Principal } from './principal.js';
import { ProjectsRepository, type ProjectChanges, type ProjectRecord } from './projects.repository.js';

/** Projects, and who may reach them: an organization key all of its organization's, a project key its own. */
@Injectable()
export class Projects {
  constructor(
    @Inject(ProjectsRepository) private readonly projects: ProjectsRepository,
    @Inject(AuditRepository) private readonly audit: AuditRepository,
    @Inject(ReadConnections) private readonly connections: ReadConnections,
    @Inject(DisconnectConnection) private readonly disconnect: DisconnectConnection,
    @Inject(Broadcast) private readonly broadcast: Broadcast,
  ) {}

  async create(by: Principal, name: string): Promise<ProjectRecord> {
    if (by.projectId !== undefined) throw organizationKeyNeeded();
    const project = await this.projects.create(by.organizationId, name);
    await this.audit.append(by.organizationId, project.id, actorOf(by), 'project.created', project.id, {
      name,
    });
    return project;
  }

  /** All of the organization; with a project key, its own. */
  async list(by: Principal): Promise<ProjectRecord[]> {
    if (by.projectId === undefined) return this.projects.list(by.organizationId);
    return [await this.get(by, by.projectId)];
  }

  /** @throws AppError not_found, also for a project that the key does not reach */
  async get(by: Principal, id: string): Promise<ProjectRecord> {
    const project =
      by.projectId === undefined || by.projectId === id
        ? await this.projects.find(by.organizationId, id)
        : null;
    if (project === null) throw notFound('Project');
    return project;
  }

  async update(by: Principal, id: string, changes: ProjectChanges): Promise<ProjectRecord> {
    const before = await this.get(by, id);
    await this.projects.update(by.organizationId, before.id, changes);
    await this.audit.append(by.organizationId, id, actorOf(by), 'project.updated', id, changes);
    return this.get(by, id);
  }

  /** Disconnects its connections and revokes its keys, the caller's too if it belongs to it. */
  async remove(by: Principal, id: string): Promise<void> {
    await this.get(by, id);
    for (const { connection } of await this.connections.list(id)) {
      if (connection.status !== 'disconnected') await this.disconnect.execute(id, connection.id, actorOf(by));
    }
    if (!(await this.projects.remove(by.organizationId, id))) throw notFound('Project');
    await this.broadcast.send(KEY_REVOKED, id);
    await this.audit.append(by.organizationId, id, actorOf(by), 'project.deleted', id, {});
  }

  /** @returns the project of a connection that the key reaches @throws AppError not_found */
  async ofConnection(by: Principal, connectionId: string): Promise<string> {
    const projectId = await this.projects.projectOfConnection(by.organizationId, connectionId);
    if (projectId === undefined || (by.projectId !== undefined && by.projectId !== projectId))
      throw notFound('Connection');
    return projectId;
  }
}

function organizationKeyNeeded(): AppError {
  return new AppError({
    code: 'auth.organization_key_needed',
    kind: 'restricted',
    message: 'This API key is restricted to its own project: use an organization key.',
  });
}
