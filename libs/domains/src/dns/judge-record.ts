import { relativeTo } from '../domain-name.js';
import type { Sighting } from '../domain.js';
import { spfInclude, type ExpectedRecord } from '../records.js';
import type { DnsAnswer } from './dns-lookup.js';

/** What else was asked because the record itself was not there. */
export interface Surroundings {
  /** The same type at `<fqdn>.<zone>`. */
  doubled?: DnsAnswer | undefined;
  /** Addresses at a name that should have a CNAME. */
  address?: DnsAnswer | undefined;
  /** TXT at a name that should have a CNAME. */
  text?: DnsAnswer | undefined;
  /** DMARC of the registered domain, which holds for its subdomains too. */
  inherited?: DnsAnswer | undefined;
}

/** Holds what DNS answered against what should be there, and names the mistakes that people really make. */
export function judgeRecord(
  expected: ExpectedRecord,
  answer: DnsAnswer,
  around: Surroundings = {},
): Sighting {
  if (answer.kind === 'unreadable')
    return { isRight: null, observed: [], hint: `DNS gave no answer (${answer.code}). It is asked again.` };
  if (answer.kind === 'none') return judgeMissing(expected, around);
  const { isRight, hint } = judgePresent(expected, answer.values);
  return { isRight, observed: shown(answer.values), hint };
}

/** What strangers publish is shown within bounds. */
function shown(values: readonly string[]): string[] {
  return values.slice(0, 10).map((value) => value.slice(0, 500));
}

interface Judgement {
  isRight: boolean;
  hint: string | null;
}

const right: Judgement = { isRight: true, hint: null };
const wrong = (hint: string): Judgement => ({ isRight: false, hint });

function judgePresent(expected: ExpectedRecord, observed: readonly string[]): Judgement {
  switch (expected.type) {
    case 'CNAME':
      return judgeCname(expected, observed);
    case 'MX':
      return judgeMx(expected, observed);
    case 'TXT':
      return expected.kind === 'DMARC' ? judgeDmarc(observed) : judgeSpf(observed);
  }
}

function judgeCname(expected: ExpectedRecord, observed: readonly string[]): Judgement {
  const target = plain(observed[0] ?? '');
  if (target === expected.value) return right;
  if (target === `${expected.value}.${expected.zone}`) return wrong(valueDoubled(expected));
  return wrong(`The CNAME points to ${target} instead of ${expected.value}.`);
}

function judgeMx(expected: ExpectedRecord, observed: readonly string[]): Judgement {
  const hosts = observed.map((value) => plain(value.replace(/^\d+ /, '')));
  if (hosts.length > 1)
    return wrong(
      'There are several MX records at this name. SES wants its own alone: take the others away, or choose another `custom_return_path`.',
    );
  const [host = ''] = hosts;
  if (host === expected.value) return right;
  if (host === `${expected.value}.${expected.zone}`) return wrong(valueDoubled(expected));
  const region = /^feedback-smtp\.([a-z0-9-]+)\.amazonses\.com$/.exec(host)?.[1];
  if (region !== undefined)
    return wrong(`The MX is that of region ${region}; this domain sends from another one.`);
  return wrong(`The MX points to ${host} instead of ${expected.value}.`);
}

function judgeSpf(observed: readonly string[]): Judgement {
  const policies = observed.filter((value) => /^v=spf1(\s|$)/i.test(value));
  if (policies.length > 1)
    return wrong(
      `There are ${policies.length} SPF records at this name, which receivers take for an error. Keep one, with ${spfInclude} in it.`,
    );
  const [policy] = policies;
  if (policy === undefined)
    return wrong(
      observed.some((value) => /^["'\\]+v=spf1/i.test(value))
        ? 'The value has quotation marks of its own. Enter it without them.'
        : 'There are TXT records at this name, but none begins with v=spf1.',
    );
  if (
    policy
      .toLowerCase()
      .split(/\s+/)
      .some((part) => part.replace(/^\+/, '') === spfInclude)
  )
    return right;
  return wrong(`Another SPF record stands here. Add ${spfInclude} to it, before its "all".`);
}

function judgeDmarc(observed: readonly string[]): Judgement {
  const policies = observed.filter((value) => /^v=DMARC1\s*(;|$)/i.test(value));
  if (policies.length === 1) return right;
  return wrong(
    policies.length > 1
      ? 'There are several DMARC records at this name, so that receivers ignore all of them. Keep one.'
      : 'There are TXT records at this name, but none begins with v=DMARC1.',
  );
}

function judgeMissing(expected: ExpectedRecord, around: Surroundings): Sighting {
  if (around.inherited?.kind === 'found' && judgeDmarc(around.inherited.values).isRight)
    return {
      isRight: true,
      observed: shown(around.inherited.values),
      hint: `Inherited from ${expected.zone}.`,
    };
  return { isRight: false, observed: [], hint: hintForMissing(expected, around) };
}

function hintForMissing(expected: ExpectedRecord, { doubled, address, text }: Surroundings): string {
  const { fqdn, zone } = expected;
  if (doubled?.kind === 'found')
    return `The record stands at ${fqdn}.${zone}: your DNS provider adds ${zone} by itself. Enter the name as ${relativeTo(zone, fqdn)}.`;
  if (address?.kind === 'found')
    return 'This name answers with an address instead of the CNAME, so a proxy stands before it. Switch the proxy off for this record (Cloudflare: "DNS only").';
  if (text?.kind === 'found') return 'There is a TXT record at this name. It must be a CNAME.';
  return expected.isAdvice
    ? 'Recommended: without DMARC, large mailbox providers refuse bulk mail.'
    : 'Not found yet. New records can take some minutes, and up to three days, to be seen everywhere.';
}

function valueDoubled({ zone }: ExpectedRecord): string {
  return `Your DNS provider adds ${zone} to the value. End the value with a dot.`;
}

function plain(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
