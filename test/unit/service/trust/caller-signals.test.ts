import type { TrustFacts } from '#service/enforcement/trust/trust-review';
import { WEIGHTS } from '#service/enforcement/trust/weights';
import { address, DAY_MS, facts, HOUR_MS, neighbour, NOW, use } from './builders';
import { table } from './signal-table';

const AWS = { country: 'IE', asn: 16509, asName: 'AMAZON-02' };
const aws = (around: string, agent = 'acme-sync/2.4.1') =>
  use(around, { country: 'IE', asn: 16509, userAgent: agent });

const withAgents = (known: string, sent: string | null, changes: Partial<TrustFacts> = {}) =>
  neighbour({ userAgent: sent, uses: [use('90.160.1.1', { userAgent: known })], ...changes });
const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36';

table('known-agent', [
  ['the very agent', withAgents('acme-sync/2.4.1', 'acme-sync/2.4.1'), WEIGHTS.knownAgent, /can be copied/],
  ['another version', withAgents('acme-sync/2.4.1', 'acme-sync/2.5.0'), WEIGHTS.knownAgentOtherVersion],
  [
    'another version of a popular library',
    withAgents('python-requests/2.31.0', 'python-requests/2.32.3'),
    undefined,
  ],
  ['a tool that many have', withAgents('curl/8.5.0', 'curl/8.5.0'), WEIGHTS.popularAgent],
  ['another version of such a tool', withAgents('curl/8.5.0', 'curl/7.88.1'), undefined],
  ['a browser', withAgents(CHROME, CHROME), WEIGHTS.commonAgent, /strangers/],
  ["Go's default", withAgents('Go-http-client/2.0', 'Go-http-client/2.0'), WEIGHTS.commonAgent],
  ["Node's fetch", withAgents('node', 'node'), WEIGHTS.commonAgent],
  ['another program', withAgents('acme-sync/2.4.1', 'other/1.0.0'), undefined],
  ['none sent', withAgents('acme-sync/2.4.1', null), undefined],
  [
    'an empty one sent',
    neighbour({ userAgent: '', uses: [use('90.160.1.1', { userAgent: '' })] }),
    undefined,
  ],
  [
    'appeared an hour ago in one place',
    neighbour({ uses: [use('90.160.1.1', { firstAt: NOW - HOUR_MS })] }),
    WEIGHTS.newAgent,
  ],
  [
    'appeared an hour ago in five places',
    neighbour({
      uses: ['90.160.1.1', '81.32.0.1', '83.40.0.1', '88.1.0.1', '79.150.0.1'].map((around) =>
        use(around, { firstAt: NOW - HOUR_MS }),
      ),
    }),
    WEIGHTS.knownAgent,
  ],
  [
    'given up in a cloud and seen once since',
    facts({
      geolocation: AWS,
      address: address('52.16.1.1'),
      userAgent: 'acme-sync/2.4.1',
      uses: [
        ...['52.16.0.1', '52.17.0.1', '52.18.0.1'].map((around) => ({
          ...aws(around),
          lastAt: NOW - 20 * DAY_MS,
        })),
        aws('52.19.0.1'),
      ],
    }),
    WEIGHTS.newAgent,
  ],
]);

const seen = (firstAgo: number, lastAgo: number) => ({ firstAt: NOW - firstAgo, lastAt: NOW - lastAgo });

table('client-fingerprint', [
  [
    'known for days',
    neighbour({ fingerprintUse: seen(9 * DAY_MS, HOUR_MS) }),
    WEIGHTS.knownFingerprint,
    /last 1 hour ago; it can be copied/,
  ],
  [
    'known for days, from a cloud',
    neighbour({ geolocation: AWS, fingerprintUse: seen(9 * DAY_MS, HOUR_MS) }),
    WEIGHTS.knownFingerprintFromHosting,
  ],
  ['seen today only', neighbour({ fingerprintUse: seen(DAY_MS, HOUR_MS) }), undefined],
  ['not seen for months', neighbour({ fingerprintUse: seen(200 * DAY_MS, 91 * DAY_MS) }), undefined],
  ['not known, or not told', neighbour(), undefined],
]);

/** A caller of whose network only this is known. */
const within = (country: string, asn: number, asName: string | null) =>
  facts({ geolocation: { country, asn, asName } });

table('hosting-or-anonymizer', [
  ['an access provider', neighbour(), undefined],
  ['not known', facts(), undefined],
  ['a cloud by number', within('ES', 16509, null), WEIGHTS.unusedHosting, /AS16509 rents out/],
  [
    'a cloud in use',
    facts({ geolocation: AWS, address: address('52.16.1.1'), uses: [aws('52.16.9.9')] }),
    WEIGHTS.hosting,
  ],
  ['by name alone', within('ES', 65_000_001, 'Blue Data Center SL'), WEIGHTS.unusedHosting],
  ['a VPN by number', within('SE', 39351, '31173 Services AB'), WEIGHTS.anonymizer],
  ['a VPN by name', within('SE', 65_000_002, 'FastVPN Ltd'), WEIGHTS.anonymizer],
  ['a name that only resembles one', within('FR', 65_000_003, 'Torcy Cloudier Telecom'), undefined],
]);
