import { ConnectionsController } from './connections/connections.controller.js';
import { ProjectConnectionsController } from './connections/project-connections.controller.js';
import { EmailsController } from './emails/emails.controller.js';
import { HealthController } from './health/health.controller.js';
import { ApiKeysController } from './projects/api-keys.controller.js';
import { ProjectsController } from './projects/projects.controller.js';

/** Every controller of the API, in the order of the documentation. */
export const controllers = [
  EmailsController,
  ProjectsController,
  ApiKeysController,
  ProjectConnectionsController,
  ConnectionsController,
  HealthController,
];
