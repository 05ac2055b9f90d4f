import type { ServiceState } from '../domain/entities';
import { UNRECOGNISED } from '../domain/told';
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
  if (service.state === UNRECOGNISED) {
    return {
      headline: 'The service is in a state that this console does not know',
      short: 'state not known',
      why: `${service.why ?? ''} Update this console.`.trim(),
      isSevere: true,
    };
  }
  const why = service.why ?? '';
  if (service.letsIn === true) {
    return {
      headline: 'Calls are let in without a verdict',
      short: 'lets calls in undecided',
      why: `${why} Only calls that are known to be blocked stay out.`,
      isSevere: true,
    };
  }
  if (service.state === 'refusing') {
    return { headline: 'Every call is refused (503)', short: 'refuses every call', why, isSevere: true };
  }
  return {
    headline: 'Something is wrong with how calls reach the service',
    short: 'trouble with calls',
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
  switch (trouble) {
    case undefined:
      return `${name} has been unreachable since ${since}`;
    case 'answer':
      return `${name} has not answered as it should since ${since}`;
    case 'database':
      return `${name} has not reached its database since ${since}`;
    case 'console':
      return `This computer has been in trouble since ${since}`;
  }
}

/** Returns the same as {@link troubleHeadline} in few words. */
export function troubleShort(trouble: Trouble, since: string): string {
  switch (trouble) {
    case undefined:
      return `Offline since ${since}`;
    case 'answer':
    case 'database':
      return `Service in trouble since ${since}`;
    case 'console':
      return `This computer in trouble since ${since}`;
  }
}
