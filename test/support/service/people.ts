import type { Token, User } from '#shared/domain/entities';
import type { Answer, CallOptions, TestService } from './test-service';

export interface Person {
  readonly user: User;
  readonly token: Token;
  readonly secret: string;
  readonly api: (path: string, options?: CallOptions) => Promise<Answer>;
}

let made = 0;

/** Calls the control plane with this token. */
export function withToken(service: TestService, secret: string): Person['api'] {
  return (path, options = {}) =>
    service.api(path, { ...options, headers: { ...options.headers, authorization: `Bearer ${secret}` } });
}

/** Adds a user to the account, as its owner, and creates a token for them. */
export async function addPerson(
  service: TestService,
  fields: Partial<Pick<User, 'email' | 'role' | 'permissions'>> = {},
): Promise<Person> {
  made += 1;
  const created = await service.api('/v1/users', {
    body: { email: `person-${made}@example.com`, ...fields },
  });
  if (created.status !== 201) throw new Error(created.text);
  const user = created.json as User;
  const answer = await service.api(`/v1/users/${user.id}/tokens`, { body: { name: 'Laptop' } });
  if (answer.status !== 201) throw new Error(answer.text);
  const { token, secret } = answer.json as { token: Token; secret: string };
  return { user, token, secret, api: withToken(service, secret) };
}
