import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { AuditEvent, Permission, Review, User } from '#shared/domain/entities';
import { manualClock } from '../manual-clock';
import { waitFor } from '../wait-for';
import {
  startMailServer,
  type MailServerOptions,
  type ReceivedMail,
  type TestMailServer,
} from './mail-server';
import { startTestService, type Answer, httpCall, type TestService } from './test-service';

const HOUR_MS = 3_600_000;

/** A service in automatic mode that mails to a real server, on a clock that the test moves. */
export interface MailWorld {
  readonly service: TestService;
  readonly server: TestMailServer;
  readonly clock: ReturnType<typeof manualClock>;
  readonly secret: string;
  readonly keyId: string;
  /** No other test of the file uses this address or its neighbours, nor those of 198.52. */
  readonly ip: string;
  /** Calls from the address, which is blocked, and returns the review that this opens. */
  block(ip: string): Promise<Review>;
  /** Moves the clock past the gathering pause and resolves with this test's next message to the address, or one about `ip`. */
  mailTo(email: string, ip?: string): Promise<ReceivedMail>;
  addUser(email: string, permissions: readonly Permission[]): Promise<User>;
  review(id: string): Promise<Review>;
  audit(): Promise<AuditEvent[]>;
}

export const OWNER = 'owner@example.com';

export function useMail(
  options: MailServerOptions & { readonly url?: (port: number) => string } = {},
): MailWorld {
  let service: TestService;
  let server: TestMailServer;
  let secret = '';
  let keyId = '';
  let block = 0;
  const clock = manualClock();
  const seen = new Set<ReceivedMail>();
  beforeAll(async () => {
    server = await startMailServer(options);
    const url = options.url ?? ((port) => `smtp://127.0.0.1:${port}`);
    service = await startTestService({
      clock,
      mode: 'automatic',
      env: { GATEHOUSE_SMTP_URL: url(server.port), GATEHOUSE_MAIL_FROM: 'Gate <gate@example.com>' },
    });
    const created = await service.createKey('Production');
    secret = created.secret;
    keyId = created.key.id;
  });
  afterAll(async () => {
    await service.stop();
    await server.stop();
  });
  beforeEach(() => {
    block += 1;
    // After this, messages of the test before no longer delay the next one.
    clock.advance(2 * HOUR_MS);
  });
  const isOfThisTest = (text: string): boolean => new RegExp(`\\b198\\.5[12]\\.${block}\\.`).test(text);
  const everyReview = async (): Promise<Review[]> =>
    ((await service.api('/v1/reviews?limit=1000')).json as { items: Review[] }).items;
  return {
    get service() {
      return service;
    },
    get server() {
      return server;
    },
    clock,
    get secret() {
      return secret;
    },
    get keyId() {
      return keyId;
    },
    get ip() {
      return `198.51.${block}.7`;
    },
    block: async (ip) => {
      const answer = await service.check(secret, ip);
      const review = (await everyReview()).find((each) => each.ip === ip && each.status === 'pending');
      if (review === undefined) throw new Error(`no review of ${ip}: ${answer.status} ${answer.text}`);
      return review;
    },
    mailTo: async (email, ip) => {
      const isMeant = (text: string): boolean => (ip === undefined ? isOfThisTest(text) : text.includes(ip));
      clock.advance(2_000);
      const next = await waitFor(`an e-mail to ${email}`, () =>
        server.received.find(
          (received) =>
            received.to.includes(email) && !seen.has(received) && isMeant(received.mail.text ?? ''),
        ),
      );
      seen.add(next);
      return next;
    },
    addUser: async (email, permissions) =>
      (await service.api('/v1/users', { body: { email, permissions } })).json as User,
    review: async (id) => {
      const review = (await everyReview()).find((each) => each.id === id);
      if (review === undefined) throw new Error(`no review ${id}`);
      return review;
    },
    audit: async () => ((await service.api('/v1/audit?limit=1000')).json as { items: AuditEvent[] }).items,
  };
}

function linkIn({ mail }: Pick<ReceivedMail, 'mail'>, action: string): string | undefined {
  return new RegExp(`https?://\\S+/mail/[A-Za-z0-9_-]{43}/${action}\\b`).exec(mail.text ?? '')?.[0];
}

/** The links of a message's text by their action, each of the first review that has one. */
export function linksIn(received: Pick<ReceivedMail, 'mail'>) {
  const authorize = linkIn(received, 'authorize');
  const deactivate = linkIn(received, 'deactivate');
  if (authorize === undefined || deactivate === undefined)
    throw new Error(`no links in: ${received.mail.text ?? ''}`);
  const deny = linkIn(received, 'deny');
  return { authorize, deactivate, deny, open: authorize.replace(/\/authorize$/, '') };
}

/** The link that accepts what the message proposes. */
export function acceptIn(received: Pick<ReceivedMail, 'mail'>): string {
  const accept = linkIn(received, 'accept');
  if (accept === undefined) throw new Error(`nothing is proposed in: ${received.mail.text ?? ''}`);
  return accept;
}

/** Fills in and submits the form of a page, as a browser does. */
export async function pressButton(url: string, page?: Answer): Promise<Answer> {
  const { text } = page ?? (await httpCall(url));
  const form = /<form method="post">([\s\S]*?)<\/form>/.exec(text)?.[1] ?? '';
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  if (fields.length === 0) throw new Error(`the page has no form: ${text}`);
  const body = new URLSearchParams(fields.map(([, name = '', value = '']) => [name, value])).toString();
  return httpCall(url, { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
}

/** Checks the protection that every page needs. */
export function expectSafe(page: Answer): void {
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("form-action 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  // The policy allows only the page's own style.
  const style = /<style>([\s\S]*?)<\/style>/.exec(page.text)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  expect(policy).toContain(`style-src 'sha256-${hash}'`);
  expect(page.headers['referrer-policy']).toBe('no-referrer');
  expect(page.headers['cache-control']).toBe('no-store');
  expect(page.headers['x-robots-tag']).toContain('noindex');
  expect(page.text).not.toMatch(/<script|\bstyle="|<img|https?:/);
}
