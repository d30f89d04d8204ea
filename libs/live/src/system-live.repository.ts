import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

export interface ConnectionState {
  id: string;
  projectId: string;
  status: string;
}

@Injectable()
export class SystemLiveRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The connections of the projects that are watched. Index connections_project_id_idx. */
  async connections(projectIds: readonly string[]): Promise<ConnectionState[]> {
    const { rows } = await this.database.query<{ id: string; project_id: string; status: string }>(
      'SELECT id, project_id, status FROM connections WHERE project_id = ANY ($1::uuid[])',
      [projectIds],
      'live-connections',
    );
    return rows.map(({ id, project_id: projectId, status }) => ({ id, projectId, status }));
  }
}
