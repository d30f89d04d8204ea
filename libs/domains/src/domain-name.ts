import { domainToASCII } from 'node:url';
import { getDomain, parse } from 'tldts';
import { AppError } from '#libs/errors';

/** The only characters that a domain has. `domainToASCII` reads a URL's host: it would cut `example.com/x` and decode `%61`. */
const characters = /^[A-Za-z0-9.\u0080-\uffff-]+$/;
/** Top-level domains that public DNS does not have: SES would never find anything there, and our resolver might. */
const notPublic = new Set([
  'arpa',
  'corp',
  'home',
  'internal',
  'intranet',
  'invalid',
  'lan',
  'local',
  'localhost',
  'onion',
  'private',
]);
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A domain as SES and DNS have it: lower case, punycode, without a final dot.
 *
 * @throws AppError `domain.invalid_name`, with what is wrong
 */
export function parseDomainName(text: string): string {
  const given = text.trim().replace(/\.$/, '');
  if (given.includes('@')) throw invalidName('Give the domain alone, without the part up to the @.');
  if (/^[a-z]+:\/\//i.test(given) || given.includes('/'))
    throw invalidName('Give the domain alone, without https:// and path.');
  const name = characters.test(given) ? domainToASCII(given).toLowerCase() : '';
  const labels = name.split('.');
  if (name === '' || name.length > 253 || !labels.every((each) => label.test(each)))
    throw invalidName('It must be a domain name like `example.com` or `mail.example.com`.');
  if (labels.length < 2) throw invalidName('It needs a name and a top-level domain, like `example.com`.');
  if (notPublic.has(labels.at(-1) ?? ''))
    throw invalidName('It must be a domain of the public DNS, or Amazon SES could never verify it.');
  const { domain, isIp, publicSuffix } = parse(name);
  if (isIp === true || /^\d+$/.test(labels.at(-1) ?? ''))
    throw invalidName('It must be a domain name, not an IP address.');
  if (domain === null) {
    throw invalidName(
      `\`${name}\` is a public suffix, under which others register their domains. Use one of your own, like \`example.${publicSuffix ?? name}\`.`,
    );
  }
  return name;
}

/** What the customer registered, and where the DNS zone usually begins: `example.co.uk` of `mail.example.co.uk`. */
export function zoneOf(name: string): string {
  return getDomain(name) ?? name;
}

/** As DNS providers want it: `send.mail` of `send.mail.example.com`, `@` for the zone itself. */
export function relativeTo(zone: string, fqdn: string): string {
  if (fqdn === zone) return '@';
  return fqdn.endsWith(`.${zone}`) ? fqdn.slice(0, -zone.length - 1) : fqdn;
}

/** @throws AppError `domain.invalid_return_path` */
export function parseReturnPath(text: string): string {
  const value = text.trim().toLowerCase();
  if (/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value)) return value;
  throw new AppError({
    code: 'domain.invalid_return_path',
    kind: 'invalid',
    field: 'custom_return_path',
    message:
      'Invalid `custom_return_path` field. It must be one label of 1-63 letters, digits and dashes that begins with a letter, like `send`.',
  });
}

function invalidName(problem: string): AppError {
  return new AppError({
    code: 'domain.invalid_name',
    kind: 'invalid',
    field: 'name',
    message: `Invalid \`name\` field. ${problem}`,
  });
}
