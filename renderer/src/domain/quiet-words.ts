import { t } from '#shared/i18n/t';
import type { Quiet } from '#shared/ipc/notifications';
import { formatMoment } from '../ui/format';

export function quietWords({ reason, until }: Quiet, nowMs: number): string {
  if (until === null || reason === 'off' || reason === 'desktop') return t(`words.quiet_${reason}`);
  return t(`words.quietUntil_${reason}`, { moment: formatMoment(until, nowMs) });
}
