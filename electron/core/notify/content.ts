import type { Review } from '#shared/domain/entities';
import type { NotificationContent } from '../ports';

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** The notification about one question. */
export function contentOf(review: Review): NotificationContent {
  const parts = [`Key “${review.keyName}”`];
  if (review.count > 1) parts.push(`${review.count} calls`);
  if (review.country !== null) parts.push(countryName(review.country));
  if (review.asName !== null) parts.push(review.asName);
  return { title: `Blocked: ${review.ip}`, body: `${parts.join(' · ')}\nClick to decide.` };
}

/** The notification that stands for many. */
export const summaryOf = (count: number): NotificationContent => ({
  title: `Blocked: ${count} addresses`,
  body: 'They are not on the list of authorized IPs.\nClick to see them all.',
});

function countryName(code: string): string {
  try {
    return countries.of(code) ?? code;
  } catch {
    // Not a code of ISO 3166; shown as it came.
    return code;
  }
}
