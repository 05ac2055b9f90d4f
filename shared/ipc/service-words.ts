import type { ServiceState } from '../domain/entities';
import { UNRECOGNISED } from '../domain/told';
import type { Connection } from './connection';

/** What has to be said about a service that answers, in the same words in banner, tray and notification. */
export interface ServiceWords {
  /** What calls to the protected API get, as a headline. */
  readonly headline: string;
  /** The same in few words, behind "Online". */
  readonly short: string;
  /** Why, in sentences. */
  readonly why: string;
  /** True where calls do not get the verdicts that they should. */
  readonly isSevere: boolean;
}

/** The words for a state of the service; undefined while nothing is wrong, or nothing is known. */
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

/** What the service told of itself, as far as that is known at this moment. */
export const toldState = (connection: Connection): ServiceState | undefined =>
  connection.kind === 'online' || connection.kind === 'unreachable' ? connection.state : undefined;

type Trouble = Extract<Connection, { kind: 'unreachable' }>['trouble'];

/** What has kept the console from the service's data since then, as a headline: it says whose trouble it is. */
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

/** The same in few words. */
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
