export { SecretDialog } from './secret-dialog';
export { KeysView } from './View';
