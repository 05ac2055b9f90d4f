import type { ServiceState } from '../domain/entities';
import { sentencesInWords } from '../domain/sentence';
import { UNRECOGNISED } from '../domain/told';
import { t } from '../i18n/t';
import type { Connection } from './connection';

/** The words about a service that answers but has a problem, the same in banner, tray and notification. */
export interface ServiceWords {
  /** The treatment of calls to the protected API, as a headline. */
  readonly headline: string;
  /** A few words that follow "Online". */
  readonly short: string;
  /** The reason, in sentences. */
  readonly why: string;
  /** True if calls do not get the verdicts that they should. */
  readonly isSevere: boolean;
}

/** Returns the words for a state of the service; undefined if there is no problem, or nothing is known. */
export function serviceWords(service: ServiceState | undefined): ServiceWords | undefined {
  if (service === undefined || service.state === 'ready') return undefined;
  const told = sentencesInWords(service.whyWords);
  const why = told ?? service.why ?? '';
  if (service.state === UNRECOGNISED) {
    return {
      headline: t('connection.unrecognisedHeadline'),
      short: t('connection.unrecognisedShort'),
      why: `${why} ${t('connection.unrecognisedWhy')}`.trim(),
      isSevere: true,
    };
  }
  // Calls that cannot be decided mean that the database is away, even if only the service has words for the reason.
  const databaseWhy = told ?? (why === '' ? '' : t('connection.databaseWhy', { why }));
  if (service.letsIn === true) {
    return {
      headline: t('connection.letsInHeadline'),
      short: t('connection.letsInShort'),
      why: `${databaseWhy} ${t('connection.letsInWhy')}`,
      isSevere: true,
    };
  }
  if (service.state === 'refusing') {
    return {
      headline: t('connection.refusingHeadline'),
      short: t('connection.refusingShort'),
      why: databaseWhy,
      isSevere: true,
    };
  }
  return {
    headline: t('connection.degradedHeadline'),
    short: t('connection.degradedShort'),
    why,
    isSevere: false,
  };
}

/** Returns the service's own state, if it is known at this moment. */
export function toldState(connection: Connection): ServiceState | undefined {
  return connection.kind === 'online' || connection.kind === 'unreachable' ? connection.state : undefined;
}

type Trouble = Extract<Connection, { kind: 'unreachable' }>['trouble'];

/** Returns a headline that says who is in trouble: the service, its database, or this computer. */
export function troubleHeadline(trouble: Trouble, name: string, since: string): string {
  if (trouble === 'console') return t('connection.trouble_console', { since });
  return t(`connection.trouble_${trouble ?? 'none'}`, { name, since });
}

/** Returns the same as {@link troubleHeadline} in few words. */
export function troubleShort(trouble: Trouble, since: string): string {
  return t(`connection.troubleShort_${trouble ?? 'none'}`, { since });
}
