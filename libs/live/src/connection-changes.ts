import type { ConnectionState } from './system-live.repository.js';

/** Remembers the connections of watched projects, to see what changes. */
export class ConnectionChanges {
  private known = new Map<string, string>();
  private projects = new Set<string>();

  /** @param projectIds those that were looked at @returns what differs from the last look; of a project that is new here nothing */
  see(projectIds: readonly string[], states: readonly ConnectionState[]): ConnectionState[] {
    const changed = states.filter(
      ({ id, projectId, status }) => this.projects.has(projectId) && this.known.get(id) !== status,
    );
    this.projects = new Set(projectIds);
    this.known = new Map(states.map(({ id, status }) => [id, status]));
    return changed;
  }
}
