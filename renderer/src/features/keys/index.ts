export { SecretDialog } from './secret-dialog';
export { KeysScreen } from './keys-screen';
