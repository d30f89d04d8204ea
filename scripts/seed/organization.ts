import { bootstrapOrganization, bootstrapOwner } from './bootstrap.js';
import { CallFailed, JsonClient } from './http-json.js';
import type { SeedFile } from './seed-file.js';

/** Lists come bare or as `{ data: [...] }`. */
export const items = <T>(list: T[] | { data: T[] }): T[] => (Array.isArray(list) ? list : list.data);

/**
 * The demo organization, project and API key. What exists from an interrupted run is found again by its name.
 *
 * @returns a client that manages the organization.
 */
export async function seedOrganization(
  apiUrl: string,
  file: SeedFile,
): Promise<{ client: JsonClient; projectId: string }> {
  if (file.state.organization_key === undefined) file.save(await bootstrapOrganization('Demo organization'));
  const client = new JsonClient(apiUrl, file.state.organization_key);
  const projectId = file.state.project_id ?? (await findOrCreateProject(client));
  file.save({ project_id: projectId });
  if (file.state.api_key === undefined) {
    const { token } = await client.call<{ token: string }>(`/v1/projects/${projectId}/api-keys`, {
      method: 'POST',
      body: { name: 'Demo', permission: 'full_access' },
    });
    file.save({ api_key: token });
  }
  return { client, projectId };
}

/** A demo from before there were people gets its owner. */
export async function seedOwner(file: SeedFile): Promise<void> {
  const { admin_password: password, organization_id: organizationId } = file.state;
  if (password == null && organizationId !== undefined) file.save(await bootstrapOwner(organizationId));
}

async function findOrCreateProject(client: JsonClient): Promise<string> {
  type Project = { id: string; name: string };
  const projects = items(await client.call<Project[] | { data: Project[] }>('/v1/projects'));
  const found = projects.find((project) => project.name === 'Demo');
  return (found ?? (await client.call<Project>('/v1/projects', { method: 'POST', body: { name: 'Demo' } })))
    .id;
}

/** Does the database still know us? It does not after a change of DATABASE_URL. */
export async function isKnown(apiUrl: string, file: SeedFile): Promise<boolean> {
  const { organization_key: key, project_id: projectId } = file.state;
  if (key === undefined) return false;
  try {
    await new JsonClient(apiUrl, key).call(
      projectId === undefined ? '/v1/projects' : `/v1/projects/${projectId}`,
    );
    return true;
  } catch (error) {
    if (error instanceof CallFailed && [401, 403, 404].includes(error.status)) return false;
    throw error;
  }
}
