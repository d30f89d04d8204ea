export { AccountsModule } from './accounts.module.js';
export { ApiKeys } from './api-keys.js';
export type { ApiKeyRecord } from './api-keys.repository.js';
export { Authenticate } from './authenticate.js';
export { BootstrapOrganization } from './bootstrap-organization.js';
export { actorOf, permissions } from './principal.js';
export type { Permission, Principal } from './principal.js';
export { Projects } from './projects.js';
export type { ProjectRecord } from './projects.repository.js';
