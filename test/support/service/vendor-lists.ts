import type { SourcePreset } from '#shared/domain/source-presets';

/** Lists in the shapes in which the vendors publish theirs, with a few networks each. */
export const VENDOR_LISTS: Readonly<Record<SourcePreset, unknown>> = {
  aws: {
    syncToken: '1765000000',
    createDate: '2026-01-15-00-00-00',
    prefixes: [
      {
        ip_prefix: '3.5.140.0/22',
        region: 'ap-northeast-2',
        service: 'S3',
        network_border_group: 'ap-northeast-2',
      },
      { ip_prefix: '13.34.0.0/27', region: 'us-east-1', service: 'EC2', network_border_group: 'us-east-1' },
      {
        ip_prefix: '52.93.0.0/24',
        region: 'eu-west-1',
        service: 'AMAZON',
        network_border_group: 'eu-west-1',
      },
    ],
    ipv6_prefixes: [
      {
        ipv6_prefix: '2600:1f60::/40',
        region: 'us-west-2',
        service: 'EC2',
        network_border_group: 'us-west-2',
      },
    ],
  },
  google: {
    syncToken: '1765000000000',
    creationTime: '2026-01-15T00:00:00.000000',
    prefixes: [
      { ipv4Prefix: '34.89.128.0/17', service: 'Google Cloud', scope: 'europe-west3' },
      { ipv6Prefix: '2600:1900:40d0::/44', service: 'Google Cloud', scope: 'europe-west3' },
      { ipv4Prefix: '34.80.0.0/15', service: 'Google Cloud', scope: 'asia-east1' },
    ],
  },
  azure: {
    changeNumber: 400,
    cloud: 'Public',
    values: [
      {
        name: 'Storage',
        id: 'Storage',
        properties: {
          changeNumber: 90,
          region: '',
          regionId: 0,
          platform: 'Azure',
          systemService: 'AzureStorage',
          addressPrefixes: ['20.38.96.0/23', '20.60.0.0/24', '2603:1020::/46'],
          networkFeatures: ['API', 'NSG', 'UDR', 'FW'],
        },
      },
      {
        name: 'Storage.WestEurope',
        id: 'Storage.WestEurope',
        properties: {
          changeNumber: 90,
          region: 'westeurope',
          regionId: 18,
          platform: 'Azure',
          systemService: 'AzureStorage',
          addressPrefixes: ['20.60.0.0/24'],
          networkFeatures: ['API', 'NSG', 'UDR', 'FW'],
        },
      },
      {
        name: 'StorageSyncService',
        id: 'StorageSyncService',
        properties: {
          changeNumber: 9,
          region: '',
          regionId: 0,
          platform: 'Azure',
          systemService: 'StorageSyncService',
          addressPrefixes: ['13.70.176.196/32'],
          networkFeatures: ['NSG'],
        },
      },
    ],
  },
  cloudflare: {
    result: {
      ipv4_cidrs: ['173.245.48.0/20'],
      ipv6_cidrs: ['2400:cb00::/32'],
      etag: '38f79d050aa027e3be3865e495dcc9bc',
    },
    success: true,
    errors: [],
    messages: [],
  },
  github: {
    verifiable_password_authentication: false,
    ssh_key_fingerprints: { SHA256_ED25519: '+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU' },
    ssh_keys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'],
    hooks: ['192.30.252.0/22', '140.82.112.0/20'],
    web: ['192.30.252.0/22'],
    git: ['192.30.252.0/22'],
    actions: ['4.148.0.0/16', '2603:1030:401:202::/63'],
    domains: { website: ['*.github.com'] },
  },
  fastly: { addresses: ['23.235.32.0/20'], ipv6_addresses: ['2a04:4e40::/32'] },
  oracle: {
    last_updated_timestamp: '2026-01-15T00:00:00.000000',
    regions: [
      {
        region: 'eu-frankfurt-1',
        cidrs: [
          { cidr: '130.61.0.0/16', tags: ['OCI'] },
          { cidr: '134.70.40.0/21', tags: ['OSN', 'OBJECT_STORAGE'] },
        ],
      },
      { region: 'us-ashburn-1', cidrs: [{ cidr: '134.70.24.0/21', tags: ['OSN'] }] },
    ],
  },
  bots: {
    creationTime: '2026-01-15T00:00:00.000000',
    prefixes: [{ ipv6Prefix: '2001:4860:4801:10::/64' }, { ipv4Prefix: '192.178.4.0/27' }],
  },
};
