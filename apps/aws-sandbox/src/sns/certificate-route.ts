import { header, type RawRequest } from '../http/request.js';
import type { Reply } from '../http/reply.js';
import type { World } from '../state/world.js';
import { snsSigner } from './signing.js';

export const isCertificatePath = (path: string): boolean =>
  /^\/SimpleNotificationService-[^/]*\.pem$/.test(path);

/** The signing certificate, for whoever asks. The journal shows who did: a test can say that nobody was asked. */
export const answerCertificate = (world: World, request: RawRequest, requestId: string): Promise<Reply> => {
  const { certificate, certificatePath } = snsSigner();
  const isKnown = request.method === 'GET' && request.rawPath === certificatePath;
  world.journal.add({
    at: new Date(world.clock.now()).toISOString(),
    service: 'sns',
    action: 'GetSigningCertificate',
    principal_arn: null,
    account_id: null,
    region: null,
    parameters: { path: request.rawPath },
    outcome: isKnown ? 'success' : 'error',
    error: isKnown ? null : 'NotFound',
    error_message: null,
    http_status: isKnown ? 200 : 404,
    fault: null,
    request_id: requestId,
    sdk_invocation_id: null,
    user_agent: header(request, 'user-agent') ?? null,
  });
  return Promise.resolve(
    isKnown
      ? { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: certificate }
      : { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not Found' },
  );
};
