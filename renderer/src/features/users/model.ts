import { MAX_NAME_LENGTH } from '#shared/api/route-contract';
import {
  emailSchema,
  type Permission,
  permissionSchema,
  type Role,
  type User,
} from '#shared/domain/entities';
import { DAY_MS } from '#shared/durations';
import { t } from '#shared/i18n/t';
import { permissionName } from '../../domain/failures';
import { hiddenTextMessage } from '../../domain/hidden-text';

export interface Rights {
  readonly role: Role;
  readonly permissions: readonly Permission[];
}

/** Sorts oneself first, then owners, then by e-mail address. */
export function sortUsers(users: readonly User[], ownId: string): readonly User[] {
  const rank = ({ id, role }: User): number => (id === ownId ? 0 : role === 'owner' ? 1 : 2);
  return [...users].sort((a, b) => rank(a) - rank(b) || (a.email < b.email ? -1 : 1));
}

/** Says what a user may change. */
export function rightsWords({ role, permissions }: User): string {
  if (role === 'owner') return t('users.mayAll');
  const known = permissionSchema.options.filter((one) => permissions.includes(one));
  return known.length === 0 ? t('users.mayNothing') : known.map(permissionName).join(', ');
}

/** The rights as a form shows them; a role that this console does not know is the lesser one. */
export function rightsOf({ role, permissions }: User): Rights {
  return {
    role: role === 'owner' ? 'owner' : 'user',
    permissions: permissionSchema.options.filter((one) => permissions.includes(one)),
  };
}

export function areSame(a: Rights, b: Rights): boolean {
  // An owner has all permissions, whatever is named.
  return a.role === b.role && (a.role === 'owner' || String(a.permissions) === String(b.permissions));
}

/** Returns the permissions with one added or taken away, in the order of the contract. */
export function withPermission(all: readonly Permission[], one: Permission, has: boolean): Permission[] {
  return permissionSchema.options.filter((each) => (each === one ? has : all.includes(each)));
}

/** Returns the reason why the text is no e-mail address, or null. */
export function emailProblem(email: string): string | null {
  return emailSchema.safeParse(email.trim()).success ? null : t('users.emailMissing');
}

/** Returns the reason why the text is not acceptable as the name of an access token, or null. */
export function tokenNameProblem(name: string): string | null {
  const trimmed = name.trim();
  if (trimmed === '') return t('users.tokenNameMissing');
  if (trimmed.length > MAX_NAME_LENGTH) return t('users.nameTooLong', { number: MAX_NAME_LENGTH });
  return hiddenTextMessage('name', trimmed);
}

/** Days after which a new access token expires. */
export const TOKEN_EXPIRIES = ['30', '90', '365', 'never'] as const;
export type TokenExpiry = (typeof TOKEN_EXPIRIES)[number];

export function isTokenExpiry(value: string): value is TokenExpiry {
  return TOKEN_EXPIRIES.some((each) => each === value);
}

export function expiresAtOf(expiry: TokenExpiry, nowMs: number): string | null {
  return expiry === 'never' ? null : new Date(nowMs + Number(expiry) * DAY_MS).toISOString();
}
