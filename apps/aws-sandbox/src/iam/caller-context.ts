import { header, type RawRequest } from '../http/request.js';
import type { Settings } from '../settings.js';
import type { Caller } from './caller.js';
import { RequestContext } from './request-context.js';

/** The global condition keys: who calls, from where, when. Services add their own. */
export const callerContext = (
  caller: Caller,
  request: RawRequest,
  region: string,
  now: number,
  settings: Settings,
): RequestContext => {
  const context = RequestContext.of({
    'aws:PrincipalArn': caller.principalArn,
    'aws:PrincipalAccount': caller.accountId,
    'aws:PrincipalType': caller.type,
    'aws:userid': caller.userId,
    // A role session has no aws:username; policies that test it with Null rely on that.
    'aws:username': caller.type === 'User' ? caller.name : undefined,
    'aws:SourceIp': settings.source_ip ?? request.sourceIp,
    'aws:UserAgent': header(request, 'user-agent'),
    'aws:SecureTransport': String(settings.secure_transport),
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:TokenIssueTime':
      caller.tokenIssuedAt === null ? undefined : new Date(caller.tokenIssuedAt).toISOString(),
    'aws:RequestedRegion': region,
    'aws:SourceIdentity': caller.sourceIdentity ?? undefined,
    'aws:MultiFactorAuthPresent': caller.isTemporary ? 'false' : undefined,
    'aws:ViaAWSService': 'false',
    'aws:PrincipalIsAWSService': 'false',
  });
  for (const tag of caller.tags) context.set(`aws:PrincipalTag/${tag.Key}`, tag.Value);
  return context;
};
