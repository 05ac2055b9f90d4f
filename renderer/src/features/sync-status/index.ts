export { EditsDialog } from './edits-dialog';
export { SyncIndicator } from './sync-indicator';
export { BannersView } from './View';
export { WaitingView } from './waiting-view';
