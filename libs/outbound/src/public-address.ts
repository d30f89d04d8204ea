import ipaddr from 'ipaddr.js';

/** A CIDR range, parsed. */
export type AddressRange = [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

export function parseRanges(ranges: readonly string[]): AddressRange[] {
  return ranges.map((range) => ipaddr.parseCIDR(range));
}

/** Everything that IANA has given to the internet so far. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
/** DNS64: what a network without IPv4 makes of an IPv4 address. */
const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
/** Azure's host agent (DHCP, DNS, certificates of the machine): a public address that is answered from inside only. */
const azureHost = '168.63.129.16';

/**
 * Whether an address belongs to the public internet: not loopback, private, link-local, shared, multicast, reserved or
 * for documentation. An IPv4 address inside an IPv6 one is judged as what it is; 6to4 and Teredo, which nobody needs
 * to reach a server, are never public.
 *
 * @param allowed ranges that count as public here (SESAME_OUTBOUND_ALLOW)
 */
export function isPublicAddress(text: string, allowed: readonly AddressRange[] = []): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = embeddedIpv4(ipaddr.parse(text));
  if (allowed.some((range) => range[0].kind() === address.kind() && address.match(range))) return true;
  if (address instanceof ipaddr.IPv6) return address.match(globalUnicast) && address.range() === 'unicast';
  return address.range() === 'unicast' && address.toString() !== azureHost;
}

function embeddedIpv4(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address instanceof ipaddr.IPv4) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  return address.match(nat64) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}
