export { BannersView } from './View';
export { WaitingView } from './waiting-view';
