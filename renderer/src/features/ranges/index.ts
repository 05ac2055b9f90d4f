export { AddRangeDialog } from './add-range-dialog';
export { RangesView } from './View';
