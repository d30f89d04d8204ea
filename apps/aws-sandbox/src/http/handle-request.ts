import { handleAdmin } from '../admin/admin-router.js';
import { ADMIN_ROUTES } from '../admin/routes.js';
import { eventsService, isEventsCall } from '../eventbridge/events-service.js';
import { sesService } from '../sesv2/ses-service.js';
import { answerCertificate, isCertificatePath } from '../sns/certificate-route.js';
import { isUnsignedSnsCall, snsService } from '../sns/sns-service.js';
import { isSqsJson, sqsJsonService, sqsQueryService } from '../sqs/sqs-service.js';
import { stsService } from '../sts/sts-service.js';
import type { World } from '../state/world.js';
import { handleAwsCall } from './dispatch.js';
import { readParameters } from './query-parameters.js';
import { header, type RawRequest } from './request.js';
import type { Handler } from './server.js';
import type { AwsService } from './service.js';

/** The service a request was signed for; what the signature is worth is checked later. */
const signedService = (request: RawRequest): string | undefined =>
  /Credential=[^/,\s]+\/\d+\/[^/,\s]+\/([a-z0-9-]+)\//.exec(header(request, 'authorization') ?? '')?.[1];

/**
 * One address for all services: SES has paths of its own (one old operation still says v1), JSON calls name their
 * target, and of the Query protocol's services the signature tells. A queue's URL is a path of the Query protocol too.
 */
const serviceFor = (request: RawRequest): AwsService => {
  if (request.rawPath.startsWith('/v2/email') || request.rawPath.startsWith('/v1/email')) return sesService;
  if (isSqsJson(request)) return sqsJsonService;
  if (isEventsCall(request)) return eventsService;
  const signed = signedService(request);
  if (signed === 'sqs') return sqsQueryService;
  if (signed === 'sns') return snsService;
  return signed === undefined && isUnsignedSnsCall(readParameters(request)) ? snsService : stsService;
};

export const newHandler =
  (world: World): Handler =>
  (request, requestId) => {
    if (request.rawPath === '/_sandbox' || request.rawPath.startsWith('/_sandbox/'))
      return handleAdmin(world, ADMIN_ROUTES, request);
    if (isCertificatePath(request.rawPath)) return answerCertificate(world, request, requestId);
    return handleAwsCall(world, serviceFor(request), request, requestId);
  };
