import { t } from '#shared/i18n/t';

/** Problems by field; null if there is none. */
export interface ConnectProblems {
  readonly url: string | null;
  readonly token: string | null;
}

/** Checks the fields before anything is sent. */
export function checkConnect(url: string, token: string): ConnectProblems {
  return { url: urlProblem(url.trim()), token: token.trim() === '' ? t('connection.problem_token') : null };
}

function urlProblem(url: string): string | null {
  if (url === '') return t('connection.problem_noAddress');
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return t('connection.problem_incomplete');
  }
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    return t('connection.problem_scheme');
  }
  return parsed.username === '' && parsed.password === '' ? null : t('connection.problem_user');
}

export function hasProblem(problems: ConnectProblems): boolean {
  return problems.url !== null || problems.token !== null;
}
