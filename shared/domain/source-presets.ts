import { z } from 'zod';

/** Lists that vendors publish of their own addresses (docs/behaviour.md 1.14.4). */
export const sourcePresetSchema = z.enum([
  'aws',
  'google',
  'azure',
  'cloudflare',
  'github',
  'fastly',
  'oracle',
  'bots',
]);
export type SourcePreset = z.infer<typeof sourcePresetSchema>;

export interface PresetFacts {
  /** The vendor's name, the same in every language. */
  readonly name: string;
  /** The address that the vendor's documentation names. */
  readonly url: string;
  /** Names that are known today; others are taken as well, because vendors add some every month. */
  readonly services: readonly string[];
  readonly regions: readonly string[];
  /** The services that are taken if none is named; absent for all. */
  readonly usual?: readonly string[];
  /** True if the list cannot be taken without naming a service. */
  readonly needsService?: true;
  /** The numbers of the vendor's networks, in which programs of its customers run. */
  readonly asns?: readonly number[];
  /** Returns true if anybody can rent or start programs at the addresses that are taken. */
  readonly isOpen: (filter: PresetFilter) => boolean;
}

export interface PresetFilter {
  readonly services: readonly string[];
  readonly regions: readonly string[];
}

function never(): boolean {
  return false;
}

function always(): boolean {
  return true;
}

const AWS_RENTED = new Set(['AMAZON', 'EC2']);
const AZURE_RENTED = /^AzureCloud(?:\.|$)/i;

/**
 * Programs of Google Cloud's customers call from these, too:
 * https://developers.google.com/crawling/docs/crawlers-fetchers/google-user-triggered-fetchers
 */
const GOOGLE_USERS = 'Google user-triggered fetchers';

/** The addresses of bots by name, as their owners publish them. */
export const BOT_URLS: Readonly<Record<string, string>> = {
  // It moved in March 2026: https://developers.google.com/search/blog/2026/03/crawler-ip-ranges
  Googlebot: 'https://developers.google.com/static/crawling/ipranges/common-crawlers.json',
  'Google special crawlers': 'https://developers.google.com/static/crawling/ipranges/special-crawlers.json',
  [GOOGLE_USERS]: 'https://developers.google.com/static/crawling/ipranges/user-triggered-fetchers.json',
  Bingbot: 'https://www.bing.com/toolbox/bingbot.json',
  Applebot: 'https://search.developer.apple.com/applebot.json',
  DuckDuckBot: 'https://duckduckgo.com/duckduckbot.json',
  GPTBot: 'https://openai.com/gptbot.json',
  'OAI-SearchBot': 'https://openai.com/searchbot.json',
  'ChatGPT-User': 'https://openai.com/chatgpt-user.json',
  PerplexityBot: 'https://www.perplexity.com/perplexitybot.json',
};

export const SOURCE_PRESETS: Readonly<Record<SourcePreset, PresetFacts>> = {
  aws: {
    name: 'Amazon Web Services',
    url: 'https://ip-ranges.amazonaws.com/ip-ranges.json',
    asns: [16_509, 14_618],
    services: [
      'AMAZON',
      'AMAZON_APPFLOW',
      'AMAZON_CONNECT',
      'API_GATEWAY',
      'AURORA_DSQL',
      'CHIME_MEETINGS',
      'CHIME_VOICECONNECTOR',
      'CLOUD9',
      'CLOUDFRONT',
      'CLOUDFRONT_ORIGIN_FACING',
      'CODEBUILD',
      'DYNAMODB',
      'EBS',
      'EC2',
      'EC2_INSTANCE_CONNECT',
      'GLOBALACCELERATOR',
      'IVS_REALTIME',
      'KINESIS_VIDEO_STREAMS',
      'MEDIA_PACKAGE_V2',
      'ROUTE53',
      'ROUTE53_HEALTHCHECKS',
      'ROUTE53_HEALTHCHECKS_PUBLISHING',
      'ROUTE53_RESOLVER',
      'S3',
      'WORKSPACES_GATEWAYS',
    ],
    regions: [
      'GLOBAL',
      'af-south-1',
      'ap-east-1',
      'ap-northeast-1',
      'ap-northeast-2',
      'ap-northeast-3',
      'ap-south-1',
      'ap-south-2',
      'ap-southeast-1',
      'ap-southeast-2',
      'ap-southeast-3',
      'ap-southeast-4',
      'ca-central-1',
      'ca-west-1',
      'cn-north-1',
      'cn-northwest-1',
      'eu-central-1',
      'eu-central-2',
      'eu-north-1',
      'eu-south-1',
      'eu-south-2',
      'eu-west-1',
      'eu-west-2',
      'eu-west-3',
      'il-central-1',
      'me-central-1',
      'me-south-1',
      'mx-central-1',
      'sa-east-1',
      'us-east-1',
      'us-east-2',
      'us-gov-east-1',
      'us-gov-west-1',
      'us-west-1',
      'us-west-2',
    ],
    isOpen: ({ services }) =>
      services.length === 0 || services.some((name) => AWS_RENTED.has(name.toUpperCase())),
  },
  google: {
    name: 'Google Cloud',
    url: 'https://www.gstatic.com/ipranges/cloud.json',
    asns: [15_169, 396_982],
    services: ['Google Cloud'],
    regions: [
      'africa-south1',
      'asia-east1',
      'asia-east2',
      'asia-northeast1',
      'asia-northeast2',
      'asia-northeast3',
      'asia-south1',
      'asia-south2',
      'asia-southeast1',
      'asia-southeast2',
      'australia-southeast1',
      'australia-southeast2',
      'europe-central2',
      'europe-north1',
      'europe-southwest1',
      'europe-west1',
      'europe-west2',
      'europe-west3',
      'europe-west4',
      'europe-west6',
      'europe-west8',
      'europe-west9',
      'europe-west10',
      'europe-west12',
      'global',
      'me-central1',
      'me-central2',
      'me-west1',
      'northamerica-northeast1',
      'northamerica-northeast2',
      'northamerica-south1',
      'southamerica-east1',
      'southamerica-west1',
      'us-central1',
      'us-east1',
      'us-east4',
      'us-east5',
      'us-south1',
      'us-west1',
      'us-west2',
      'us-west3',
      'us-west4',
    ],
    isOpen: always,
  },
  azure: {
    name: 'Microsoft Azure',
    url: 'https://www.microsoft.com/en-us/download/details.aspx?id=56519',
    asns: [8_075],
    services: [
      'ActionGroup',
      'ApiManagement',
      'ApplicationInsightsAvailability',
      'AppService',
      'AzureActiveDirectory',
      'AzureBotService',
      'AzureCloud',
      'AzureContainerRegistry',
      'AzureCosmosDB',
      'AzureDataLake',
      'AzureDevOps',
      'AzureEventGrid',
      'AzureFrontDoor.Backend',
      'AzureFrontDoor.Frontend',
      'AzureIoTHub',
      'AzureKeyVault',
      'AzureMonitor',
      'AzureTrafficManager',
      'BatchNodeManagement',
      'DataFactory',
      'EventHub',
      'LogicApps',
      'PowerBI',
      'PowerPlatformInfra',
      'ServiceBus',
      'Sql',
      'Storage',
    ],
    regions: [
      'australiaeast',
      'australiasoutheast',
      'brazilsouth',
      'canadacentral',
      'canadaeast',
      'centralindia',
      'centralus',
      'eastasia',
      'eastus',
      'eastus2',
      'francecentral',
      'germanywestcentral',
      'israelcentral',
      'italynorth',
      'japaneast',
      'japanwest',
      'koreacentral',
      'northcentralus',
      'northeurope',
      'norwayeast',
      'polandcentral',
      'qatarcentral',
      'southafricanorth',
      'southcentralus',
      'southeastasia',
      'southindia',
      'spaincentral',
      'swedencentral',
      'switzerlandnorth',
      'uaenorth',
      'uksouth',
      'ukwest',
      'westcentralus',
      'westeurope',
      'westus',
      'westus2',
      'westus3',
    ],
    needsService: true,
    isOpen: ({ services }) => services.some((name) => AZURE_RENTED.test(name)),
  },
  cloudflare: {
    name: 'Cloudflare',
    url: 'https://api.cloudflare.com/client/v4/ips',
    services: [],
    regions: [],
    isOpen: never,
  },
  github: {
    name: 'GitHub',
    url: 'https://api.github.com/meta',
    services: [
      'actions',
      'actions_macos',
      'api',
      'codespaces',
      'copilot',
      'dependabot',
      'git',
      'github_enterprise_importer',
      'hooks',
      'importer',
      'packages',
      'pages',
      'web',
    ],
    regions: [],
    usual: ['actions'],
    isOpen: ({ services }) =>
      services.length === 0 || services.some((name) => /^(?:actions|codespaces)/i.test(name)),
  },
  fastly: {
    name: 'Fastly',
    url: 'https://api.fastly.com/public-ip-list',
    services: [],
    regions: [],
    isOpen: never,
  },
  oracle: {
    name: 'Oracle Cloud',
    url: 'https://docs.oracle.com/en-us/iaas/tools/public_ip_ranges.json',
    asns: [31_898],
    services: ['OBJECT_STORAGE', 'OCI', 'OSN'],
    regions: [
      'af-johannesburg-1',
      'ap-mumbai-1',
      'ap-osaka-1',
      'ap-seoul-1',
      'ap-singapore-1',
      'ap-sydney-1',
      'ap-tokyo-1',
      'ca-montreal-1',
      'ca-toronto-1',
      'eu-amsterdam-1',
      'eu-frankfurt-1',
      'eu-madrid-1',
      'eu-marseille-1',
      'eu-milan-1',
      'eu-paris-1',
      'eu-stockholm-1',
      'eu-zurich-1',
      'il-jerusalem-1',
      'me-dubai-1',
      'me-jeddah-1',
      'mx-queretaro-1',
      'sa-saopaulo-1',
      'sa-santiago-1',
      'uk-cardiff-1',
      'uk-london-1',
      'us-ashburn-1',
      'us-chicago-1',
      'us-phoenix-1',
      'us-sanjose-1',
    ],
    isOpen: ({ services }) => services.length === 0 || services.some((name) => name.toUpperCase() === 'OCI'),
  },
  bots: {
    name: 'Bots',
    url: BOT_URLS['Googlebot'] ?? '',
    services: Object.keys(BOT_URLS),
    regions: [],
    usual: ['Googlebot'],
    isOpen: ({ services }) => services.includes(GOOGLE_USERS),
  },
};

/** Returns the preset whose list holds the addresses of a cloud's network, if there is one. */
export function presetOfNetwork(asn: number): SourcePreset | undefined {
  return sourcePresetSchema.options.find((preset) => SOURCE_PRESETS[preset].asns?.includes(asn) === true);
}
