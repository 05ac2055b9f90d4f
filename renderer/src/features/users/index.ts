export { AddUserDialog } from './add-user-dialog';
export { UsersScreen } from './users-screen';
