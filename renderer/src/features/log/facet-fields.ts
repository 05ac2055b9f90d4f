import type { FacetField } from '#shared/ipc/log';
import { UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
import { countryName, networkName } from '#shared/words';
import { LOGGED_REASONS, reasonWords } from '../../domain/reasons';
import type { LogDraft } from '../../stores/log-draft';
import { useMirror } from '../../stores/mirror';

interface FacetKind {
  readonly title: () => string;
  /** The value that filters; null if none does. */
  readonly chosen: (draft: LogDraft) => string | null;
  /** The change of the filter to a value; null takes it away. */
  readonly change: (value: string | null, name: string | null) => Partial<LogDraft>;
}

const VERDICTS = ['allowed', 'blocked'] as const;

export const FACETS: Readonly<Record<FacetField, FacetKind>> = {
  verdict: {
    title: () => t('log.verdict'),
    chosen: ({ verdict }) => verdict,
    change: (value) => ({ verdict: VERDICTS.find((one) => one === value) ?? null }),
  },
  reason: {
    title: () => t('log.reason'),
    chosen: ({ reason }) => reason,
    change: (value) => ({ reason: LOGGED_REASONS.find((one) => one === value) ?? null }),
  },
  keyId: {
    title: () => t('log.key'),
    chosen: ({ keyId }) => keyId,
    change: (keyId) => ({ keyId }),
  },
  country: {
    title: () => t('log.country'),
    chosen: ({ country }) => country,
    change: (country) => ({ country }),
  },
  asn: {
    title: () => t('log.network'),
    chosen: ({ network }) => (network === null ? null : String(network.asn)),
    change: (value, asName) => ({ network: value === null ? null : { asn: Number(value), asName } }),
  },
  method: {
    title: () => t('log.method'),
    chosen: ({ method }) => method,
    change: (method) => ({ method }),
  },
};

export const FACET_FIELDS = Object.keys(FACETS) as readonly FacetField[];

/** Returns the words for a value. `name` is what the log calls it, if that is known. */
export function useFacetWords(): (field: FacetField, value: string, name: string | null) => string {
  const keys = useMirror((mirror) => mirror.keys);
  return (field, value, name) => {
    switch (field) {
      case 'verdict':
        return t(`reasons.verdict_${VERDICTS.find((one) => one === value) ?? UNRECOGNISED}`);
      case 'reason':
        return reasonWords(LOGGED_REASONS.find((one) => one === value) ?? UNRECOGNISED);
      case 'keyId':
        return keys.get(value)?.name ?? name ?? t('log.notKnown');
      case 'country':
        return value === '' ? t('log.notKnown') : countryName(value);
      case 'asn':
        return networkName(Number(value) || null, name) ?? t('log.notKnown');
      case 'method':
        return value === '' ? t('log.notKnown') : value;
    }
  };
}
