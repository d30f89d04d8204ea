import { probeAddress } from '../kit/permissions.js';

export interface ProbeSender {
  from: string;
  isKnownSender: boolean;
}

/**
 * The From of the permission probe: exactly the address that the project sends from, because a policy may allow that
 * one address and nothing else. Without any mail yet, or with one that cannot be read, a stand-in.
 */
export function probeSender(recentSender: string | null): ProbeSender {
  const value = recentSender?.trim() ?? '';
  const address = (/<([^<>]*)>$/.exec(value)?.[1] ?? value).trim();
  // Visible ASCII only: SES takes no other, and nothing here can break out of a header line.
  if (/^[^\s@<>"(),:;]+@[A-Za-z0-9.-]+$/.test(address) && /^[\x21-\x7e]+$/.test(address))
    return { from: address, isKnownSender: true };
  return { from: probeAddress, isKnownSender: false };
}
