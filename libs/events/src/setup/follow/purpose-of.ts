import type { Purpose } from '#libs/connections';
import type { StepName } from '../feedback-source.js';

/** What may do a step: SES's own things the one purpose, the rest the other. */
export function purposeOf(name: StepName): Purpose {
  switch (name) {
    case 'configuration_set':
    case 'event_destination':
      return 'configure';
    case 'topic':
    case 'queue':
    case 'rule':
    case 'subscription':
      return 'events';
    case 'path_proven':
      return 'send';
  }
}
