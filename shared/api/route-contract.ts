import { z } from 'zod';
import { DAY_SECONDS } from '../durations';
import { idSchema, permissionSchema } from '../domain/entities';
import { hiddenTextProblem } from '../domain/plain-text';

/** The right that a caller needs: a valid token (`read`), a permission, or the account (`owner`). Owners have all. */
export const accessSchema = z.enum(['read', ...permissionSchema.options, 'owner']);
export type Access = z.infer<typeof accessSchema>;

export interface RouteContract {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** True if `If-Match: "<version>"` is honoured. */
  readonly ifMatch?: true;
  readonly status: 200 | 201 | 202 | 204;
  readonly response: z.ZodType;
  /** Media types of an answer that is streamed as text instead of JSON; the first is the default. */
  readonly streams?: readonly string[];
  /** The size of the largest body; the service's usual limit by default. */
  readonly bodyLimitBytes?: number;
}

export const MAX_LABEL_LENGTH = 200;
export const MAX_NAME_LENGTH = 100;

/** A name of one line without invisible characters, so that no name passes for another. */
function seenText(maxLength: number) {
  return z
    .string()
    .trim()
    .max(maxLength)
    .superRefine((text, context) => {
      const params = hiddenTextProblem(text);
      if (params !== undefined) context.addIssue({ code: 'custom', params });
    });
}

/** The label of a range; it may be empty. */
export const labelSchema = seenText(MAX_LABEL_LENGTH);
/** The name of a key, a token or an account. */
export const nameSchema = seenText(MAX_NAME_LENGTH).min(1);
export const cidrTextSchema = z.string().max(200);
export const durationSecondsSchema = z
  .int()
  .min(1)
  .max(10 * 365 * DAY_SECONDS);

export const idParams = z.strictObject({ id: idSchema });

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(200).optional(),
};

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
