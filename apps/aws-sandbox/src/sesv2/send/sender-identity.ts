import type { Identity, SesRegion } from '../../state/ses-region.js';
import type { Address } from './address.js';

/** Domains are compared without case; the local part of an address identity keeps its own. */
export const identityKey = (name: string): string => {
  const at = name.lastIndexOf('@');
  return at === -1 ? name.toLowerCase() : `${name.slice(0, at)}@${name.slice(at + 1).toLowerCase()}`;
};

/** Identities that cover an address: the address itself, its domain, then parent domains, most specific first. */
export const matchingIdentities = (ses: SesRegion, address: Address): Identity[] => {
  const found: Identity[] = [];
  const exact = ses.identities.get(identityKey(address.address));
  if (exact !== undefined) found.push(exact);
  for (
    let domain = address.domain.toLowerCase();
    domain.includes('.');
    domain = domain.slice(domain.indexOf('.') + 1)
  ) {
    const identity = ses.identities.get(domain);
    if (identity !== undefined) found.push(identity);
  }
  return found;
};

/** A verified domain covers its addresses and subdomains, even where a more specific identity is still pending. */
export const isVerified = (ses: SesRegion, address: Address): boolean =>
  matchingIdentities(ses, address).some((identity) => identity.isVerified);
