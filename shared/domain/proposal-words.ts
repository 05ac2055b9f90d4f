import { t } from '../i18n/t';
import { addressCount, parseCidr } from '../ip/index';
import { formatCount, networkName } from '../words';
import { formatAddressCount } from './address-count';
import type { Review } from './entities';
import type { Proposal } from './proposal';
import { SOURCE_PRESETS } from './source-presets';
import { UNRECOGNISED } from './told';

/** Says what is proposed, and how much that lets in. */
export function proposalSentence(
  { asn, asName, keyName }: Pick<Review, 'asn' | 'asName' | 'keyName'>,
  proposal: Proposal,
): string {
  const network = networkName(asn, asName) ?? '';
  const facts = { number: formatCount(proposal.covers), network, key: keyName };
  switch (proposal.kind) {
    case 'range': {
      const cidr = parseCidr(proposal.cidr);
      const addresses = cidr === undefined ? '' : formatAddressCount(addressCount(cidr));
      return t('proposal.range', { ...facts, range: proposal.cidr, addresses });
    }
    case 'network':
      return proposal.ipv4Addresses === null
        ? t('proposal.networkUnknown', facts)
        : t('proposal.network', { ...facts, addresses: formatCount(proposal.ipv4Addresses) });
    case 'preset': {
      const { preset } = proposal;
      const vendor = preset === UNRECOGNISED ? facts.network : SOURCE_PRESETS[preset].name;
      return t('proposal.preset', { ...facts, vendor });
    }
  }
}
