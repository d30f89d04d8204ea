import { describe, expect, it } from '@jest/globals';
import { isMachineOpen } from './machine-open.js';

const minute = 60_000;
const gmail = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148';

describe('an open', () => {
  it.each([
    ['a phone', iphone, minute, false],
    ['a phone two seconds after sending', iphone, 2_000, false],
    ['a phone at once', iphone, 1_999, true],
    ['before it was sent', iphone, -5, true],
    ["Gmail's proxy", gmail, minute, false],
    ["Gmail's prefetch", gmail, 500, true],
    [
      "Yahoo's proxy",
      'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html',
      minute,
      false,
    ],
    ["Apple's privacy protection", 'Mozilla/5.0', minute, true],
    ['nobody', '', minute, true],
    ['no agent', null, minute, true],
    ['a library', 'python-requests/2.31.0', minute, true],
    ['curl', 'curl/8.4.0', minute, true],
    ['a security filter', 'Mozilla/5.0 (compatible; Barracuda Sentinel)', minute, true],
    ['a bot', 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', minute, true],
    [
      'a browser without a screen',
      'Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/120.0.0.0 Safari/537.36',
      minute,
      true,
    ],
  ])('by %s', (_, agent, ms, isMachine) => {
    expect(isMachineOpen(agent, ms)).toBe(isMachine);
  });
});
