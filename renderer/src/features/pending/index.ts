export { ApprovalView } from './approval/approval-view';
export { PendingScreen } from './pending-screen';
export { undoableAnswer } from './undoable-answer';
