import { serviceWords } from '#shared/ipc/service-words';
import { t } from '#shared/i18n/t';
import type { Decision, Situation } from '../decision';
import type { Facts } from '../facts';
import { type AnnouncedState, announceState, forgetOver } from './announce-state';

/** Each subject is announced once until it is over. Its reason may change meanwhile, and the text with it. */
const SUBJECTS = ['refusing', 'lets-in', 'degraded'] as const;

/** Calls to the protected API do not get the verdicts that they should, although the service answers. */
export function decideServiceState(situation: Situation): readonly Decision[] {
  const { facts } = situation;
  // The state is not known, so the notifications stay as they are.
  if (facts.serviceState === undefined) return [];
  const state = stateOf(facts);
  const over = SUBJECTS.filter((subject) => !state?.subjects.includes(subject));
  return [
    ...forgetOver('service_state', over, situation),
    ...announceState('service_state', state, situation),
  ];
}

function stateOf({ serviceState, serviceName }: Facts): AnnouncedState | null {
  const words = serviceWords(serviceState);
  if (serviceState === undefined || words === undefined) return null;
  return {
    subjects: [subjectOf(serviceState)],
    announcement: {
      title: words.headline,
      body: t('notify.serviceState', { why: words.why, service: serviceName }),
      buttons: [],
      urgency: words.isSevere ? 'critical' : 'normal',
      group: 'service',
      stays: true,
    },
  };
}

function subjectOf({ state, letsIn }: NonNullable<Facts['serviceState']>): (typeof SUBJECTS)[number] {
  if (letsIn === true) return 'lets-in';
  return state === 'refusing' ? 'refusing' : 'degraded';
}
