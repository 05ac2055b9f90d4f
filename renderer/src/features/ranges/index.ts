export { AddRangeDialog } from './add-range-dialog';
export { EditRangeDialog } from './edit-range-dialog';
export { RangesView } from './View';
