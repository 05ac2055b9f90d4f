export { CreateDialog } from './create-dialog';
export { RotateDialog } from './rotate-dialog';
export { SecretDialog } from './secret-dialog';
export { KeysScreen } from './keys-screen';
