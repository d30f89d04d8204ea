import type { z } from 'zod';
import type { DomainChanges } from '#libs/domains';
import type { updateDomainSchema } from './domain.schemas.js';

/** The settings of a request body; what is absent or null is undefined. */
export function toSettings(body: z.infer<typeof updateDomainSchema>): DomainChanges {
  return {
    sending: isEnabled(body.capabilities?.sending),
    receiving: isEnabled(body.capabilities?.receiving),
    openTracking: body.open_tracking ?? undefined,
    clickTracking: body.click_tracking ?? undefined,
    trackingSubdomain: body.tracking_subdomain ?? undefined,
    tls: body.tls ?? undefined,
  };
}

function isEnabled(capability: 'enabled' | 'disabled' | null | undefined): boolean | undefined {
  return capability == null ? undefined : capability === 'enabled';
}
