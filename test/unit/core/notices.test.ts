import { afterEach, expect, it } from 'vitest';
import { Notices } from '#electron/core/notices';
import { setLanguage } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import { RecordingPublisher } from '#test/support/console/fakes';

afterEach(() => setLanguage('en'));

it('a notice that is shown follows the language', () => {
  const publisher = new RecordingPublisher();
  const notices = new Notices(publisher);
  notices.add({
    id: 'a',
    severity: 'info',
    words: () => ({ title: t('notices.clocksTitle'), message: t('notices.storeNothingLost') }),
  });
  setLanguage('fr');
  expect(publisher.payloads('app.notices')).toEqual([
    [{ id: 'a', severity: 'info', title: 'Two clocks differ', message: 'Nothing is lost.' }],
    [{ id: 'a', severity: 'info', title: 'Deux horloges diffèrent', message: 'Rien n’est perdu.' }],
  ]);
});
