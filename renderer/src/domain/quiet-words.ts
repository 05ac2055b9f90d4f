import type { Quiet } from '#shared/ipc/notifications';
import { formatMoment } from '../ui/format';

export function quietWords({ reason, until }: Quiet, nowMs: number): string {
  const untilWords = until === null ? '' : ` until ${formatMoment(until, nowMs)}`;
  switch (reason) {
    case 'off':
      return 'Notifications are off.';
    case 'snoozed':
      return `Notifications are paused${untilWords}.`;
    case 'quiet_hours':
      return `Quiet hours${untilWords}: nothing is announced.`;
    case 'desktop':
      return 'The desktop asks not to be disturbed: nothing is announced.';
  }
}
