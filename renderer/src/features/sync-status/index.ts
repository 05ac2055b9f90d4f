export { OperationsDialog } from './operations-dialog';
export { ImpactQuestion } from './impact-question';
export { SyncIndicator } from './sync-indicator';
export { Banners } from './banners';
export { WaitingView } from './waiting-view';
