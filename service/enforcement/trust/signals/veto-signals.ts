import { cidrContains, cidrsOverlap, formatAddress, formatCidr } from '#shared/ip/index';
import type { Denial } from '../facts';
import { reservedNetworkOf } from '../reserved-networks';
import { dayText, quoted } from '../sentences';
import type { SignalEvidence, Signal, SignalName } from '../signal';
import { WEIGHTS } from '../weights';

function veto(signal: SignalName, why: string): SignalEvidence {
  return {
    signal,
    weight: WEIGHTS.veto,
    detail: `${why}; whatever else is known, it is not let in by itself.`,
    veto: true,
  };
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
  const closeness = cidrContains(denial.cidr, address) ? '' : ', close to this address,';
  const when = denial.at === null ? '' : ` on ${dayText(denial.at)}`;
  const how =
    denial.kind === 'range' ? `was put on the denied list${when}` : `was denied by an administrator${when}`;
  return veto('previously-denied', `${text}${closeness} ${how}`);
};

export const blocklisted: Signal = ({ blocklisted: hit }) =>
  hit === null
    ? undefined
    : veto('blocklisted', `The blocklist ${quoted(hit.list)} names this address (${quoted(hit.entry)})`);

/** A trusted proxy's own address says nothing about the caller, whom the proxy has not named. */
export const trustedProxy: Signal = ({ address, isProxy }) =>
  isProxy
    ? veto(
        'trusted-proxy',
        `${formatAddress(address)} is the address of a trusted proxy, which named no caller`,
      )
    : undefined;

/**
 * An address that does not exist on the public internet means that a proxy hides the caller of a public API. It is no veto
 * if this key is used from that private network already.
 */
export const reservedAddress: Signal = ({ address, uses }) => {
  const network = reservedNetworkOf(address);
  if (network === undefined) return undefined;
  if (network.canCall && uses.some(({ prefix }) => cidrsOverlap(network.cidr, prefix))) return undefined;
  return veto(
    'reserved-address',
    `${formatAddress(address)} is an address ${network.purpose} (${network.text}), ` +
      (network.canCall ? 'and this key is not known to be used from there' : 'so its sender is forged'),
  );
};
