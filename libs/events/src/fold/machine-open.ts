/** Nobody reads a mail within this long after SES took it: filters look at what comes in before they deliver it. */
const TOO_SOON_MS = 2_000;

/** Fetches by programs: security filters, link checkers, libraries. */
const machines =
  /bot\b|crawler|spider|scanner|preview|monitor|headless|phantomjs|barracuda|mimecast|proofpoint|symantec|trendmicro|sophos|safelinks|fireeye|cisco|curl\/|wget\/|python|okhttp|go-http-client|java\/|libwww|axios|node-fetch/i;

/**
 * Whether an open or a click was most likely no person's.
 *
 * - Apple's Mail Privacy Protection loads every image by proxy, whether the mail is read or not, and says only `Mozilla/5.0`.
 * - Gmail's and Yahoo's proxies load when somebody opens the mail, so they count as people; Google's prefetch comes at once.
 *
 * @param sinceAcceptedMs from SES's taking the mail until the open
 */
export function isMachineOpen(userAgent: string | null | undefined, sinceAcceptedMs: number): boolean {
  const agent = userAgent?.trim() ?? '';
  if (sinceAcceptedMs < TOO_SOON_MS) return true;
  return agent === '' || agent === 'Mozilla/5.0' || machines.test(agent);
}
