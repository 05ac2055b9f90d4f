import { describe, expect, it } from 'vitest';
import { AccountPresenter } from '#electron/core/accounts/account-presenter';
import type { Announcement, AnnouncementEvent } from '#electron/core/ports';
import { FakePresenter } from '#test/support/console/fakes';

const ANNOUNCEMENT: Announcement = {
  title: 'The service does not answer',
  body: '',
  urgency: 'normal',
  group: 'service',
  stays: false,
  buttons: [],
};

const start = (name: string | undefined = 'Acme') => {
  const desktop = new FakePresenter();
  let current: string | undefined = name;
  const [acme, bolt] = [
    new AccountPresenter(desktop, 'a', () => current),
    new AccountPresenter(desktop, 'b', () => 'Bolt'),
  ];
  return { desktop, acme, bolt, rename: (next: string | undefined) => (current = next) };
};

describe('the notifications of an account', () => {
  it('all end their title with its name, whatever they are about', () => {
    const { desktop, acme } = start();
    acme.show('outage', ANNOUNCEMENT);
    acme.show('review', { ...ANNOUNCEMENT, title: 'Blocked: 203.0.113.9' });
    expect(desktop.openTitles).toEqual(['The service does not answer · Acme', 'Blocked: 203.0.113.9 · Acme']);
  });

  it('have none while it is the only one', () => {
    const { desktop, acme, rename } = start();
    rename(undefined);
    acme.show('outage', ANNOUNCEMENT);
    expect(desktop.openTitles).toEqual(['The service does not answer']);
  });

  it('stay apart from those of another with the same id', () => {
    const { desktop, acme, bolt } = start();
    const heard: AnnouncementEvent[] = [];
    bolt.subscribe((event) => heard.push(event));
    acme.show('outage', ANNOUNCEMENT);
    bolt.show('outage', ANNOUNCEMENT);
    const [ofAcme = '', ofBolt = ''] = [...desktop.open.keys()];
    desktop.click(ofAcme);
    expect(heard).toEqual([]);
    desktop.click(ofBolt);
    expect(heard).toMatchObject([{ kind: 'clicked', id: 'outage' }]);
    acme.withdraw('outage');
    expect([...desktop.open.keys()]).not.toContain(ofAcme);
  });

  it('leave room for what happened, and keep what would turn the line around out of it', () => {
    const { desktop, acme, rename } = start();
    rename('n'.repeat(60));
    acme.show('long', ANNOUNCEMENT);
    rename('a\u202Eb');
    acme.show('turned', ANNOUNCEMENT);
    const [long = '', turned = ''] = desktop.openTitles;
    expect(long.length).toBeLessThanOrEqual('The service does not answer · '.length + 40);
    expect(turned).not.toContain('\u202E');
  });
});
