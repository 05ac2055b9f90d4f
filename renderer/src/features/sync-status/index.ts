export { EditsDialog } from './edits-dialog';
export { SyncIndicator } from './sync-indicator';
export { Banners } from './banners';
export { WaitingView } from './waiting-view';
