export { ApprovalView } from './approval-view';
export { PendingView } from './View';
