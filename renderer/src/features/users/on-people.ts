import { bridge } from '../../bridge/bridge';

/** Calls the listener after each change of users and tokens, whoever made it. Returns a function that stops it. */
export function onPeople(listener: () => void): () => void {
  return bridge().events.audit.added(({ items }) => {
    if (items.some(({ action }) => /^(user|token)\./.test(action))) listener();
  });
}
