import type { EvidenceValues } from '#shared/domain/evidence-words';
import { cidrContains, cidrsOverlap, formatAddress, formatCidr } from '#shared/ip/index';
import type { Denial } from '../facts';
import { reservedNetworkOf } from '../reserved-networks';
import { dayText, quotable } from '../sentences';
import { evidence, type EvidenceText, type Signal, type SignalEvidence, type SignalName } from '../signal';
import { WEIGHTS } from '../weights';

function veto(signal: SignalName, text: EvidenceText, values: EvidenceValues): SignalEvidence {
  return { ...evidence(signal, WEIGHTS.veto, text, values), veto: true };
}

/** The newest first; among equals the texts decide, so that the order of the facts makes no difference. */
function byAge(a: Denial, b: Denial): number {
  const ages = (b.at ?? -Infinity) - (a.at ?? -Infinity);
  if (ages !== 0 && !Number.isNaN(ages)) return ages;
  return `${a.kind} ${formatCidr(a.cidr)}` < `${b.kind} ${formatCidr(b.cidr)}` ? -1 : 1;
}

/** An administrator has denied the address or a close neighbour of it. */
export const previouslyDenied: Signal = ({ address, denials }) => {
  const [denial] = [...denials].sort(byAge);
  if (denial === undefined) return undefined;
  const isAddress = denial.cidr.prefixLength === (denial.cidr.family === 4 ? 32 : 128);
  const text = isAddress
    ? formatAddress({ family: denial.cidr.family, value: denial.cidr.base })
    : formatCidr(denial.cidr);
  const named = cidrContains(denial.cidr, address) ? { what: text } : { near: text };
  const by = denial.kind === 'range' ? 'deniedRange' : 'deniedReview';
  return denial.at === null
    ? veto('previously-denied', by, named)
    : veto('previously-denied', `${by}On`, { ...named, day: dayText(denial.at) });
};

export const blocklisted: Signal = ({ blocklisted: hit }) =>
  hit === null
    ? undefined
    : veto('blocklisted', 'blocklisted', { list: quotable(hit.list), entry: quotable(hit.entry) });

/** A trusted proxy's own address says nothing about the caller, whom the proxy has not named. */
export const trustedProxy: Signal = ({ address, isProxy }) =>
  isProxy ? veto('trusted-proxy', 'trustedProxy', { address: formatAddress(address) }) : undefined;

/**
 * An address that does not exist on the public internet means that a proxy hides the caller of a public API. It is no veto
 * if this key is used from that private network already.
 */
export const reservedAddress: Signal = ({ address, uses }) => {
  const network = reservedNetworkOf(address);
  if (network === undefined) return undefined;
  if (network.canCall && uses.some(({ prefix }) => cidrsOverlap(network.cidr, prefix))) return undefined;
  const { canCall, purpose, text: range } = network;
  return veto('reserved-address', canCall ? 'reserved' : 'forged', {
    address: formatAddress(address),
    purpose,
    range,
  });
};
