import ipaddr from 'ipaddr.js';

/** All of IPv6 that is handed out to hosts; IPv4 in disguise and private ranges lie outside. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an IP address (v4 or v6, as text) is one of the public internet: not loopback, private,
 * link-local, carrier-grade NAT, multicast, reserved, nor an IPv4 address inside an IPv6 one.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_IPV6);
}
