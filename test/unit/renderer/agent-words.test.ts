import { describe, expect, it } from 'vitest';
import { agentWords } from '../../../renderer/src/domain/agent-words';

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';

describe('a user agent in few words', () => {
  it.each([
    [`Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} Chrome/130.0.0.0 Safari/537.36`, 'Chrome 130, Linux'],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/130.0 Safari/537.36 Edg/130.0`,
      'Edge 130, Windows',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 (KHTML) Version/17.4 Safari/605.1',
      'Safari 17, macOS',
    ],
    ['Mozilla/5.0 (Linux; Android 14) Gecko/131.0 Firefox/131.0', 'Firefox 131, Android'],
    ['Mozilla/5.0 (compatible; SomeBot/1.0)', 'Mozilla/5.0 (compatible; SomeBot/1.0)'],
    ['python-requests/2.31', 'python-requests/2.31'],
    ['', ''],
  ])('%s', (agent, words) => {
    expect(agentWords(agent)).toBe(words);
  });
});
