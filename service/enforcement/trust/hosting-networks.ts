/**
 * Networks that rent addresses out or hide who calls, by their number in the regional registries. A network that is missing
 * here may still be recognised by its name. The list need not be complete: a network that this key was never used from
 * gives no evidence in favour anyway.
 */

type NetworkTrade = 'hosting' | 'anonymizer';

const HOSTING: readonly (readonly [name: string, ...numbers: number[]])[] = [
  ['Amazon Web Services', 16509, 14618, 7224, 8987],
  ['Google, also Google Cloud', 15169, 396982, 19527],
  ['Microsoft Azure', 8075, 8068, 8069],
  ['Oracle Cloud', 31898],
  ['IBM Cloud', 36351],
  ['Alibaba Cloud', 45102, 37963],
  ['Tencent Cloud', 132203, 45090],
  ['Huawei Cloud', 136907, 55990],
  ['DigitalOcean', 14061],
  ['Akamai (Linode)', 63949, 20940, 16625, 36183],
  ['Vultr', 20473],
  ['OVH', 16276],
  ['Hetzner', 24940, 213230, 212317],
  ['Scaleway', 12876],
  ['Leaseweb', 60781, 28753, 30633, 59253],
  ['Contabo', 51167, 40021],
  ['IONOS, Strato', 8560, 6724],
  ['Aruba', 31034],
  ['netcup', 197540],
  ['UpCloud', 202053],
  ['Kamatera', 36007],
  ['Hostinger', 47583],
  ['GoDaddy', 26496, 398101],
  ['Namecheap', 22612],
  ['Rackspace', 33070, 19994, 27357],
  ['Equinix Metal', 54825],
  ['Fly.io', 40509],
  ['Cloudflare, also its WARP', 13335],
  ['Fastly', 54113],
  ['Yandex Cloud', 200350],
  ['Selectel', 49505],
  ['Timeweb', 9123],
  ['M247', 9009],
  ['Datacamp', 60068, 212238],
  ['Zenlayer', 21859],
  ['ColoCrossing', 36352],
  ['Psychz', 40676],
  ['QuadraNet', 8100],
  ['FranTech', 53667],
  ['Sharktech', 46844],
  ['Hivelocity', 29802],
  ['Clouvider', 62240],
  ['Worldstream', 49981],
  ['Serverius', 50673],
  ['NForce', 43350],
  ['InterServer', 19318],
  ['DreamHost', 26347],
  ['Private Layer', 51852],
  ['Aeza', 210644, 216246],
  ['Stark Industries', 44477],
];

const ANONYMIZERS: readonly (readonly [name: string, ...numbers: number[]])[] = [
  ['Proton VPN', 62371, 209103],
  ['31173 Services (Mullvad)', 39351],
  ['Tefincom, PacketHub (NordVPN)', 136787, 207137, 147049],
  ['Stiftung Erneuerbare Freiheit (Tor)', 60729],
  ['F3 Netze (Tor)', 205100],
  ['Emerald Onion (Tor)', 396507],
  ['Quintex (Tor)', 62744],
  ['Foundation for Applied Privacy (Tor)', 208323],
  ['Calyx Institute (Tor, VPN)', 4224],
];

const TRADES: ReadonlyMap<number, NetworkTrade> = new Map([
  ...HOSTING.flatMap(([, ...numbers]) => numbers.map((asn) => [asn, 'hosting'] as const)),
  ...ANONYMIZERS.flatMap(([, ...numbers]) => numbers.map((asn) => [asn, 'anonymizer'] as const)),
]);

const ANONYMIZER_NAME =
  /\b(?:\w*vpn|tor(?:[ -](?:exit|relay|network|project))|\w*prox(?:y|ies)|onion|anonym\w*)\b/i;

/** Whole words, so that an access provider named after a town or a person does not match. */
const HOSTING_NAME = new RegExp(
  String.raw`\b(?:hosting|\w+hosting|webhost\w*|cloud|\w+cloud|vps|\w+vps|data[ -]?cent(?:er|re)s?|servers?|colo|colocation|` +
    String.raw`dedicated|bare[ -]?metal|amazon|aws|azure|hetzner|ovh\w*|digital ?ocean|linode|vultr|contabo|leaseweb|scaleway)\b`,
  'i',
);

/** Returns the trade of a hosting or anonymizing network, or undefined for an access provider or an unknown network. */
export function tradeOf(asn: number | null, asName: string | null): NetworkTrade | undefined {
  const byNumber = asn === null ? undefined : TRADES.get(asn);
  if (byNumber !== undefined) return byNumber;
  if (asName === null) return undefined;
  if (ANONYMIZER_NAME.test(asName)) return 'anonymizer';
  return HOSTING_NAME.test(asName) ? 'hosting' : undefined;
}
