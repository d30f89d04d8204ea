import { handleAdmin } from '../admin/admin-router.js';
import { ADMIN_ROUTES } from '../admin/routes.js';
import { sesService } from '../sesv2/ses-service.js';
import { stsService } from '../sts/sts-service.js';
import type { World } from '../state/world.js';
import { handleAwsCall } from './dispatch.js';
import type { Handler } from './server.js';
import type { RawRequest } from './request.js';
import type { AwsService } from './service.js';

/** SES has paths of its own (one old operation still says v1); everything else at the root is the Query protocol. */
const serviceFor = (request: RawRequest): AwsService =>
  request.rawPath.startsWith('/v2/email') || request.rawPath.startsWith('/v1/email')
    ? sesService
    : stsService;

export const newHandler =
  (world: World): Handler =>
  (request, requestId) =>
    request.rawPath === '/_sandbox' || request.rawPath.startsWith('/_sandbox/')
      ? handleAdmin(world, ADMIN_ROUTES, request)
      : handleAwsCall(world, serviceFor(request), request, requestId);
