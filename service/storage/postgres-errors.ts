import { DatabaseError } from 'pg';

/** The PostgreSQL database cannot be used. `message` is a sentence for the person who starts the service. */
export class DatabaseStartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(`GATEHOUSE_DATABASE_URL: ${message}`, options);
    this.name = 'DatabaseStartError';
  }
}

/** Address of a database, without credentials. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * Returns the reason in words. The codes are SQLSTATE (https://www.postgresql.org/docs/15/errcodes-appendix.html) and Node's.
 */
function reasonOf(error: unknown, { database, user }: DatabaseAddress): string {
  if (error instanceof DatabaseError) {
    switch (error.code ?? '') {
      case '28P01':
      case '28000':
        return `does not accept the user "${user}" with this password`;
      case '3D000':
        return `has no database "${database}"; make it first`;
      case '42501':
        return `does not let the user "${user}" make tables in the database "${database}" (${error.message})`;
      case '53300':
        return 'has no connection left';
      case '57P03':
        return 'is starting or stopping';
      case '25006':
        return 'can only be read at the moment (a standby?)';
      case '55P03':
      case '57014':
        return 'is locked by another process that does not come to an end';
    }
    return `answered with an error: ${error.message}`;
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'cannot be found: its name is not known';
    case 'ECONNREFUSED':
    case 'ENOENT':
      return 'does not answer: nothing listens there';
  }
  const message = error instanceof Error && error.message !== '' ? error.message : code;
  return `cannot be used: ${message}`;
}

/** Returns an error with one sentence that names the setting and never the password. */
export function explainStart(error: unknown, address: DatabaseAddress): DatabaseStartError {
  return new DatabaseStartError(
    `PostgreSQL at ${address.host}:${address.port} ${reasonOf(error, address)}.`,
    {
      cause: error,
    },
  );
}
