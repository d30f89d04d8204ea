import { isIP } from 'node:net';
import { AppError } from '#libs/errors';
import type { PolicyStatement } from './policy-document.js';

const most = 20;

/**
 * The values of an `aws:SourceIp` condition: addresses or CIDR blocks, with commas between them.
 *
 * @throws AppError `kit.bad_source_ip`
 */
export function parseSourceIps(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length <= most && parts.every(isBlock)) return [...new Set(parts)];
  throw new AppError({
    code: 'kit.bad_source_ip',
    kind: 'invalid_parameter',
    message: `\`source_ip\` must be 1 to ${most} IP addresses or CIDR blocks with commas between them, as in 203.0.113.7,198.51.100.0/24.`,
    field: 'source_ip',
  });
}

function isBlock(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const version = isIP(address);
  // A zone (`fe80::1%eth0`) is an address of this machine, not of a policy.
  if (version === 0 || address.includes('%') || more.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}

/**
 * What a service of AWS does on its own with our rights, from addresses of its own: EventBridge keeps the secret of a connection
 * and takes the target's role.
 */
const onward: ReadonlySet<string> = new Set(['ConnectionSecret', 'PassTargetRole', 'ServiceRole']);

/**
 * Statements that hold only for calls from these addresses. In the permissions and not in the trust policy: credentials that were
 * taken away are worth nothing elsewhere, and a refusal by SES names the action, while STS never says why.
 */
export function boundTo(
  sourceIps: readonly string[] | undefined,
  statements: readonly PolicyStatement[],
): PolicyStatement[] {
  if (sourceIps === undefined) return [...statements];
  const IpAddress = { 'aws:SourceIp': [...sourceIps] };
  return statements.map((statement) =>
    onward.has(statement.Sid)
      ? statement
      : { ...statement, Condition: { ...statement.Condition, IpAddress } },
  );
}
